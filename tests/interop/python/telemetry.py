"""Reports samples with Debian's grpcio: telemetry.py ADDRESS DESCRIPTORS UNIX_MS."""

import sys

import grpc

from harness import Report, Schema


def batches(schema, now, sequences):
    batch = schema.message("dispatch.v1.ReportBatch")
    for sequence in sequences:
        message = batch(reporter_id="py-1", sequence=sequence, measured_unix_ms=now)
        for i in range(20):
            message.paths.add(region_id="US-01", edge_id="own-bos", network="AS64500", rtt_ms=15.0 + i % 3, packets_sent=100, packets_lost=1)
        message.paths.add(region_id="US-01", edge_id="own-bos", rtt_ms=-1.0)
        message.paths.add(client_ip="192.0.2.7", edge_id="own-par", rtt_ms=9.0)
        message.loads.add(region_id="US-01", edge_id="own-bos", mbps=700.0)
        message.resolvers.add(resolver_ip="198.51.100.53", region_id="US-01", clients_seen=30)
        yield message


def main(address, descriptors, now):
    report = Report()
    schema = Schema(descriptors)
    with grpc.insecure_channel(address) as channel:
        stub = schema.stub(channel, "dispatch.v1.Telemetry")
        reply = stub.Report(batches(schema, now, [1, 2, 3]), timeout=30)
        report.check("three batches", reply.batches == 3, reply.batches)
        report.check("accepted", reply.accepted == 3 * 23, reply.accepted)
        report.check("rejected by reason", [(r.reason, r.samples) for r in reply.reasons] == [("not_positive", 3)], reply.reasons)
        reply = stub.Report(batches(schema, now, [2, 3]), timeout=30)
        report.check("duplicates count once", (reply.accepted, reply.duplicate_batches) == (0, 2), reply)
        try:
            nameless = schema.message("dispatch.v1.ReportBatch")(sequence=1)
            stub.Report(iter([nameless]), timeout=30)
            report.check("a reporter without a name", False)
        except grpc.RpcError as error:
            report.check("a reporter without a name", error.code() == grpc.StatusCode.INVALID_ARGUMENT, error.details())
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
