#!/usr/bin/env bash
# Resolve requests a second beside a bare Kestrel HTTP/2 endpoint, alternating, in one run.
# Server on core 0, h2load on core 1 (Debian: apt-get install -y nghttp2-client util-linux curl). Medians of ROUNDS; the ratio is what lasts. On a
# machine with other work the server's own time a request says more than requests a second.
#   bench/resolve.sh            ROUNDS=5 SECONDS_EACH=6 WARM=8 CLIENTS=4 STREAMS=100 IP=12.0.0.1 PORT=15051
# CPP=1 adds the asynchronous C++ server of gRPC (Debian: apt-get install -y g++ libgrpc++-dev protobuf-compiler-grpc).
# At the end requests go one at a time, for their latency.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-5} each=${SECONDS_EACH:-6} warm=${WARM:-8} clients=${CLIENTS:-4} streams=${STREAMS:-100} ip=${IP:-12.0.0.1} cpp=${CPP:-0}
for tool in h2load taskset curl; do command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install -y nghttp2-client util-linux curl" >&2; exit 2; }; done

out=$(mktemp -d)
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$out"; }
trap finish EXIT
build=${BUILD:-1}
if [ "$build" = 1 ]; then
    dotnet build src/Dispatch.Service -c Release -v q --nologo
    dotnet build bench/Dispatch.Bench.Bare -c Release -v q --nologo
fi

# A gRPC frame around ResolveRequest { client_ip: $ip }: flag 0, length, field 1 of wire type 2.
hex() { printf '%02x' "$1"; }
text=$(printf '%s' "$ip" | od -An -tx1 | tr -d ' \n')
printf "$(sed 's/../\\x&/g' <<<"00000000$(hex $((${#ip} + 2)))0a$(hex ${#ip})$text")" >"$out/request.bin"

port=${PORT:-15051}
http=$((port - 1)) bare=$((port + 8)) rival=$((port + 7))
State__Path="$out/state" Solve__Interval=1.00:00:00 Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:$port Kestrel__Endpoints__Http__Url=http://127.0.0.1:$http \
    Kestrel__Endpoints__Admin__Url=http://127.0.0.1:0 \
    taskset -c 0 dotnet src/Dispatch.Service/bin/Release/net10.0/Dispatch.Service.dll >"$out/service.log" 2>&1 &
pids+=($!)
until grep -q 'ask  ' "$out/service.log"; do kill -0 "${pids[0]}" || { cat "$out/service.log"; exit 1; }; sleep 0.2; done

call=(-d "$out/request.bin" -H 'content-type: application/grpc' -H 'te: trailers')
url=http://127.0.0.1:$port/dispatch.v1.Routing/Resolve
curl -sS --http2-prior-knowledge -X POST -H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$out/request.bin" "$url" -o "$out/reply.bin"
bytes=$(stat -c %s "$out/reply.bin")
[ "$bytes" -gt 5 ] || { echo "Resolve gave no answer" >&2; exit 1; }
taskset -c 0 dotnet bench/Dispatch.Bench.Bare/bin/Release/net10.0/Dispatch.Bench.Bare.dll $bare "$bytes" >"$out/bare.log" 2>&1 &
pids+=($!)
until grep -q ready "$out/bare.log"; do sleep 0.2; done

if [ "$cpp" = 1 ]; then
    proto=src/Dispatch.Protocol/proto
    protoc -I "$proto" --cpp_out="$out" --grpc_out="$out" --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" "$proto"/dispatch/v1/{routing,watch,common}.proto
    g++ -O3 -march=native -std=c++17 -I "$out" -o "$out/rival" bench/peers/resolve_async.cpp "$out"/dispatch/v1/{routing,watch,common}{,.grpc}.pb.cc $(pkg-config --libs grpc++ protobuf)
    tail -c +6 "$out/reply.bin" >"$out/message.bin"
    taskset -c 0 "$out/rival" $rival "$out/message.bin" >"$out/rival.log" 2>&1 &
    pids+=($!)
    until grep -q ready "$out/rival.log"; do kill -0 "${pids[2]}" || { cat "$out/rival.log"; exit 1; }; sleep 0.2; done
fi

load() { taskset -c 1 h2load -D "$2" -c "$clients" -m "$streams" -t 1 "${call[@]}" "$1"; }
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'; } # user and system time of a process
rate() { # prints requests a second and the server's microseconds a request; any failed request ends the run
    local before after
    before=$(ticks "$2")
    load "$1" "$each" >"$out/h2load.txt"
    after=$(ticks "$2")
    grep -q ' 0 failed, 0 errored, 0 timeout' "$out/h2load.txt" || { grep requests: "$out/h2load.txt" >&2; exit 1; }
    awk -v t="$((after - before))" -v hz="$(getconf CLK_TCK)" '/^finished in/ {rate = $4} /^requests:/ {done = $8}
        END {printf "%s %.3f\n", rate, t / hz * 1e6 / done}' "$out/h2load.txt"
}
# The first solve and the run of all failures come first; serving beside them is what bench/swap.sh measures.
idle() { # waits until a process takes less than a twentieth of a core
    local before=0 after
    for ((i = 0; i < 120; i++)); do
        after=$(ticks "$1")
        [ $((after - before)) -lt 5 ] && return
        before=$after
        sleep 1
    done
    echo "process $1 does not come to rest" >&2
    exit 1
}
metric() { curl -sS -m 5 "http://127.0.0.1:$http/metrics" | awk -v name="$1" '$1 == name {printf "%.6f\n", $2}'; }
median() { sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
idle "${pids[0]}"
load "$url" "$warm" >/dev/null
load "http://127.0.0.1:$bare/" "$warm" >/dev/null
allocated=$(metric dispatch_allocated_bytes_total) paused=$(metric dispatch_gc_pause_seconds_total) done_all=0
for ((i = 1; i <= rounds; i++)); do
    a=$(rate "http://127.0.0.1:$bare/" "${pids[1]}") b=$(rate "$url" "${pids[0]}")
    echo "$a" >>"$out/bare.txt"; echo "$b" >>"$out/resolve.txt"
    done_all=$((done_all + $(awk '/^requests:/ {print $8}' "$out/h2load.txt")))
    c=
    if [ "$cpp" = 1 ]; then c=$(rate "http://127.0.0.1:$rival/dispatch.v1.Routing/Resolve" "${pids[2]}"); echo "$c" >>"$out/rival.txt"; fi
    echo "round $i, requests/s and us of server a request: bare $a, Resolve $b${c:+, C++ $c}; load average $(cut -d' ' -f1 /proc/loadavg)"
done
awk -v a="$allocated" -v b="$(metric dispatch_allocated_bytes_total)" -v p="$paused" -v q="$(metric dispatch_gc_pause_seconds_total)" -v n="$done_all" \
    'BEGIN {printf "allocated %.0f B a request of Resolve, all of the process counted; paused %.1f ms in %d requests\n", (b - a) / n, (q - p) * 1000, n}'
column() { cut -d' ' -f"$2" "$out/$1.txt" | median; }
a=$(column bare 1) b=$(column resolve 1) at=$(column bare 2) bt=$(column resolve 2)
echo "request $(stat -c %s "$out/request.bin") B, reply $bytes B, $clients connections x $streams streams"
awk -v a="$a" -v b="$b" -v at="$at" -v bt="$bt" 'BEGIN {
    printf "median: bare %.0f requests/s, Resolve %.0f requests/s, ratio %.3f\n", a, b, b / a
    printf "median server time a request: bare %.2f us, Resolve %.2f us, ratio %.3f\n", at, bt, at / bt}'
if [ "$cpp" = 1 ]; then
    awk -v b="$b" -v c="$(column rival 1)" -v bt="$bt" -v ct="$(column rival 2)" 'BEGIN {
        printf "median: C++ async %.0f requests/s, Resolve %.2f times as many; server time %.2f us, %.2f times ours\n", c, b / c, ct, ct / bt}'
fi
# One connection, one request at a time: microseconds from its begin to its end, as h2load notes them.
taskset -c 1 h2load -D "$each" -c 1 -m 1 -t 1 --log-file="$out/one.txt" "${call[@]}" "$url" >/dev/null
cut -f3 "$out/one.txt" | sort -n | awk '{v[NR] = $1} END {
    printf "one at a time, %d requests: p50 %d us, p99 %d us, p99.9 %d us, greatest %d us\n", NR, v[int(NR * .5)], v[int(NR * .99)], v[int(NR * .999)], v[NR]}'
