#!/usr/bin/env bash
# From a new world in Redis to the last replica that answers from its table, with memory: one leader, replicas, one redis-server, real processes.
# (Debian: apt-get install -y redis-server redis-tools). Each round changes the capacity of every tenth edge.
#   bench/publish.sh                       the shipped world     REPLICAS=3 ROUNDS=5
#   bench/publish.sh 50000 2000 2700000    a made world: groups, edges, prefixes
set -euo pipefail
cd "$(dirname "$0")/.."
replicas=${REPLICAS:-3} rounds=${ROUNDS:-5}
[ "${BUILD:-1}" = 0 ] || { for p in bench/Dispatch.Bench src/Dispatch.Service src/Dispatch.Cli; do dotnet build "$p" -c Release -v q --nologo | grep -E 'error' || true; done; }
service=src/Dispatch.Service/bin/Release/net10.0/Dispatch.Service.dll bench=bench/Dispatch.Bench/bin/Release/net10.0/Dispatch.Bench.dll
out=$(mktemp -d) port=16399 pids=()
finish() { kill -9 "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$out"; }
trap finish EXIT
redis-server --port $port --bind 127.0.0.1 --save '' --appendonly no --dir "$out" >"$out/redis.log" & pids+=($!)
until redis-cli -p $port ping >/dev/null 2>&1; do sleep 0.1; done
world() { # RUN
    if [ "$#" -gt 1 ]; then dotnet "$bench" store "127.0.0.1:$port" "$2" "$3" "$4" "$1"; return; fi
    rm -rf "$out/world"; cp -r data/world "$out/world"
    awk -F, -v OFS=, -v run="$1" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "capacity_gbps") c = i} NR > 1 && NR % 10 == run % 10 {$c = $c * 0.98} 1' data/world/edges.csv >"$out/world/edges.csv"
    dotnet src/Dispatch.Cli/bin/Release/net10.0/dispatch.dll load --world "$out/world" --redis "127.0.0.1:$port" | tail -1
}
world 0 "$@"
start() { # ROLE NAME
    dotnet "$service" --Role="$1" --Redis:Configuration=127.0.0.1:$port --Redis:Poll=0:0:2 --State:Path="$out/$2" --Solve:Interval=00:10:00 --Solve:UtcHour=16 --Solve:Failures=off \
        --Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0 --Kestrel:Endpoints:Http:Url=http://127.0.0.1:0 --Kestrel:Endpoints:Admin:Url=http://127.0.0.1:0 >"$out/$2.log" 2>&1 & pids+=($!)
    eval "pid_$2=$!"
}
start solve leader
for ((r = 1; r <= replicas; r++)); do start serve "replica$r"; done
moment() { grep -F "Table $2 $3" "$1" | head -1 | cut -d' ' -f1 | xargs -I{} date -d {} +%s%3N; }
memory() { awk '/^VmRSS/ {rss = $2} /^VmHWM/ {top = $2} END {printf "%d MB (top %d)", rss / 1024, top / 1024}' "/proc/$1/status"; }
before=
settled() { # the version that the leader sent last, where it is new and every replica has it
    version=$(grep -oE 'Table [0-9.]+ goes to the store' "$out/leader.log" | tail -1 | cut -d' ' -f2)
    [ -n "$version" ] && [ "$version" != "$before" ] || return 1
    for ((r = 1; r <= replicas; r++)); do grep -qF "Table $version taken" "$out/replica$r.log" || return 1; done
}
for ((i = 1; i <= rounds; i++)); do
    [ "$i" = 1 ] || world "$i" "$@"
    for ((n = 0; ; n++)); do
        settled && break
        [ "$n" -lt 3000 ] || { tail -20 "$out/leader.log" "$out/replica1.log"; exit 1; }
        sleep 0.1
    done
    sleep 3
    settled || true
    before=$version sent=$(moment "$out/leader.log" "$version" 'goes to the store') last=0
    for ((r = 1; r <= replicas; r++)); do taken=$(moment "$out/replica$r.log" "$version" taken); [ "$taken" -gt "$last" ] && last=$taken; done
    echo "round $i: table $version of $(stat -c %s "$out"/replica1/table-*.tdt | tail -1) B, first byte to the store to the last of $replicas swaps $((last - sent)) ms; leader $(memory "$pid_leader"), replica $(memory "$pid_replica1"), redis $(redis-cli -p $port info memory | awk -F: '/^used_memory:/ {printf "%d MB", $2 / 1048576}'); load average $(cut -d' ' -f1 /proc/loadavg)"
    grep -F "Table $version in force" "$out/leader.log" | sed -E 's/.*Table/  table/; s/, content.*//' | tail -1
done
