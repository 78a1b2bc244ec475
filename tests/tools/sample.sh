#!/usr/bin/env bash
# Packs TrafficDispatch.Core and TrafficDispatch.Client, then builds and runs the samples against that package from a folder feed, offline; and holds the
# C# of docs/flow.md against the sample it is taken from, so that what the page shows is what compiles and runs. Samples that ask a service are run by
# tests/Dispatch.Docs.Tests and tests/Dispatch.Service.Tests; here their projects are built as a reader builds them.
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
dotnet pack src/Dispatch.Client -c Release --nologo -v quiet -o artifacts/packages
/usr/bin/python3 - artifacts/packages/TrafficDispatch.Client.*[0-9].nupkg <<'PYTHON'
import sys, zipfile
held = set(zipfile.ZipFile(sys.argv[1]).namelist())
lib = {f"lib/net10.0/Dispatch.{name}" for name in ("Client.dll", "Client.xml", "Protocol.dll", "Rpc.dll")}
# Whoever compiles against it must not meet the gRPC layer's names.
ref = {name for name in held if name.startswith("ref/")}
sys.exit(0 if held >= lib | {"README.md"} and ref == {"ref/net10.0/Dispatch.Client.dll", "ref/net10.0/Dispatch.Client.xml"} else f"the package holds {sorted(held)}")
PYTHON
/usr/bin/python3 - docs/flow.md docs/samples/resolve-a-failure/Program.cs <<'PYTHON'
import re, sys
page, program = (open(path, encoding="utf-8").read() for path in sys.argv[1:])
lines = {line.strip() for line in program.splitlines()}
snippets = re.findall(r"```csharp\n(.*?)```", page, re.S)
strange = [line for snippet in snippets for line in snippet.splitlines() if line.strip() and line.strip() not in lines]
if not snippets or strange:
    sys.exit("docs/flow.md shows what the sample does not have:\n" + "\n".join(strange))
printed = re.findall(r"```console\n(.*?)```", page, re.S)
open("artifacts/sample-expected.txt", "w", encoding="utf-8").write("".join(printed))
PYTHON

# Which of several equal optima is taken, and how many pivots lead there, are the solver's to change.
same() { sed -E 's/[0-9]+ (pivots|moved|arcs)/N \1/g'; }
run() { dotnet run --project "docs/samples/$1" -c Release --no-launch-profile -- "${@:2}"; }

out=$(run planner data/world)
echo "$out"
echo "$out" | grep -q '^without cdn-bunny: ' || { echo "the planner's sample did not answer" >&2; exit 1; }
out=$(run resolve-a-failure)
echo "$out"
diff <(same <artifacts/sample-expected.txt) <(echo "$out" | same) || { echo "resolve-a-failure prints otherwise than docs/flow.md says" >&2; exit 1; }
for sample in client gslb-csharp; do
  dotnet build "docs/samples/$sample" -c Release --nologo -v quiet || { echo "$sample does not build from a clone" >&2; exit 1; }
done
