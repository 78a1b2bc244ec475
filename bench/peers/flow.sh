#!/bin/sh
# Solves DIMACS files with `dispatch flow` and with its rivals in turn, demands equal costs, and prints a table of medians.
#   bench/peers/flow.sh [--peer PROGRAM] FILE.min...
# In the environment: ROUNDS=5 (every solver once a round), REPEAT=3 (solves of a process; the first of ours also compiles the code),
# RIVALS="simplex scaling" (LEMON's), PEER=PROGRAM (one more rival, called PROGRAM FILE REPEAT, printing lines as lemon_driver does).
# Times exclude reading. Memory is what a process grew by above the parsed input, at its peak. Needs g++ and liblemon-dev (1.3.1).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rounds=${ROUNDS:-5} repeat=${REPEAT:-3} rivals=${RIVALS-simplex scaling} peer=${PEER:-}
[ "${1:-}" != --peer ] || { peer=$2; shift 2; }
[ $# -gt 0 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
command -v g++ >/dev/null || { echo "apt-get install -y g++" >&2; exit 6; }
[ -f /usr/include/lemon/network_simplex.h ] || { echo "apt-get install -y liblemon-dev" >&2; exit 6; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g++ -O3 -march=native -std=c++17 -w -o "$work/lemon" "$here/lemon_driver.cpp"
dotnet build "$root/src/Dispatch.Cli" -c Release -v q --nologo >&2

# One run of a solver, appended to its lines: the solver's name, the file.
solve() {
    case $1 in
        dispatch) dotnet run -c Release --no-build --project "$root/src/Dispatch.Cli" -- flow "$2" --json --repeat "$repeat" ;;
        peer) "$peer" "$2" "$repeat" ;;
        *) "$work/lemon" "$1" "$2" "$repeat" ;;
    esac >>"$work/$1" || { echo "$2: $1 failed" >&2; exit 1; }
}

# The values of a number field, one a line, and their median.
values() { grep -o "\"$2\": *-\{0,1\}[0-9.]*" "$work/$1" | sed 's/.*: *//'; }
median() { values "$1" "$2" | sort -n | awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2; else print "nan" }'; }

label() {
    case $1 in
        dispatch) echo "dispatch, kernel $(grep -o '"kernel":"[^"]*"' "$work/dispatch" | head -1 | cut -d'"' -f4)" ;;
        simplex) echo "LEMON NetworkSimplex" ;;
        scaling) echo "LEMON CostScaling" ;;
        peer) echo "peer" ;;
    esac
}

row() { # name file cost
    echo "$(median "$1" build_ms) $(median "$1" solve_ms) $(median "$1" solve_peak_mb) $(median dispatch build_ms) $(median dispatch solve_ms)" |
        awk -v file="$(basename "$2" .min)" -v cost="$3" -v who="$(label "$1")" \
            '{ printf "| %s | %s | %s | %.1f | %.1f | %.1f | %.2f | %.2f |\n", file, cost, who, $1, $2, $3, $2 / $5, ($1 + $2) / ($4 + $5) }'
}

solvers="dispatch $rivals ${peer:+peer}"
echo "| network | optimum | solver | build ms | solve ms | MiB above the input | solve ÷ ours | with building |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
for file in "$@"; do
    for solver in $solvers; do : >"$work/$solver"; done
    round=0
    while [ "$round" -lt "$rounds" ]; do
        for solver in $solvers; do solve "$solver" "$file"; done
        round=$((round + 1))
    done
    for solver in $solvers; do values "$solver" objective | grep . || echo "none by $solver"; done | sort -u >"$work/costs"
    [ "$(wc -l <"$work/costs")" -eq 1 ] || { echo "$file: costs differ:" $(cat "$work/costs") >&2; exit 1; }
    ! grep -q '"valid":false' "$work/dispatch" || { echo "$file: a certificate failed" >&2; exit 1; }
    for solver in $solvers; do row "$solver" "$file" "$(cat "$work/costs")"; done
done
