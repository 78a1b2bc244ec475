#!/usr/bin/env bash
# Questions a second: PowerDNS with the remote backend over its unix socket and over HTTP, alternating, in one run, under dnsperf; and DNS messages
# in gRPC, as CoreDNS sends them, under h2load.
# Debian: apt-get install -y pdns-server pdns-backend-remote dnsperf nghttp2-client util-linux curl python3
#   bench/dns.sh            ROUNDS=3 SECONDS_EACH=5 CLIENTS=4 STREAMS=100
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-3} each=${SECONDS_EACH:-5} clients=${CLIENTS:-4} streams=${STREAMS:-100}
for tool in pdns_server dnsperf h2load taskset curl python3; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install -y pdns-server pdns-backend-remote dnsperf nghttp2-client util-linux curl python3" >&2; exit 2; }
done
[ "${BUILD:-1}" = 0 ] || dotnet build src/Dispatch.Service -c Release -v q --nologo

out=$(mktemp -d)
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$out"; }
trap finish EXIT

grpc=15051 http=15050
mkdir "$out/state"
State__Path="$out/state" Solve__Interval=1.00:00:00 PowerDns__Socket="$out/dns.sock" \
    Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:$grpc Kestrel__Endpoints__Http__Url=http://127.0.0.1:$http \
    taskset -c 0 dotnet src/Dispatch.Service/bin/Release/net10.0/Dispatch.Service.dll >"$out/service.log" 2>&1 &
pids+=($!)
until grep -q 'ask  ' "$out/service.log"; do kill -0 "${pids[0]}" || { cat "$out/service.log"; exit 1; }; sleep 0.2; done

# The configurations of docs/dns.md, on ports of our own.
port() { [ "$1" = socket ] && echo 15153 || echo 15253; }
for kind in socket http; do
    mkdir "$out/$kind"
    sed -e "s#/run/dispatch/dns.sock#$out/dns.sock#" -e "s#127.0.0.1:5050#127.0.0.1:$http#" -e 's/^local-address=.*/local-address=127.0.0.1/' \
        -e "s/^local-port=.*/local-port=$(port $kind)/" "docs/samples/dns/pdns-$kind.conf" >"$out/$kind/pdns.conf"
    taskset -c 1 pdns_server --config-dir="$out/$kind" --daemon=no --guardian=no --socket-dir="$out/$kind" --disable-syslog --write-pid=no >"$out/$kind.log" 2>&1 &
    pids+=($!)
    until grep -q 'ready to distribute' "$out/$kind.log"; do kill -0 "${pids[-1]}" || { cat "$out/$kind.log"; exit 1; }; sleep 0.2; done
done
printf '%s\n' 'live.example.net A' 'vod.example.net A' 'www.example.net AAAA' 'download.example.net A' >"$out/questions"

rate() { # questions a second; any that is lost ends the run
    taskset -c 1 dnsperf -s 127.0.0.1 -p "$(port "$1")" -d "$out/questions" -l "$each" -c 8 -q 64 >"$out/dnsperf.txt"
    grep -q 'Queries lost: *0 ' "$out/dnsperf.txt" || { cat "$out/dnsperf.txt" >&2; exit 1; }
    awk '/Queries per second/ {print $4}' "$out/dnsperf.txt"
}
median() { sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
rate socket >/dev/null; rate http >/dev/null
for ((i = 1; i <= rounds; i++)); do
    a=$(rate socket) b=$(rate http)
    echo "$a" >>"$out/socket.txt"; echo "$b" >>"$out/http.txt"
    echo "round $i, questions/s through PowerDNS: unix socket $a, HTTP $b; load average $(cut -d' ' -f1 /proc/loadavg)"
done
awk -v a="$(median <"$out/socket.txt")" -v b="$(median <"$out/http.txt")" 'BEGIN {printf "medians: unix socket %.0f/s, HTTP %.0f/s, ratio %.1f\n", a, b, a / b}'

# One question with a client's subnet in a packet of the plugin's protocol, framed for gRPC.
python3 - "$out/request.bin" <<'PY'
import struct, sys
name = b"".join(bytes([len(l)]) + l for l in [b"live", b"example", b"net"]) + b"\0"
subnet = struct.pack("!HHHBB", 8, 7, 1, 24, 0) + bytes([12, 0, 0])
message = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 1) + name + struct.pack("!2H", 1, 1) + b"\0" + struct.pack("!HHIH", 41, 1232, 0, len(subnet)) + subnet
packet = b"\x0a" + bytes([len(message)]) + message
open(sys.argv[1], "wb").write(struct.pack("!BI", 0, len(packet)) + packet)
PY
call=(-d "$out/request.bin" -H 'content-type: application/grpc' -H 'te: trailers')
url=http://127.0.0.1:$grpc/coredns.dns.DnsService/Query
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'; } # user and system time of a process
taskset -c 1 h2load -D "$each" -c "$clients" -m "$streams" -t 1 "${call[@]}" "$url" >/dev/null
for ((i = 1; i <= rounds; i++)); do
    before=$(ticks "${pids[0]}")
    taskset -c 1 h2load -D "$each" -c "$clients" -m "$streams" -t 1 "${call[@]}" "$url" >"$out/h2load.txt"
    after=$(ticks "${pids[0]}")
    grep -q ' 0 failed, 0 errored, 0 timeout' "$out/h2load.txt" || { grep requests: "$out/h2load.txt" >&2; exit 1; }
    awk -v t="$((after - before))" -v hz="$(getconf CLK_TCK)" '/^finished in/ {rate = $4} /^requests:/ {done = $8}
        END {printf "DNS over gRPC: %.0f questions/s, %.2f us of the service a question\n", rate, t / hz * 1e6 / done}' "$out/h2load.txt"
done
