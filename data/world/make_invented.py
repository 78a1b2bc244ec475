#!/usr/bin/env python3
"""Writes everything in this folder that is invented, and nothing else; running it again changes no byte.

Invented are the nodes and links below (appended to relays.csv, origins.csv and the links_*.csv, whose older rows stay as they
are) and the whole of classes.csv, services.csv, endpoints.csv, health.csv, allowed.csv, streams.csv, contracts.csv,
link_capacity.csv and loss_region_edge.csv.gz. README.md says why.
"""
import csv
import gzip
import json
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
# Records of the tables as they were built from their sources: the first so many are facts, whatever follows is invented.
SOURCED = {"relays.csv": 36, "origins.csv": 6, "links_edge_relay.csv": 1626, "links_relay_relay.csv": 630, "links_relay_origin.csv": 216}

RELAYS = [
    "rl-shanghai,Shanghai,CN,AS,CHN,31.23,121.47,100,0.09,CN:Shanghai,CN",
    "rl-guangzhou,Guangzhou,CN,AS,CHN,23.13,113.26,100,0.09,CN:Guangzhou,CN",
    "rl-saintpetersburg,Saint Petersburg,RU,EU,RUS,59.94,30.31,100,0.02,RU:Saint Petersburg,RU",
    "rl-novosibirsk,Novosibirsk,RU,AS,RUS,55.03,82.92,100,0.02,RU:Novosibirsk,RU",
]
ORIGINS = [
    "og-7,Shanghai,CN,AS,CHN,31.23,121.47,580,CN:Shanghai,CN",
    "og-8,Moscow,RU,EU,RUS,55.75,37.62,290,RU:Moscow,RU",
    "og-9,Saint Petersburg,RU,EU,RUS,59.94,30.31,290,RU:Saint Petersburg,RU",
]
BOUND = ("CN", "RU")
SAME_PLACE_MS = 0.8  # what the older rows give for an origin beside a relay
# Gbit/s that the full optimum sends to the edges of one operator, continent and price at 12 h UTC, without contracts, rounded.
TYPICAL_GBPS = {
    ("cdn-bunny", "EU", 0.01): 349, ("own", "AF", 2.1): 220, ("own", "AF", 3.1): 250, ("own", "AF", 4.1): 18, ("own", "AS", 0.71): 910,
    ("own", "AS", 1.025): 2860, ("own", "AS", 1.03): 720, ("own", "AS", 1.3): 60, ("own", "AS", 2.5): 1020, ("own", "EU", 0.405): 2800,
    ("own", "EU", 0.7): 360, ("own", "ME", 2.1): 510, ("own", "NA", 0.395): 2220, ("own", "NA", 1.3): 320, ("own", "OC", 3.935): 142,
    ("own", "SA", 1.28): 750, ("own", "SA", 1.6): 300,
}
PREFIX = {"cdn-alibaba": "al", "cdn-bunny": "bn", "cdn-cloudfront": "cf", "own": "own-transit"}
UMBRELLA_GBPS = 1600  # all of cdn-bunny together; its edges can carry 3,330
METROS = [  # sites of one operator within 100 km that share what leads there, and the ceiling of all of them together
    ("al-metro-canton", "al-as-1", "cdn-alibaba", "CAN;SZX", 80),
    ("cf-metro-newyork", "cf-na", "cdn-cloudfront", "EWR;JFK", 130),
    ("own-metro-dubai", "own-transit-me", "own", "DXB;FJR", 200),
]
FLOORS_GBPS = {"cf-eu": 60}  # keeps a second operator's caches warm
PEERING = [
    ("country:IN", "own-bom"), ("country:IN", "own-sin"), ("country:ID", "own-sin"), ("country:BD", "own-maa"), ("country:US", "own-iad"),
    ("country:US", "own-sjc"), ("country:MX", "own-mia"), ("country:BR", "own-gru"), ("country:DE", "own-fra"), ("country:TR", "own-fra"),
    ("country:EG", "own-mrs"), ("country:JP", "own-nrt"), ("zone:SEA", "own-hkg"),
]
SERVICES = ("live", "vod", "api", "bulk")


def rows(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def append(name, lines):
    """Sets what follows the sourced records of a file."""
    kept = (HERE / name).read_text(encoding="utf-8").splitlines(keepends=True)[:SOURCED[name] + 1]
    (HERE / name).write_text("".join(kept) + "".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def write(name, lines):
    (HERE / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def distance_km(a, b):
    lat_a, lat_b = math.radians(float(a["lat"])), math.radians(float(b["lat"]))
    half_lon = math.radians(float(b["lon"]) - float(a["lon"])) / 2
    s = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * 6371 * math.asin(math.sqrt(s))


def rtt_ms(a, b, model):
    """The backbone formula of fit.json, as the older 'model' rows follow it."""
    d = distance_km(a, b)
    if d < 0.001:
        return SAME_PLACE_MS
    k = model["K"]["-".join(sorted((a["zone"], b["zone"])))]
    return round(model["b0"] + model["c0"] * (1 - math.exp(-d / model["d0"])) + k * d / 100, 1)


def links(pairs, model):
    return [f"{a[0]},{b[0]},{rtt_ms(a[1], b[1], model)},model" for a, b in pairs]


def nodes_and_links():
    append("relays.csv", RELAYS)
    append("origins.csv", ORIGINS)
    model = json.loads((HERE / "fit.json").read_text(encoding="utf-8"))["model_backbone"]
    edges = [(e["edge_id"], e) for e in rows("edges.csv")]
    relays = [(r["relay_id"], r) for r in rows("relays.csv")]
    origins = [(o["origin_id"], o) for o in rows("origins.csv")]
    invented = {line.split(",")[0] for line in RELAYS + ORIGINS}

    inside = [(e, r) for e in edges if e[1]["jurisdiction"] in BOUND for r in relays if r[1]["jurisdiction"] == e[1]["jurisdiction"]]
    append("links_edge_relay.csv", [])
    held = {(row["edge_id"], row["relay_id"]) for row in rows("links_edge_relay.csv")}
    append("links_edge_relay.csv", links([(e, r) for e, r in inside if (e[0], r[0]) not in held], model))
    pairs = [(a, b) for i, a in enumerate(relays) for b in relays[i + 1:] if {a[0], b[0]} & invented]
    append("links_relay_relay.csv", links(pairs, model))
    append("links_relay_origin.csv", links([(r, o) for r in relays for o in origins if {r[0], o[0]} & invented], model))


def services():
    write("classes.csv", [
        "class_id,priority,share,latency_weight_micro_usd_per_mbps_hour_ms,max_rtt_ms,"
        "loss_weight_micro_usd_per_mbps_hour_percent,max_loss_percent,sticky_share",
        "api,1,0.05,40,250,600,3,0.1", "live,2,0.13,20,250,400,2,0.4", "vod,3,0.67,8,400,80,5,0.25", "bulk,4,0.15,1,,5,,",
    ])
    write("services.csv", [
        "service_id,class,hostnames,operators,edges,ttl_s,class_share,over_capacity,all_down,fallback_host",
        "live,live,live.example.net;play.example.net,,,20,1,spill,last_good,",
        "vod,vod,vod.example.net;video.example.net,,,60,1,spill,last_good,",
        "api,api,api.example.net;www.example.net,own,,30,1,spill,fallback,origin.example.net",
        "bulk,bulk,download.example.net,,,300,1,shed,nodata,",
    ])
    write("health.csv", ["kind,id,state,factor", "operator,own,up,1", "edge,own-fra,up,1"])
    hops = ("edge", "relay", "origin")
    write("allowed.csv", ["jurisdiction,hop,allowed"] + [f"{j},{hop},{j}" for j in BOUND for hop in hops])
    write("streams.csv", [
        "stream,origin_id,bitrate_mbps,variants_mbps,expires_utc",
        "harbour-news,og-1,9.6,6;2.4;1.2,", "stadium-one,og-1,18.4,12;4.5;1.9,2099-12-31T23:59:59Z", "alpine-weather,og-2,6.2,,",
        "city-parliament,og-2,8,5;2;1,", "night-market,og-3,12.5,8;3;1.5,", "reef-camera,og-3,4.8,,", "tower-quiz,og-4,11,7;2.8;1.2,",
        "samba-school,og-5,14.2,9;3.6;1.6,", "lantern-opera,og-6,10.4,6.4;2.8;1.2,", "river-cup,og-7,16,10;4;2,2099-06-30T18:00:00Z",
        "birch-theatre,og-8,9,,", "white-nights,og-9,12,8;4,",
    ])


def endpoints():
    lines = ["node_id,service,type,value"]
    own = 0
    for edge in rows("edges.csv"):
        for at, service in enumerate(SERVICES, 1):
            node = f"{edge['edge_id']},{service}"
            if edge["kind"] == "own":
                lines += [f"{node},A,198.18.{own}.{at}", f"{node},AAAA,2001:db8:1:{own:x}::{at:x}"]
            else:
                lines.append(f"{node},CNAME,{edge['edge_id']}.{service}.{edge['operator']}.example.net")
        own += edge["kind"] == "own"
    for at, relay in enumerate(rows("relays.csv")):
        lines += [f"{relay['relay_id']},live,A,198.19.{at}.1", f"{relay['relay_id']},live,AAAA,2001:db8:2:{at:x}::1"]
    for at, origin in enumerate(rows("origins.csv")):
        lines += [f"{origin['origin_id']},live,A,198.19.{128 + at}.1", f"{origin['origin_id']},live,AAAA,2001:db8:3:{at:x}::1"]
    write("endpoints.csv", lines)


def whole_km(a, b):
    return round(distance_km(a, b))


def fives(gbps):
    """To the nearest 5 Gbit/s, at least 5."""
    return max(5, 5 * round(gbps / 5))


def contracts():
    groups = {}
    for edge in rows("edges.csv"):
        price = float(edge["usd_per_gb"] if edge["price_model"] == "per_gb" else edge["usd_per_mbps_month"])
        groups.setdefault((edge["operator"], edge["continent"]), {}).setdefault(price, []).append(edge)
    lines = ["contract_id,parent,operator,continents,sites,edges,floor_gbps,ceiling_gbps,billing,commit_gbps,tiers"]
    lines.append(f"bn-all,,cdn-bunny,,,,,{UMBRELLA_GBPS},,,")
    for (operator, continent), by_price in sorted(groups.items()):
        for at, (price, edges) in enumerate(sorted(by_price.items()), 1):
            name = f"{PREFIX[operator]}-{continent.lower()}" + (f"-{at}" if len(by_price) > 1 else "")
            sites = ";".join(edge["site_code"] for edge in edges) if len(by_price) > 1 else ""
            capacity = sum(float(edge["capacity_gbps"]) for edge in edges)
            typical = TYPICAL_GBPS.get((operator, continent, price), 0)
            commit = fives(0.6 * typical if typical else 0.05 * capacity)
            steps = [(0.8, 1.0), (None, 1.15)] if operator == "own" else [(0.6, 0.95), (0.85, 1.0), (None, 1.2)]
            tiers = ";".join(f"{'*' if part is None else fives(part * capacity)}:{round(price * factor, 4)}" for part, factor in steps)
            billing = "p95" if operator == "own" else "volume"
            parent = "bn-all" if operator == "cdn-bunny" else ""
            lines.append(f"{name},{parent},{operator},{continent},{sites},,{FLOORS_GBPS.get(name, '')},,{billing},{commit},{tiers}")
    lines += [f"{name},{parent},{operator},,{sites},,,{ceiling},,," for name, parent, operator, sites, ceiling in METROS]
    write("contracts.csv", lines)


def room():
    nodes = {n: {r[key]: r for r in rows(n + "s.csv")} for n, key in (("edge", "edge_id"), ("relay", "relay_id"), ("origin", "origin_id"))}

    def link(kind, a, b, first, second, gbps):
        d = whole_km(a, b)
        loss_e5, jitter_tenths = min(400, d // 25), 2 + d // 250
        return f"{kind},{first},{second},{gbps},{loss_e5 // 100000}.{loss_e5 % 100000:05d},{jitter_tenths // 10}.{jitter_tenths % 10}"

    def capacity(node):
        return int(float(node["capacity_gbps"]))

    lines = ["kind,from,to,capacity_gbps,loss,jitter_ms"]
    for row in rows("links_edge_relay.csv"):
        edge, relay = nodes["edge"][row["edge_id"]], nodes["relay"][row["relay_id"]]
        lines.append(link("edge_relay", edge, relay, row["edge_id"], row["relay_id"], capacity(relay) * 4 // 10))
    for row in rows("links_relay_relay.csv"):
        a, b = nodes["relay"][row["relay_a"]], nodes["relay"][row["relay_b"]]
        lines.append(link("relay_relay", a, b, row["relay_a"], row["relay_b"], min(capacity(a), capacity(b)) // 2))
    for row in rows("links_relay_origin.csv"):
        relay, origin = nodes["relay"][row["relay_id"]], nodes["origin"][row["origin_id"]]
        lines.append(link("relay_origin", relay, origin, row["relay_id"], row["origin_id"], capacity(relay) * 6 // 10))
    lines += [f"peering,{clients},{edge},{fives(0.6 * capacity(nodes['edge'][edge]))},," for clients, edge in PEERING]
    write("link_capacity.csv", lines)


def loss():
    """Thousandths of a percent: 20, 9 for each 100 km of whole kilometres, 8 for each whole percent of mobile clients; cut to hundredths."""
    edges = rows("edges.csv")
    lines = ["region_id," + ",".join(edge["edge_id"] for edge in edges)]
    for region in rows("regions.csv"):
        mobile = round(100 * float(region["mobile_share"]))
        hundredths = [(20 + 9 * whole_km(region, edge) // 100 + 8 * mobile) // 10 for edge in edges]
        lines.append(region["region_id"] + "," + ",".join(f"{h // 100}.{h % 100:02d}" for h in hundredths))
    text = "".join(line + "\n" for line in lines).encode()
    path = HERE / "loss_region_edge.csv.gz"
    # The same text packs differently with another zlib: what is there stays while it says the same.
    if not path.exists() or gzip.decompress(path.read_bytes()) != text:
        path.write_bytes(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    nodes_and_links()
    services()
    endpoints()
    contracts()
    room()
    loss()
