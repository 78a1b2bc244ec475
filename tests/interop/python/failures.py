"""Calls that fail: each must end with the status that the protocol asks for, and in time."""

import threading
import time

import grpc

from harness import failure, trailers

Code = grpc.StatusCode


def statuses(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        error = failure(lambda: echo.Unary(request(behaviour=1)))
        report.check("NOT_FOUND", error.code() == Code.NOT_FOUND)
        report.check("detail outside ASCII", error.details() == "no ‘pöol’ at 100%\n", repr(error.details()))
        seen = trailers(error)
        report.check("trailers of failure", seen.get("x-trail") == "t1" and seen.get("x-trail-bin") == b"\x01\x02\xff", seen)
        error = failure(lambda: echo.Unary(request(behaviour=4)))
        report.check("exception is UNKNOWN", error.code() == Code.UNKNOWN and "secret" not in error.details(), error.details())
        error = failure(lambda: echo.Unary(request(behaviour=6)))
        report.check("status of the context", error.code() == Code.FAILED_PRECONDITION and error.details() == "set on the context")
        error = failure(lambda: list(echo.Expand(request(behaviour=8, count=3))))
        report.check("stream, then ABORTED", error.code() == Code.ABORTED and error.details() == "after 3")
        error = failure(lambda: echo.Collect(iter([request(behaviour=1)])))
        report.check("client stream refused", error.code() == Code.NOT_FOUND)


def deadlines(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        for name, behaviour in (("token honoured", 2), ("token ignored", 3)):
            start = time.monotonic()
            error = failure(lambda b=behaviour: echo.Unary(request(behaviour=b), timeout=0.3))
            took = time.monotonic() - start
            report.check(f"deadline, {name}", error.code() == Code.DEADLINE_EXCEEDED and took < 4, f"{took:.2f} s")
        start = time.monotonic()
        error = failure(lambda: list(echo.Expand(request(count=1000, pause_ms=50), timeout=0.4)))
        took = time.monotonic() - start
        report.check("deadline of a stream", error.code() == Code.DEADLINE_EXCEEDED and took < 4, f"{took:.2f} s")
        report.check("still serving", echo.Unary(request(text="x")).text == "x")


def cancellation(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        call = echo.Unary.future(request(behaviour=2))
        threading.Timer(0.2, call.cancel).start()
        error = None
        try:
            call.result()
        except grpc.FutureCancelledError as cancelled:
            error = cancelled
        report.check("cancelled unary", error is not None and call.cancelled())
        stream = echo.Expand(request(count=1_000_000, response_bytes=1000))
        next(stream)
        stream.cancel()
        error = failure(lambda: list(stream))
        report.check("cancelled stream", error.code() == Code.CANCELLED)


def limits(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target, options=(("grpc.max_receive_message_length", 64 << 20),)) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        error = failure(lambda: echo.Unary(request(payload=b"z" * (2 << 20))))
        report.check("request too large", error.code() == Code.RESOURCE_EXHAUSTED, error.details())
        error = failure(lambda: echo.Unary(request(response_bytes=9 << 20)))
        report.check("answer too large", error.code() == Code.RESOURCE_EXHAUSTED, error.details())
        bomb = request(payload=bytes(50 << 20))
        error = failure(lambda: echo.Unary(bomb, compression=grpc.Compression.Gzip))
        report.check("gzip bomb", error.code() == Code.RESOURCE_EXHAUSTED, error.details())
        error = failure(lambda: echo.Unary(request(text="d" * 999), compression=grpc.Compression.Deflate))
        report.check("deflate is UNIMPLEMENTED", error.code() == Code.UNIMPLEMENTED, error.details())


def unknown_and_malformed(report, schema, target):
    with grpc.insecure_channel(target) as channel:
        for name, path, body, code in (
                ("unknown method", "/echo.v1.Echo/Nope", b"", Code.UNIMPLEMENTED),
                ("unknown service", "/no.Such/Thing", b"", Code.UNIMPLEMENTED),
                ("malformed message", "/echo.v1.Echo/Unary", b"\xff\xff\xff\xff", Code.INTERNAL)):
            call = channel.unary_unary(path)
            error = failure(lambda c=call, b=body: c(b))
            report.check(name, error.code() == code, error.details())
        chat = channel.stream_stream("/echo.v1.Echo/Chat")
        error = failure(lambda: list(chat(iter([b"", b"\xff\xff"]))))
        report.check("malformed message in a stream", error.code() == Code.INTERNAL, error.details())
