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

# What style and analyzers ask for the build has enforced; the rest of `dotnet format --verify-no-changes` is white space and the order of usings.
echo "== format"
dotnet format whitespace TrafficDispatch.sln --verify-no-changes --no-restore

echo "== package and sample"
tests/tools/sample.sh

results=artifacts/test-results
rm -rf "$results"
failed=0
# Fast and low-level first: a broken arrow or kernel is told before servers are started.
for project in Architecture Core Dns State Cli Rpc Service; do
  echo "== tests: $project"
  dotnet test "tests/Dispatch.$project.Tests" -c Release --no-build --nologo -v quiet \
    --logger "trx;LogFileName=$project.trx" --results-directory "$results" || failed=1
done

echo "== totals"
python=$(command -v /usr/bin/python3 || command -v python3)
"$python" tests/tools/totals.py "$results"
exit "$failed"
