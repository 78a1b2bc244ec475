"""Asks what if with Debian's grpcio: planner.py ADDRESS DESCRIPTORS."""

import json
import sys

import grpc

from harness import Report, Schema, failure, trailers

SWEEP = {"name": "night", "variants": [[{"name": f"+{p}%", "edits": [{"surge": "all", "factor": 1 + p / 100}]} for p in range(0, 50, 10)],
                                       [{"name": e, "edits": [{"fail": f"edge:{e}"}]} for e in ("own-par", "own-bos", "cdn-par")]]}


def main(address, descriptors):
    report = Report()
    schema = Schema(descriptors)
    request = schema.message("dispatch.v1.WhatIfRequest")
    with grpc.insecure_channel(address) as channel:
        stub = schema.stub(channel, "dispatch.v1.Planner")

        def ask(scenario, **more):
            return stub.WhatIf(request(scenario=json.dumps(scenario), **more), timeout=60)

        updates = list(ask({"name": "Paris gone", "edits": [{"fail": "edge:own-par"}]}, most=2))
        kinds = [u.WhichOneof("update") for u in updates if u.WhichOneof("update") != "progress"]
        report.check("one case", kinds == ["started", "case_result", "difference", "done"], kinds)
        difference = next(u.difference for u in updates if u.WhichOneof("update") == "difference")
        gone = [e for e in difference.edges if e.edge_id == "own-par"]
        report.check("what fails carries nothing", len(gone) == 1 and gone[0].after_mbps == 0 and gone[0].capacity_after_mbps == 0, difference)
        report.check("rows as asked for", len(difference.edges) == 2 and difference.edges_left_out.rows > 0, difference.edges_left_out)
        started = next(u.started for u in updates if u.WhichOneof("update") == "started")
        report.check("demand is conserved", difference.before.demand_mbps == difference.after.demand_mbps == started.baseline.demand_mbps > 0, started)

        cases = [u.case_result for u in ask(SWEEP) if u.WhichOneof("update") == "case_result"]
        names = [f"+{p}%, {e}" for p in range(0, 50, 10) for e in ("own-par", "own-bos", "cdn-par")]
        report.check("every case once, with its place", [c.name for c in sorted(cases, key=lambda c: c.index)] == names, cases)

        failures = [u.case_result for u in stub.WhatIf(request(failures={"operators": True}), timeout=60) if u.WhichOneof("update") == "case_result" and u.case_result.failure]
        report.check("failures", {"domain:FR:Paris", "operator:own"} <= {f.name for f in failures}, [f.name for f in failures])

        error = failure(lambda: list(ask({"edits": [{"fail": "edge:own-par", "factor": 2}]})))
        report.check("a fault with its place", error.code() == grpc.StatusCode.INVALID_ARGUMENT and error.details().startswith("1:37: edits[0].factor: is unknown here"), error)
        error = failure(lambda: list(ask({"edits": [{"fail": "edge:x"}, {"drain": "edge:y"}]})))
        report.check("a line for each fault", [line.split(" ")[1] for line in error.details().split("\n")] == ["edits[0]:", "edits[1]:"], error)

        call = ask(SWEEP)
        next(call)
        call.cancel()
        report.check("cancelled", failure(lambda: list(call)).code() == grpc.StatusCode.CANCELLED)
        report.check("asked again", [u.WhichOneof("update") for u in ask({})][-1] == "done")
        report.check("no pushback where nothing is refused", "grpc-retry-pushback-ms" not in trailers(error))
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
