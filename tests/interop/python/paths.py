"""Reports a failing path and asks for another with Debian's grpcio: paths.py ADDRESS DESCRIPTORS."""

import sys

import grpc

from harness import Report, Schema, failure


def main(address, descriptors):
    report = Report()
    schema = Schema(descriptors)
    route = schema.message("dispatch.v1.RouteRequest")
    blame = schema.message("dispatch.v1.ReportPathRequest")
    with grpc.insecure_channel(address) as channel:
        relay = schema.stub(channel, "dispatch.v1.Relay")

        def ask(**more):
            return relay.Route(route(node_id="own-bos", stream_key="news", **more), timeout=10)

        before = ask()
        hops = [hop.node_id for hop in before.paths[0].hops]
        report.check("three paths", len(before.paths) == 3, hops)
        reply = relay.ReportPath(blame(node_id="own-bos", stream_key="news", hops=hops, trouble=2, failed_hop=1,
                                       table_epoch=before.table_epoch, table_version=before.table_version), timeout=10)
        report.check("taken", reply.taken and [(h.to) for h in reply.avoided] == hops[:1], reply.reason)
        after = ask()
        report.check("left at once", all(path.hops[0].node_id != hops[0] for path in after.paths), after.reason)
        report.check("version rises", after.path_version > before.path_version, after.path_version)
        excluded = ask(exclude_hops=[{"from": "own-bos", "to": after.paths[0].hops[0].node_id}])
        report.check("an excluded hop", excluded.paths[0].hops[0].node_id not in (hops[0], after.paths[0].hops[0].node_id), excluded.reason)
        current = [hop.node_id for hop in after.paths[0].hops]
        report.check("the path in use", ask(current=current).paths[0].current)
        error = failure(lambda: relay.ReportPath(blame(node_id="own-bos", stream_key="news", hops=hops), timeout=10))
        report.check("no trouble", error is not None and error.code() == grpc.StatusCode.INVALID_ARGUMENT, error and error.details())
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
