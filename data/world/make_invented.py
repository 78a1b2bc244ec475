#!/usr/bin/env python3
"""Writes everything in this folder that is invented, and nothing else; running it again changes no byte.

Invented are the nodes and links below (appended to relays.csv, origins.csv and the links_*.csv, whose older rows stay as they
are) and the whole of classes.csv, services.csv, endpoints.csv, health.csv, allowed.csv and streams.csv. README.md says why.
"""
import csv
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
        "class_id,priority,share,latency_weight_micro_usd_per_mbps_hour_ms,max_rtt_ms",
        "api,1,0.05,40,250", "live,2,0.13,20,250", "vod,3,0.67,8,400", "bulk,4,0.15,1,",
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
        "stream,origin_id,bitrate_mbps",
        "harbour-news,og-1,9.6", "stadium-one,og-1,18.4", "alpine-weather,og-2,6.2", "city-parliament,og-2,8",
        "night-market,og-3,12.5", "reef-camera,og-3,4.8", "tower-quiz,og-4,11", "samba-school,og-5,14.2",
        "lantern-opera,og-6,10.4", "river-cup,og-7,16", "birch-theatre,og-8,9", "white-nights,og-9,12",
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
    write("endpoints.csv", lines)


if __name__ == "__main__":
    nodes_and_links()
    services()
    endpoints()
