#!/usr/bin/python3
"""The stable choice of docs/reference/stable-choice.md, written from that page alone, with Python's own integers.

    stable_choice.py check FILE     compares every vector of FILE; exit 0 where all agree, 1 with a line for each that does not
    stable_choice.py write FILE     writes the vectors
"""
import hashlib
import ipaddress
import json
import struct
import sys

WORD = (1 << 64) - 1
FRACTION_BITS = 31
CELLS = 4096
OVERFLOW_ID = b"\x00"


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & WORD
    return value


def mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & WORD
    return x ^ (x >> 31)


def log2_entry(i):
    if i == CELLS:
        return 1 << FRACTION_BITS
    x, bits = (CELLS + i) << 51, 0
    for _ in range(FRACTION_BITS):
        x = (x * x) >> 63
        bits <<= 1
        if x >> 64:
            x >>= 1
            bits |= 1
    return bits


TABLE = [log2_entry(i) for i in range(CELLS + 1)]


def distance(key, seed):
    h = mix(key ^ seed) or 1
    zeros = 64 - h.bit_length()
    mantissa = (h << zeros) & WORD
    cell = (mantissa >> 51) & (CELLS - 1)
    rest = (mantissa >> 19) & 0xFFFFFFFF
    fraction = TABLE[cell] + (((TABLE[cell + 1] - TABLE[cell]) * rest) >> 32)
    return ((zeros + 1) << FRACTION_BITS) - fraction


class Racer:
    """Orders by distance / weight without rounding, then by seed."""

    def __init__(self, key, name, weight):
        self.name, self.weight, self.seed = name, weight, fnv1a(name)
        self.distance = distance(key, self.seed)

    def __lt__(self, other):
        left, right = self.distance * other.weight, other.distance * self.weight
        return left < right if left != right else self.seed < other.seed


def rank(split_key, candidates, overflow):
    """Ids of the weighted candidates, nearest first, and whether the unserved share wins."""
    key = mix(fnv1a(split_key))
    racers = sorted(Racer(key, name.encode(), weight) for name, weight in candidates if weight > 0)
    shed = overflow > 0 and all(Racer(key, OVERFLOW_ID, overflow) < racer for racer in racers)
    return [racer.name.decode() for racer in racers], shed


def granule(text, bits):
    address = ipaddress.ip_address(text)
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    network = ipaddress.ip_network((address, bits), strict=False)
    return bytes([address.version]) + network.network_address.packed[: (bits + 7) // 8]


def table_hash():
    return hashlib.sha256(b"".join(struct.pack("<I", entry) for entry in TABLE)).hexdigest()


def vectors():
    texts = ["", "a", "user-1", "live/cup-final?token=42", "Zürich", "DE-03", "\x00"]
    words = [0, 1, 2, 0x9E3779B97F4A7C15, WORD]
    granules = [("203.0.113.7", 24), ("203.0.113.255", 24), ("::ffff:203.0.113.7", 24), ("203.0.113.7", 20),
                ("2001:db8:1:2::9", 48), ("2001:db8:1:ffff::", 48), ("2001:db8:1:2::9", 44)]
    sets = [
        ([("own-fra", 16384)], 0),
        ([("own-fra", 8192), ("own-muc", 8192)], 0),
        ([("own-fra", 10240), ("own-muc", 6143), ("cdn-bunny-muc", 1)], 0),
        ([("own-fra", 4096), ("own-muc", 4096), ("cdn-bunny-muc", 4096)], 4096),
        ([("own-lhr", 1), ("own-cdg", 1), ("own-ams", 2)], 16380),
        ([], 16384),
    ]
    keys = [b"user-%d" % i for i in range(12)] + [granule("203.0.113.7", 24), granule("2001:db8:1:2::9", 48), b"DE-03"]
    return {
        "log2_table_sha256": table_hash(),
        "log2_table": [[i, TABLE[i]] for i in (0, 1, 2, 1024, 2048, 2396, 4095, 4096)],
        "mix": [[f"{w:016x}", f"{mix(w):016x}"] for w in words],
        "fnv1a": [[t.encode().hex(), f"{fnv1a(t.encode()):016x}"] for t in texts],
        "key": [[t.encode().hex(), f"{mix(fnv1a(t.encode())):016x}"] for t in texts],
        "distance": [[f"{k:016x}", f"{s:016x}", distance(k, s)] for k in words for s in (0, fnv1a(b"own-fra"), WORD)],
        "granule": [[address, bits, granule(address, bits).hex()] for address, bits in granules],
        "choice": [
            {"key": key.hex(), "candidates": [list(c) for c in candidates], "overflow": overflow,
             "order": rank(key, candidates, overflow)[0], "unserved": rank(key, candidates, overflow)[1]}
            for candidates, overflow in sets for key in keys
        ],
    }


def check(path):
    with open(path, encoding="utf-8") as file:
        held = json.load(file)
    made, faults = vectors(), []
    for name in sorted(set(held) | set(made)):
        if held.get(name) != made.get(name):
            faults.append(f"{name}: the file's vectors are not those of this implementation")
    for fault in faults:
        print(fault)
    print(f"{len(made['choice'])} choices, {len(faults)} faults")
    return 1 if faults else 0


def write(path):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        parts = []
        for name, value in vectors().items():
            if isinstance(value, list):
                rows = ",\n".join("    " + json.dumps(row) for row in value)
                parts.append(f'  "{name}": [\n{rows}\n  ]')
            else:
                parts.append(f'  "{name}": {json.dumps(value)}')
        file.write("{\n" + ",\n".join(parts) + "\n}\n")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "write"):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(check(sys.argv[2]) if sys.argv[1] == "check" else write(sys.argv[2]))
