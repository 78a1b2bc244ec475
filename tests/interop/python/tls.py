"""Calls over mutual TLS with Debian's grpcio: tls.py ADDRESS CA CERTIFICATE KEY."""

import sys
import time

import grpc

from harness import Report

# Bytes as they are: the health service's request is empty, and its reply is one enum.
SERVING = b"\x08\x01"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def check(channel, **options):
    return channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10, **options)


def main(address, ca, certificate, key):
    report = Report()
    trusted = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    # A ping every 200 ms on a connection that carries nothing else.
    pings = [("grpc.keepalive_time_ms", 200), ("grpc.keepalive_timeout_ms", 2000), ("grpc.keepalive_permit_without_calls", 1), ("grpc.http2.max_pings_without_data", 0)]
    with grpc.secure_channel(address, trusted, pings) as channel:
        report.check("a call", check(channel) == SERVING)
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")(b"")
        report.check("a stream", next(watch) == SERVING)
        time.sleep(1)
        report.check("the same connection after pings", check(channel) == SERVING)
        watch.cancel()
    try:
        with grpc.secure_channel(address, grpc.ssl_channel_credentials(read(ca))) as channel:
            check(channel)
        report.check("without a certificate", False)
    except grpc.RpcError as error:
        report.check("without a certificate", error.code() == grpc.StatusCode.UNAVAILABLE, error.details())
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
