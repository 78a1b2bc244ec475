"""Answers "which edge for this client's subnet?" as an authoritative DNS server would have to: gslb.py HOST:PORT [--deadline S] [--keep S]

Questions come on standard input, "SERVICE SUBNET" a line; answers go to standard output. README.md says how to run it.
"""

import argparse
import dataclasses
import ipaddress
import sys
import time

import grpc

from dispatch.v1 import common_pb2 as common
from dispatch.v1 import routing_pb2 as routing

# A pause after a failure that names none, and the longest that is believed.
PAUSE, LONGEST_PAUSE = 1.0, 60.0
# How long an answer may be given after its time while there is none better, and with which time to live.
LONGEST_STALE, STALE_TTL = 3600.0, 5
MOST_KEPT = 10_000


@dataclasses.dataclass
class Answer:
    """What to answer with: an edge's records or the fallback host, for whom and for how long."""

    name: str
    records: str
    scope: int
    fresh_until: float
    stale_until: float

    def line(self, now):
        ttl = max(1, round(self.fresh_until - now)) if now < self.fresh_until else STALE_TTL
        return f"{self.name} {self.records}; ttl {ttl}, scope /{self.scope}"


class Desk:
    """Asks the service, keeps what it said for its time and scope, and falls back to it when there is no newer word."""

    def __init__(self, resolve, deadline, longest_keep):
        self._resolve, self._deadline, self._longest_keep = resolve, deadline, longest_keep
        self._kept = {}
        self._quiet_until = 0.0

    def answer(self, service, subnet):
        asked, now = ipaddress.ip_network(subnet), time.monotonic()
        kept = self._find(service, asked)
        if kept and now < kept.fresh_until:
            return f"{kept.line(now)} (kept)"
        if now < self._quiet_until:
            return self._last_good(kept, now, "waiting before the next call")
        try:
            reply = self._resolve(routing.ResolveRequest(service=service, client_subnet=str(asked), count=1), timeout=self._deadline)
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND):
                # Ours to mend: an older answer would hide it.
                return f"refused: {error.details()}"
            self._quiet_until = now + pause_after(error)
            return self._last_good(kept, now, error.code().name)
        return f"{self._keep(service, asked, reply, now).line(now)} (asked)"

    def _find(self, service, asked):
        """The kept answer whose scope holds the subnet; the narrowest of several."""
        for length in range(asked.prefixlen, -1, -1):
            found = self._kept.get((service, asked.supernet(new_prefix=length)))
            if found:
                return found
        return None

    def _keep(self, service, asked, reply, now):
        if reply.edges:
            name = reply.edges[0].id
            records = ", ".join(f"{common.EndpointType.Name(e.type)} {e.value}" for e in reply.edges[0].endpoints)
        else:
            name, records = "no edge:", f"CNAME {reply.fallback_host}" if reply.fallback_host else "no records"
        ttl = min(reply.ttl, self._longest_keep)
        answer = Answer(name, records, reply.scope_prefix_len, now + ttl, now + LONGEST_STALE)
        # A scope narrower than the question was answered for the question's subnet only.
        key = service, asked.supernet(new_prefix=min(reply.scope_prefix_len, asked.prefixlen))
        self._kept.pop(key, None)
        if len(self._kept) >= MOST_KEPT:
            # The oldest goes: a dict keeps the order of insertion.
            del self._kept[next(iter(self._kept))]
        self._kept[key] = answer
        return answer

    @staticmethod
    def _last_good(kept, now, why):
        return f"{kept.line(now)} (last good: {why})" if kept and now < kept.stale_until else f"no answer ({why})"


def pause_after(error):
    """Seconds until the next call: what the service asks for where it is full, else a short pause, so that not every question waits for a deadline."""
    told = dict(error.trailing_metadata() or ()).get("grpc-retry-pushback-ms", "")
    return min(int(told) / 1000, LONGEST_PAUSE) if told.isdecimal() else PAUSE


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="the Grpc endpoint, for instance 127.0.0.1:5051")
    parser.add_argument("--deadline", type=float, default=0.25, help="seconds that a call may take")
    parser.add_argument("--keep", type=float, default=300, help="longest that an answer is kept, seconds")
    options = parser.parse_args()
    # A service that comes back is found within a second, not after grpc's two minutes.
    with grpc.insecure_channel(options.address, options=[("grpc.max_reconnect_backoff_ms", 1000)]) as channel:
        resolve = channel.unary_unary(
            "/dispatch.v1.Routing/Resolve", request_serializer=routing.ResolveRequest.SerializeToString, response_deserializer=routing.ResolveReply.FromString)
        desk = Desk(resolve, options.deadline, options.keep)
        for line in sys.stdin:
            service, subnet = line.split()
            print(f"{service} {subnet} -> {desk.answer(service, subnet)}", flush=True)


if __name__ == "__main__":
    main()
