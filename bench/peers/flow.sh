#!/bin/sh
# Solves DIMACS files with `dispatch flow` and with LEMON's network simplex in turn and prints the ratios.
#   bench/peers/lemon.sh FILE.min... [REPEAT=5 in the environment]
# Needs g++ and Debian's liblemon-dev (LEMON 1.3.1). Solve times exclude reading; an unequal cost is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
repeat=${REPEAT:-5}
[ $# -gt 0 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
command -v g++ >/dev/null || { echo "apt-get install -y g++" >&2; exit 6; }
[ -f /usr/include/lemon/network_simplex.h ] || { echo "apt-get install -y liblemon-dev" >&2; exit 6; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g++ -O3 -march=native -std=c++17 -w -o "$work/driver" "$here/lemon_driver.cpp"
dotnet build "$root/src/Dispatch.Cli" -c Release -v q --nologo >&2

# The number behind a key of a flat JSON object, by exact name.
figure() { grep -o "\"$1\": *-\{0,1\}[0-9.]*" | head -1 | sed 's/.*: *//'; }

echo "| file | cost | dispatch build+solve ms | LEMON build+solve ms | LEMON / dispatch, solve | with building |"
echo "| --- | --- | --- | --- | --- | --- |"
for file in "$@"; do
    dotnet run -c Release --no-build --project "$root/src/Dispatch.Cli" -- flow "$file" --json --repeat "$repeat" >"$work/ours"
    "$work/driver" simplex "$file" "$repeat" >"$work/theirs"
    cost=$(figure objective <"$work/ours")
    [ "$cost" = "$(figure objective <"$work/theirs")" ] || { echo "$file: costs differ" >&2; exit 1; }
    ob=$(figure build_ms <"$work/ours"); os=$(figure solve_ms <"$work/ours")
    tb=$(figure build_ms <"$work/theirs"); ts=$(figure solve_ms <"$work/theirs")
    awk -v f="$(basename "$file")" -v c="$cost" -v ob="$ob" -v os="$os" -v tb="$tb" -v ts="$ts" \
        'BEGIN { printf "| %s | %s | %.1f + %.1f | %.1f + %.1f | %.2f | %.2f |\n", f, c, ob, os, tb, ts, ts / os, (tb + ts) / (ob + os) }'
done
