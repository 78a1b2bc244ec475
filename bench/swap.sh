#!/usr/bin/env bash
# Latency of Resolve with a new table every second beside none, alternating, in one run: the shipped world, the service on core 0, h2load on core 1
# (Debian: apt-get install -y nghttp2-client util-linux curl). Each new table goes from its bytes through every check to the swap, on the service's core.
# Any failed request ends the run. What is alive after the tables are gone shows whether they were given back.
#   bench/swap.sh               ROUNDS=3 SECONDS_EACH=15 WARM=10 CLIENTS=4 STREAMS=100 IP=12.0.0.1
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-3} each=${SECONDS_EACH:-15} warm=${WARM:-10} clients=${CLIENTS:-4} streams=${STREAMS:-100} ip=${IP:-12.0.0.1}
for tool in h2load taskset; do command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install -y nghttp2-client util-linux" >&2; exit 2; }; done
[ "${BUILD:-1}" = 0 ] || dotnet build bench/Dispatch.Bench.Swap -c Release -v q --nologo

out=$(mktemp -d)
finish() { { kill -9 "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$out"; }
trap finish EXIT
hex() { printf '%02x' "$1"; }
text=$(printf '%s' "$ip" | od -An -tx1 | tr -d ' \n')
printf "$(sed 's/../\\x&/g' <<<"00000000$(hex $((${#ip} + 2)))0a$(hex ${#ip})$text")" >"$out/request.bin" # a gRPC frame around ResolveRequest { client_ip }

port=15051
taskset -c 0 dotnet bench/Dispatch.Bench.Swap/bin/Release/net10.0/Dispatch.Bench.Swap.dll "$out/swapping" --State:Path="$out/state" --Solve:Interval=1.00:00:00 \
    --Solve:UtcHour=16 --Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:$port --Kestrel:Endpoints:Http:Url=http://127.0.0.1:15050 --Kestrel:Endpoints:Admin:Url=http://127.0.0.1:0 >"$out/server.log" 2>&1 &
server=$!
until grep -q '^ready' "$out/server.log"; do kill -0 "$server" || { cat "$out/server.log"; exit 1; }; sleep 0.2; done

load() { # SECONDS LOG
    taskset -c 1 h2load -D "$1" -c "$clients" -m "$streams" -t 1 --log-file="$2" -d "$out/request.bin" -H 'content-type: application/grpc' -H 'te: trailers' \
        http://127.0.0.1:$port/dispatch.v1.Routing/Resolve >"$out/h2load.txt"
    grep -q ' 0 failed, 0 errored, 0 timeout' "$out/h2load.txt" || { grep requests: "$out/h2load.txt" >&2; exit 1; }
}
figures() { # requests, then the 50th, 99th and 99.9th percentile in microseconds
    sort -n -k3,3 "$1" | awk '{v[NR] = $3} END {printf "%d %d %d %d\n", NR, v[int(NR * .5)], v[int(NR * .99)], v[int(NR * .999)]}'
}
median() { sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
column() { cut -d' ' -f"$2" "$out/$1.txt" | median; }
load "$warm" "$out/log" >/dev/null
for ((i = 1; i <= rounds; i++)); do
    rm -f "$out/log"; load "$each" "$out/log"; none=$(figures "$out/log"); echo "$none" >>"$out/none.txt"
    touch "$out/swapping"; rm -f "$out/log"; load "$each" "$out/log"; some=$(figures "$out/log"); echo "$some" >>"$out/some.txt"
    rm -f "$out/swapping"; sleep 3
    echo "round $i, requests and us at 50, 99, 99.9 %: none $none, a table a second $some; $(grep '^swaps' "$out/server.log" | tail -1); load average $(cut -d' ' -f1 /proc/loadavg)"
done
for p in 2:50 3:99 4:99.9; do
    a=$(column none "${p%%:*}") b=$(column some "${p%%:*}")
    echo "median of rounds at ${p##*:} %: $a us without, $b us with a table a second, ratio $(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", b / a}')"
done
