#!/usr/bin/env bash
# Requests per second of the gRPC layer beside a bare Kestrel endpoint that reads a body, writes 91 bytes and a trailer,
# in one run: server on core 0, h2load on core 1, 42 bytes in and about 91 out, rounds interleaved so that both meet the same machine.
# Usage: bench/rpc-throughput.sh [ROUNDS] [SECONDS]. Needs h2load (apt: nghttp2-client) and a built echo host.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds="${1:-5}" seconds="${2:-4}"
host=tests/Dispatch.Rpc.EchoHost/bin/Release/net10.0/Dispatch.Rpc.EchoHost
[ -x "$host" ] || dotnet build tests/Dispatch.Rpc.EchoHost -c Release -v q --nologo

work="$(mktemp -d)"
# Frame header, then EchoRequest { text (10 bytes), payload (26 bytes) } and EchoRequest { text (200 bytes) } for the raw method.
printf '\0\0\0\0\x28\x0a\x0a%s\x12\x1a%s' 203.0.113. abcdefghijklmnopqrstuvwxyz >"$work/unary"
{ printf '\0\0\0\0\xcb\x0a\xc8\x01'; printf 'r%.0s' $(seq 200); } >"$work/raw"

DOTNET_GCgen0size=0x4000000 taskset -c 0 "$host" 0 >"$work/log" &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
until grep -q ready "$work/log"; do read -rt 0.1 <> <(:) || :; done
url="$(sed -n 's/^ready //p' "$work/log")"

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }

# Prints the rate and the server's processor time a request; the latter holds on a busy machine too.
measure() { # NAME PATH BODY SECONDS
    local before after
    before="$(cpu_ticks)"
    taskset -c 1 h2load -D "$4" -c 4 -m 100 -t 1 -d "$work/$3" -H 'content-type: application/grpc' -H 'te: trailers' "$url$2" >"$work/out"
    after="$(cpu_ticks)"
    awk -v name="$1" -v ticks="$((after - before))" '/^finished in/ { rate = $4 } /^requests:/ { done = $6; failed = $10 }
        END { printf "%s %.0f cpu_us=%.2f failed=%s\n", name, rate, ticks * 10000 / done, failed }' "$work/out"
}

measure warm /bare/trailers unary 5 >/dev/null
measure warm /echo.v1.Echo/Unary unary 5 >/dev/null
measure warm /echo.v1.Echo/Cached raw 5 >/dev/null
for _ in $(seq "$rounds"); do
    measure bare /bare/trailers unary "$seconds"
    measure unary /echo.v1.Echo/Unary unary "$seconds"
    measure raw /echo.v1.Echo/Cached raw "$seconds"
done | tee "$work/all"
median() { awk -v name="$1" -v field="$2" '$1 == name { sub("cpu_us=", "", $field); print $field }' "$work/all" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
for name in unary raw; do
    awk -v name="$name" -v rate="$(median "$name" 2)" -v cpu="$(median "$name" 3)" -v bare_rate="$(median bare 2)" -v bare_cpu="$(median bare 3)" \
        'BEGIN { printf "median %s: %.0f/s of bare %.0f/s (%.2f), %.2f us of bare %.2f us (%.2f)\n", name, rate, bare_rate, rate / bare_rate, cpu, bare_cpu, bare_cpu / cpu }'
done
