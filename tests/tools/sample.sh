#!/usr/bin/env bash
# Packs TrafficDispatch.Core, then builds and runs the planner's sample against that package from a folder feed, offline.
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -rf artifacts/packages artifacts/sample
dotnet pack src/Dispatch.Core -c Release --nologo -v quiet -o artifacts/packages
ls artifacts/packages/TrafficDispatch.Core.*.nupkg artifacts/packages/TrafficDispatch.Core.*.snupkg
/usr/bin/python3 - artifacts/packages/TrafficDispatch.Core.*[0-9].nupkg <<'PYTHON'
import sys, zipfile
held = set(zipfile.ZipFile(sys.argv[1]).namelist())
missing = {"lib/net10.0/Dispatch.Core.dll", "lib/net10.0/Dispatch.Core.xml", "README.md"} - held
sys.exit(f"the package lacks {sorted(missing)}" if missing else 0)
PYTHON
out=$(dotnet run --project docs/samples/planner -c Release --no-launch-profile -- data/world)
echo "$out"
echo "$out" | grep -q '^without cdn-bunny: ' || { echo "the sample did not answer" >&2; exit 1; }
