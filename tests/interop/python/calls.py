"""Calls that succeed: the four kinds, plain and compressed, many, large and slow."""

import queue
import threading

import grpc


def four_kinds(report, schema, target, compression):
    name = "identity" if compression is None else compression.name
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target, compression=compression or grpc.Compression.NoCompression) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        reply = echo.Unary(request(text="grüße" * 60, payload=b"\x00\xff", labels={"a": "b"}))
        report.check(f"unary {name}", reply.text == "grüße" * 60 and reply.payload == b"\x00\xff" and reply.labels["a"] == "b")
        numbers = [m.number for m in echo.Expand(request(count=500, text="x" * 100))]
        report.check(f"server stream {name}", numbers == list(range(500)), len(numbers))
        reply = echo.Collect(request(payload=b"a" * 1000) for _ in range(100))
        report.check(f"client stream {name}", (reply.number, reply.text) == (100, "100000"))
        texts = [m.text for m in echo.Chat(request(text="t" * i) for i in range(200))]
        report.check(f"duplex {name}", texts == ["t" * i for i in range(200)])
        compressed = schema.stub(channel, "echo.v1.CompressedEcho")
        reply = compressed.Unary(request(text="y" * 50000))
        report.check(f"gzip answer {name}", reply.text == "y" * 50000)
        report.check(f"empty gzip answer {name}", compressed.Unary(request()).text == "")
        report.check(f"gzip stream {name}", sum(len(m.text) for m in compressed.Expand(request(count=30, text="z" * 999))) == 29970)
        report.check(f"raw answer {name}", echo.Cached(request(text="c" * 300)).text == "c" * 300)


def ping_pong(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        outgoing = queue.Queue()
        call = schema.stub(channel, "echo.v1.Echo").Chat(iter(outgoing.get, None))
        good = True
        for i in range(100):
            outgoing.put(request(text=str(i)))
            good &= next(call).text == str(i)
        outgoing.put(None)
        report.check("ping-pong", good and list(call) == [] and call.code() == grpc.StatusCode.OK)


def metadata(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        _, call = echo.Unary.with_call(request(behaviour=5), metadata=(("x-in", "hello"),))
        report.check("response headers", dict(call.initial_metadata()).get("x-head") == "hello")
        report.check("trailers of success", dict(call.trailing_metadata()).get("x-trail") == "t2")
        reply = echo.Unary(request(behaviour=7), timeout=30, metadata=(("k-bin", b"\x00\xff"), ("k", "v")))
        seen = dict(reply.labels)
        report.check("request headers", seen.get("k-bin") == "00FF" and seen.get("k") == "v", seen)
        report.check("peer, method, host", seen["peer"].startswith("ipv4:127.0.0.1:") and seen["method"] == "/echo.v1.Echo/Unary" and seen["host"] == target)
        report.check("deadline seen", 28 < float(seen["remaining_s"]) <= 31, seen["remaining_s"])


def large(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        report.check("3 MB answer", len(echo.Unary(request(response_bytes=3_000_000)).payload) == 3_000_000)
        report.check("1 MB request", len(echo.Unary(request(payload=b"q" * 1_000_000)).payload) == 1_000_000)
        total = sum(len(m.payload) for m in echo.Expand(request(count=40, response_bytes=1_000_000)))
        report.check("40 MB stream", total == 40_000_000, total)


def concurrent(report, schema, target):
    request = schema.message("echo.v1.EchoRequest")
    with grpc.insecure_channel(target) as channel:
        echo = schema.stub(channel, "echo.v1.Echo")
        calls = [echo.Unary.future(request(text="a" * (i % 200))) for i in range(2000)]
        report.check("2000 at once", all(len(c.result().text) == i % 200 for i, c in enumerate(calls)))


def slow_upload(report, schema, target):
    """Longer and slower than the HTTP server's least data rate for bodies allows."""
    request = schema.message("echo.v1.EchoRequest")
    pause = threading.Event()

    def messages():
        for _ in range(4):
            yield request(payload=b"q")
            pause.wait(2.1)

    with grpc.insecure_channel(target) as channel:
        report.check("slow client stream, 8.4 s", schema.stub(channel, "echo.v1.Echo").Collect(messages()).number == 4)
