#!/usr/bin/env bash
# Latency of Resolve while planners ask what if, beside while none does, alternating, in one run: one process that serves and solves a made world from Redis.
# (Debian: apt-get install -y redis-server redis-tools nghttp2-client python3-grpcio). Requests go one at a time on each of CLIENTS connections, so that the
# figures are what a caller waits and not what a queue does. What is asked: an edge fails, again and again, then every failure, until the round is over.
#   bench/whatif.sh                          50,000 groups × 2,000 edges     ROUNDS=3 SECONDS_EACH=20 CLIENTS=2
#   bench/whatif.sh 5000 400 20000           a smaller one: groups, edges, prefixes
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-3} each=${SECONDS_EACH:-20} clients=${CLIENTS:-2}
groups=${1:-50000} edges=${2:-2000} prefixes=${3:-200000}
for tool in h2load redis-server; do command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install -y nghttp2-client redis-server redis-tools" >&2; exit 2; }; done
[ "${BUILD:-1}" = 0 ] || { dotnet build bench/Dispatch.Bench -c Release -v q --nologo; dotnet build src/Dispatch.Service -c Release -v q --nologo; }
out=$(mktemp -d) redis=16398 port=15061 pids=()
finish() { kill -9 "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$out"; }
trap finish EXIT
redis-server --port $redis --bind 127.0.0.1 --save '' --appendonly no --dir "$out" >"$out/redis.log" & pids+=($!)
until redis-cli -p $redis ping >/dev/null 2>&1; do sleep 0.1; done
dotnet bench/Dispatch.Bench/bin/Release/net10.0/Dispatch.Bench.dll store "127.0.0.1:$redis" "$groups" "$edges" "$prefixes" 0
dotnet src/Dispatch.Service/bin/Release/net10.0/Dispatch.Service.dll --Redis:Configuration=127.0.0.1:$redis --State:Path="$out/state" --Solve:Interval=1.00:00:00 --Solve:UtcHour=16 \
    --Solve:Failures=off --Planner:TimeLimit=01:00:00 --Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:$port --Kestrel:Endpoints:Http:Url=http://127.0.0.1:0 --Kestrel:Endpoints:Admin:Url=http://127.0.0.1:0 \
    >"$out/service.log" 2>&1 & service=$!
pids+=("$service")
until grep -q ' in force for ' "$out/service.log"; do kill -0 "$service" || { cat "$out/service.log"; exit 1; }; sleep 0.5; done
grep -oE 'Table [0-9.]+ in force.*ms' "$out/service.log" | tail -1

cat >"$out/ask.py" <<'PY'
"""Asks while the file is there: raw bytes, so that no generated code is needed. Fields: 1 scenario, 5 failures; of an update: 4 a case, 11 done."""
import os, sys, time
import grpc
address, marker, edge = sys.argv[1:]
scenario = b'{"edits":[{"fail":"edge:%s"}]}' % edge.encode()
single, sweep = b"\x0a" + bytes([len(scenario)]) + scenario, b"\x2a\x00"
with grpc.insecure_channel(address) as channel:
    whatif = channel.unary_stream("/dispatch.v1.Planner/WhatIf", request_serializer=lambda b: b, response_deserializer=lambda b: b)
    times, failures, begun = [], 0, time.monotonic()
    while os.path.exists(marker) and len(times) < 3:
        started = time.monotonic()
        for update in whatif(single):
            pass
        times.append(time.monotonic() - started)
    if os.path.exists(marker):
        call = whatif(sweep)
        for update in call:
            failures += update[0] == 4 << 3 | 2
            if not os.path.exists(marker):
                call.cancel()
                break
    print(f"single what-ifs of {', '.join(f'{t:.1f}' for t in times)} s, {failures} failures tried, {time.monotonic() - begun:.0f} s in all")
PY
ip=12.0.0.1
hex() { printf '%02x' "$1"; }
text=$(printf '%s' "$ip" | od -An -tx1 | tr -d ' \n')
printf "$(sed 's/../\\x&/g' <<<"00000000$(hex $((${#ip} + 2)))0a$(hex ${#ip})$text")" >"$out/request.bin" # a gRPC frame around ResolveRequest { client_ip }
load() { # SECONDS
    rm -f "$out/log"
    h2load -D "$1" -c "$clients" -m 1 -t 1 --log-file="$out/log" -d "$out/request.bin" -H 'content-type: application/grpc' -H 'te: trailers' http://127.0.0.1:$port/dispatch.v1.Routing/Resolve >"$out/h2load.txt"
    grep -q ' 0 failed, 0 errored, 0 timeout' "$out/h2load.txt" || { grep requests: "$out/h2load.txt" >&2; exit 1; }
    sort -n -k3,3 "$out/log" | awk '{v[NR] = $3} END {printf "%d requests, us at 50, 99, 99.9 %%: %d %d %d", NR, v[int(NR * .5)], v[int(NR * .99)], v[int(NR * .999)]}'
}
load 8 >/dev/null
for ((i = 1; i <= rounds; i++)); do
    none=$(load "$each")
    touch "$out/asking"
    /usr/bin/python3 "$out/ask.py" 127.0.0.1:$port "$out/asking" "${EDGE:-e00000}" >"$out/asked" & asker=$!
    sleep 1
    some=$(load "$each")
    rm -f "$out/asking"; wait "$asker"
    echo "round $i, load average $(cut -d' ' -f1 /proc/loadavg)"; echo "  nobody asks: $none"; echo "  while asked: $some"; echo "  $(cat "$out/asked")"
    awk '/^VmRSS/ {rss = $2} /^VmHWM/ {top = $2} END {printf "  the process: %d MB (top %d)\n", rss / 1024, top / 1024}' "/proc/$service/status"
done
