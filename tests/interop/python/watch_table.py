#!/usr/bin/python3
"""Follows Routing.WatchTable and decides by docs/reference/watch-table.md, written from that page alone.

    watch_table.py check VECTORS DESCRIPTORS            applies every update of the vectors and compares every decision
    watch_table.py follow ADDRESS DESCRIPTORS [REGION…] follows a service and compares decisions with Resolve after each update, until its input ends

Ends with `N decisions, M faults`; exit 0 where there is no fault.
"""
import bisect
import hashlib
import ipaddress
import json
import random
import struct
import sys
import threading

import grpc
from google.protobuf import json_format

from harness import Schema
from stable_choice import Racer, fnv1a, granule, mix

MOST_RANKED = 64
KEEP_SEED = 0xAF63BC4C8601B62C
UP, DRAINED = 0, 2
TURN_AWAY = 1
LAST_GOOD_EDGES, FALLBACK_HOST = 0, 1
(ASSIGNED, DEFAULT_ROUTE, OVER_CAPACITY, SHED, BACKUP, LAST_GOOD, FALLBACK, NO_EDGE, FAILOVER, LOAD_SHED) = (1, 2, 3, 4, 5, 6, 7, 8, 16, 17)


class Held:
    """What a client holds. An update makes a new one."""

    def __init__(self):
        self.version = None
        self.granules = {4: 24, 6: 48}
        self.profiles = 0
        self.regions, self.edges, self.services, self.locations, self.failovers = [], [], [], [], []
        self.entries, self.failover_entries, self.endpoints = {}, {}, {}
        self.ranges = {}
        self.overlay = None
        self.rows_hash = self.prefix_hash = b""

    def after(self, begin, parts, overlay, end):
        """The same after an update; raises where it is not what the service says it should be."""
        if not begin.full and self.version != (begin.from_epoch, begin.from_version):
            raise ValueError(f"the update starts from {begin.from_epoch}.{begin.from_version}, we hold {self.version}")
        held = Held()
        if not begin.full:
            held.__dict__.update({k: (v.copy() if isinstance(v, (dict, list)) else v) for k, v in self.__dict__.items()})
        else:
            held.ranges, held.locations, held.prefix_hash = self.ranges, self.locations, self.prefix_hash
        held.version = (begin.table_epoch, begin.table_version)
        held.granules, held.profiles = {4: begin.granule_v4, 6: begin.granule_v6}, begin.profiles
        rows = [p.rows for p in parts if p.WhichOneof("part") == "rows"]
        for name, is_new in (("regions", begin.new_regions), ("edges", begin.new_edges), ("services", begin.new_services),
                             ("failovers", begin.new_failovers), ("locations", begin.new_prefixes)):
            if is_new:
                setattr(held, name, [item for r in rows for item in getattr(r, name)])
        if begin.new_failovers:
            held.failover_entries = {}
        for r in rows:
            for e in r.entries:
                held.entries[(e.profile, e.region)] = self.row(e)
            for e in r.failover_entries:
                key = (e.failover, e.profile, e.region)
                if e.removed:
                    held.failover_entries.pop(key, None)
                else:
                    held.failover_entries[key] = self.row(e)
            for e in r.endpoints:
                held.endpoints[(e.service, e.edge)] = [(p.type, p.value) for p in e.endpoints]
        if begin.new_prefixes:
            held.ranges = {4: ([], [], []), 6: ([], [], [])}
            for p in (p.prefixes for p in parts if p.WhichOneof("part") == "prefixes"):
                starts, locations, matched = held.ranges[6 if p.ipv6 else 4]
                low = p.start_low or [0] * len(p.start_high)
                starts.extend((h << 64 | l for h, l in zip(p.start_high, low)) if p.ipv6 else p.start_v4)
                locations.extend(p.location)
                matched.extend(p.matched)
            held.prefix_hash = held.hash_prefixes()
        held.rows_hash = held.hash_rows()
        if held.rows_hash != end.rows_hash or held.prefix_hash != end.prefix_hash:
            raise ValueError("what we hold is not what the service says we should")
        held.overlay = overlay
        held.index()
        return held

    @staticmethod
    def row(message):
        weights = list(message.weights) + [0] * (len(message.edges) - len(message.weights))
        return message.overflow, list(zip(message.edges, weights))

    def index(self):
        self.seeds = [fnv1a(e.id.encode()) for e in self.edges]
        self.edge_of = {e.id: i for i, e in enumerate(self.edges)}
        self.region_of = {r.id: i for i, r in enumerate(self.regions)}
        self.by_failed = {frozenset(f.failed): i for i, f in enumerate(self.failovers)}

    def hash_rows(self):
        out = []

        def number(*values):
            out.extend(struct.pack("<i", value) for value in values)

        def text(*values):
            for value in values:
                data = value.encode()
                out.extend((struct.pack("<i", len(data)), data))

        def row(overflow, edges):
            number(overflow, len(edges))
            for edge, weight in edges:
                number(edge, weight)

        number(self.granules[4], self.granules[6], len(self.regions))
        for r in self.regions:
            text(r.id, r.name, r.jurisdiction)
            number(int(r.bound))
        number(len(self.edges))
        for e in self.edges:
            text(e.id, e.operator, e.city, e.jurisdiction, e.fault_domain)
            number(e.state)
        number(len(self.services))
        for s in self.services:
            text(s.id)
            number(len(s.hostnames))
            text(*s.hostnames)
            number(s.profile, s.ttl, s.over_capacity, s.all_down)
            text(s.fallback_host)
        number(self.profiles)
        slots = list(range(len(self.regions))) + [-1]
        for profile in range(self.profiles):
            for region in slots:
                row(*self.entries.get((profile, region), (0, [])))
        number(len(self.failovers))
        place = {region: i for i, region in enumerate(slots)}
        rows = {}
        for (failover, profile, region), held in self.failover_entries.items():
            rows.setdefault(failover, []).append((profile * len(slots) + place[region], held))
        for i, failover in enumerate(self.failovers):
            text(failover.name)
            number(len(failover.failed), *failover.failed, len(rows.get(i, [])))
            for entry, held in sorted(rows.get(i, [])):
                number(entry)
                row(*held)
        for (service, edge), endpoints in sorted(self.endpoints.items()):
            if endpoints:
                number(service, edge, len(endpoints))
                for kind, value in endpoints:
                    number(kind)
                    text(value)
        return hashlib.sha256(b"".join(out)).digest()

    def hash_prefixes(self):
        out = hashlib.sha256()
        for family, width in ((4, 32), (6, 128)):
            starts, locations, matched = self.ranges[family]
            out.update(b"".join((start << (128 - width)).to_bytes(16, "big") + struct.pack("<iB", location, length)
                                for start, location, length in zip(starts, locations, matched)))
            out.update(struct.pack("<i", len(starts)))
        out.update(struct.pack("<i", len(self.locations)))
        for location in self.locations:
            network = location.network.encode()
            out.update(struct.pack("<ii", location.region, len(network)) + network)
        return out.digest()

    def locate(self, address):
        """Region (−1 for none), network and scope of an address."""
        family, width = (4, 32) if address.version == 4 else (6, 128)
        starts, locations, matched = self.ranges[family]
        at = bisect.bisect_right(starts, int(address)) - 1
        first, beyond = starts[at], starts[at + 1] if at + 1 < len(starts) else 1 << width
        uniform = 0
        while True:
            size = 1 << (width - uniform)
            block = int(address) // size * size
            if block >= first and block + size <= beyond:
                break
            uniform += 1
        scope = max(uniform, self.granules[family])
        if locations[at] == 0:
            return -1, "", scope
        location = self.locations[locations[at] - 1]
        return location.region, location.network, scope

    def service(self, name):
        if not name:
            return 0
        for i, s in enumerate(self.services):
            if s.id == name:
                return i
        host = name[:-1] if name.endswith(".") else name
        return next((i for i, s in enumerate(self.services) if host.lower() in (h.lower() for h in s.hostnames)), -1)

    def decide(self, question):
        """The answer as a dictionary; None where the service must be asked."""
        s = self.service(question.get("service", ""))
        if s < 0:
            return None
        service = self.services[s]
        if "region" in question:
            region, network, scope = self.region_of.get(question["region"], -2), "", 0
            key = question["region"].encode()
            if region == -2:
                return None
        else:
            if not self.ranges:
                return None
            address = ipaddress.ip_address(question["address"])
            address = getattr(address, "ipv4_mapped", None) or address
            region, network, scope = self.locate(address)
            key = granule(str(address), self.granules[address.version])
        if region >= 0 and self.regions[region].elsewhere:
            return None
        key = mix(fnv1a(question["session"].encode() if question.get("session") else key))
        excluded = {self.edge_of[e] for e in question.get("exclude", [])}
        reason, edges = self.choose(service, region, key, excluded)
        edges = edges[:question.get("count", 3)]
        return {"reason": reason, "edges": [[self.edges[e].id, w] for e, w in edges], "region": self.regions[region].id if region >= 0 else "",
                "network": network, "scope": scope, "ttl": service.ttl, "fallback_host": service.fallback_host if reason == FALLBACK else "",
                "endpoints": [value for e, _ in edges for _, value in self.endpoints.get((s, e), [])]}

    def choose(self, service, region, key, excluded):
        overlay = self.overlay
        main = self.entries.get((service.profile, region), (0, []))
        overflow, entry = main
        gone = frozenset(e for e in overlay.down if self.edges[e].state == UP)
        failover = self.by_failed.get(gone) if gone else None
        row = self.failover_entries.get((failover, service.profile, region)) if failover is not None else None
        behind = []
        if row is not None:
            overflow, entry = row
            behind = [(e, 0) for e, _ in main[1] if e not in {held for held, _ in entry}]
        listed = entry + behind
        unserved = overflow > 0 and all(
            Racer(key, b"\x00", overflow) < self.racer(key, e, w) for e, w in entry if w > 0)
        if unserved and service.over_capacity == TURN_AWAY and main[1]:
            return SHED, []
        if not listed:
            return NO_EDGE, []
        barred = set(overlay.down) | excluded | {i for i, e in enumerate(self.edges) if e.state != UP}
        order = [x for x in (listed if unserved else self.raced(key, entry, behind)) if x[0] not in barred][:MOST_RANKED]
        given_away = False
        kept = dict(zip(overlay.kept_edges, overlay.kept_percent))
        for i, (e, _) in enumerate(order):
            if self.keeps(key, e, kept.get(e, 100)) and (i == 0 or e not in overlay.full):
                order.insert(0, order.pop(i))
                given_away = i > 0
                break
        if order:
            if unserved:
                return OVER_CAPACITY, order
            if given_away:
                return LOAD_SHED, order
            if order[0][1] == 0:
                return BACKUP, order
            return (FAILOVER if row is not None else DEFAULT_ROUTE if region < 0 else ASSIGNED), order
        if service.all_down == FALLBACK_HOST:
            return (NO_EDGE if region >= 0 and self.regions[region].bound else FALLBACK), []
        if service.all_down != LAST_GOOD_EDGES:
            return NO_EDGE, []
        never = set(overlay.drained) | excluded | {i for i, e in enumerate(self.edges) if e.state == DRAINED}
        order = [x for x in self.raced(key, entry, behind) if x[0] not in never][:MOST_RANKED]
        return (LAST_GOOD, order) if order else (NO_EDGE, [])

    def racer(self, key, edge, weight):
        return Racer(key, self.edges[edge].id.encode(), weight)

    def raced(self, key, entry, behind):
        """The weighted edges by their race for the key, then the backups as listed."""
        weighted = sorted(((self.racer(key, e, w), (e, w)) for e, w in entry if w > 0), key=lambda pair: pair[0])
        return [x for _, x in weighted] + [x for x in entry if x[1] == 0] + behind

    def keeps(self, key, edge, percent):
        return percent >= 100 or mix(key ^ self.seeds[edge] ^ KEEP_SEED) * 100 >> 64 < percent


class Reader:
    """Puts the messages of a stream together."""

    def __init__(self):
        self.held, self.begin, self.parts, self.overlay = Held(), None, [], None

    def take(self, message):
        """True where an update has come to its end."""
        part = message.WhichOneof("part")
        if part == "begin":
            self.begin, self.parts = message.begin, []
        elif part in ("rows", "prefixes"):
            self.parts.append(message)
        elif part == "overlay":
            self.overlay = message.overlay
        elif part == "end":
            self.held = self.held.after(self.begin, self.parts, self.overlay, message.end)
            return True
        return False


def check(path, descriptors):
    update = Schema(descriptors).message("dispatch.v1.TableUpdate")
    with open(path, encoding="utf-8") as file:
        streams = json.load(file)["streams"]
    decisions = faults = 0
    for stream in streams:
        reader = Reader()
        for step in stream["updates"]:
            ended = [reader.take(json_format.ParseDict(message, update())) for message in step["messages"]]
            assert ended[-1] and not any(ended[:-1])
            for question, answer in step["decisions"]:
                made = reader.held.decide(question)
                decisions += 1
                if made != answer:
                    faults += 1
                    print(f"{stream['name']}: {question} is {made}, not {answer}")
    print(f"{decisions} decisions, {faults} faults")
    return 1 if faults or not decisions else 0


def questions(held, regions, dice, number):
    """Clients all over what is held, and beyond."""
    for i in range(number):
        question = {"service": dice.choice(held.services).id, "count": dice.randint(1, 16)}
        if dice.random() < 0.2 or not held.ranges:
            question["region"] = dice.choice([r.id for r in held.regions if not r.elsewhere])
        else:
            family = dice.choice((4, 6))
            starts = held.ranges[family][0]
            at = dice.randrange(len(starts))
            value = min(starts[at] + dice.randrange(1 << (16 if family == 4 else 90)), (1 << (32 if family == 4 else 128)) - 1)
            question["address"] = str(ipaddress.IPv4Address(value) if family == 4 else ipaddress.IPv6Address(value))
        if dice.random() < 0.5:
            question["session"] = f"user-{i}"
        if dice.random() < 0.3:
            question["exclude"] = dice.sample([e.id for e in held.edges], k=min(2, len(held.edges)))
        yield question


def follow(address, descriptors, regions):
    schema, dice = Schema(descriptors), random.Random(20261122)
    resolve = schema.message("dispatch.v1.ResolveRequest")
    totals = [0, 0]
    with grpc.insecure_channel(address) as channel:
        routing = schema.stub(channel, "dispatch.v1.Routing")
        call = routing.WatchTable(schema.message("dispatch.v1.WatchTableRequest")(region_ids=regions, prefixes=True))
        threading.Thread(target=lambda: (sys.stdin.read(), call.cancel()), daemon=True).start()
        reader = Reader()
        try:
            for message in call:
                if not reader.take(message):
                    continue
                held, elsewhere, behind = reader.held, 0, 0
                for question in questions(held, regions, dice, 300):
                    made = held.decide(question)
                    if made is None:
                        elsewhere += 1
                        continue
                    reply = routing.Resolve(resolve(
                        client_ip=question.get("address"), region_id=question.get("region"), service=question["service"],
                        session_key=question.get("session", ""), count=question["count"], exclude=question.get("exclude", [])), timeout=10)
                    if (reply.table_epoch, reply.table_version) != held.version or reply.overlay_version != held.overlay.version:
                        behind += 1
                        continue
                    told = {"reason": reply.reason_code, "edges": [[e.id, e.weight] for e in reply.edges], "region": reply.region_id, "network": reply.network,
                            "scope": reply.scope_prefix_len, "ttl": reply.ttl, "fallback_host": reply.fallback_host,
                            "endpoints": [p.value for e in reply.edges for p in e.endpoints]}
                    totals[0] += 1
                    if told != made:
                        totals[1] += 1
                        print(f"{question} is {made}, the service says {told}", flush=True)
                kind = "full" if reader.begin.full else "delta"
                rows = sum(len(p.rows.entries) for p in reader.parts)
                print(f"{kind} {held.version[0]}.{held.version[1]}, overlay {held.overlay.version}, {rows} entries: "
                      f"{totals[0]} compared so far, {elsewhere} elsewhere, {behind} behind", flush=True)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.CANCELLED:
                raise
    print(f"{totals[0]} decisions, {totals[1]} faults")
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("check", "follow"):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(check(sys.argv[2], sys.argv[3]) if sys.argv[1] == "check" else follow(sys.argv[2], sys.argv[3], sys.argv[4:]))
