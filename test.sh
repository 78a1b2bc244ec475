#!/usr/bin/env bash
# Builds everything and runs every test that guards a change. `./test.sh --long` adds the soaks and long fuzzing.
# As root it installs what the tests need; otherwise it says which apt line is missing and stops.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
case "${1:-}" in
  "") export DISPATCH_LONG_TESTS=0 ;;
  --long) export DISPATCH_LONG_TESTS=1 ;;
  *) echo "usage: ./test.sh [--long]" >&2; exit 2 ;;
esac

echo "== tools"
tests/tools/install.sh

echo "== build (warnings are errors)"
dotnet build TrafficDispatch.sln -c Release --nologo -v quiet

# Two cores are busy only with two things at once: what does not measure time runs beside something else, and is shown whole when it is done.
logs=artifacts/test-logs
rm -rf "$logs"
mkdir -p "$logs"

# What style and analyzers ask for the build has enforced; the rest of `dotnet format --verify-no-changes` is white space and the order of usings.
dotnet format whitespace TrafficDispatch.sln --verify-no-changes --no-restore >"$logs/format" 2>&1 &
format=$!
echo "== package and sample"
tests/tools/sample.sh
echo "== format"
wait "$format" || { cat "$logs/format"; exit 1; }

results=artifacts/test-results
rm -rf "$results"
failed=0
tests() {
  local lane=0
  for project in "$@"; do
    echo "== tests: $project"
    dotnet test "tests/Dispatch.$project.Tests" -c Release --no-build --nologo -v quiet \
      --logger "trx;LogFileName=$project.trx" --results-directory "$results" || lane=1
  done
  return "$lane"
}
# Fast and low-level first: a broken arrow or kernel is told before servers are started. Those wait often, the solver's never do.
tests Architecture || failed=1
tests Dns State Cli Rpc Docs Pages >"$logs/servers" 2>&1 &
servers=$!
tests Core || failed=1
wait "$servers" || failed=1
cat "$logs/servers"
tests Service || failed=1

echo "== totals"
python=$(command -v /usr/bin/python3 || command -v python3)
"$python" tests/tools/totals.py "$results"
exit "$failed"
