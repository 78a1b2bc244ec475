"""Runs every scenario: run.py HOST:PORT DESCRIPTOR_SET. Exits with 1 if a check failed."""

import sys

import grpc

import calls
import failures
import standard
from harness import Report, Schema


def main(target, descriptors):
    report = Report()
    schema = Schema(descriptors)
    for compression in (None, grpc.Compression.Gzip):
        report.run(calls.four_kinds, schema, target, compression)
    for scenario in (
            calls.ping_pong, calls.metadata, calls.large, calls.concurrent,
            failures.statuses, failures.deadlines, failures.cancellation, failures.limits, failures.unknown_and_malformed,
            standard.health, calls.slow_upload):
        report.run(scenario, schema, target)
    for version in ("v1", "v1alpha"):
        report.run(standard.reflection, schema, target, version)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
