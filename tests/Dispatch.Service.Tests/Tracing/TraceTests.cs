using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Export;
using TrafficDispatch.Service.Tests.Export.Metrics;
using TrafficDispatch.Service.Tests.Export.Traces;

namespace TrafficDispatch.Service.Tests.Tracing;

/// <summary>From a caller's trace to the table that answered, and from there to the trace in which that table was solved.</summary>
public sealed class TraceTests
{
    private const string Caller = "4bf92f3577b34da6a3ce929d0e0e4736", CallerSpan = "00f067aa0ba902b7";

    [Fact]
    public async Task Traces_OfACallAndOfItsTable_AreJoined()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(http: false);
        using TestWorld world = TestWorld.Small().Save();
        using StateDirectory state = new();
        ResolveReply reply;
        await using (TestService service = await TestService.StartAsync(world.Directory, state.Path, null, "Solve:UtcHour=20", $"Otlp:Endpoint={receiver.Url}", "Otlp:Metrics=off"))
        {
            reply = await service.Routing.ResolveAsync(new() { ClientIp = "192.0.2.7", Service = "live" }, Traced("01"));
            await service.Routing.ResolveAsync(new() { ClientIp = "192.0.2.7", Service = "live" }, Traced("00"));
            await service.Resolve(new() { ClientIp = "192.0.2.7", Service = "live" });
            await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "news" }, Traced("01"));
            await Assert.ThrowsAsync<RpcException>(async () => await service.Routing.ResolveAsync(new() { ClientIp = "no address" }, Traced("01")));
            await service.Routing.ResolveBatchAsync(new() { Requests = { new ResolveRequest { ClientIp = "192.0.2.7" }, new ResolveRequest { ClientIp = "192.0.2.9" } } }, Traced("01"));
        }
        Span[] spans = [.. receiver.Spans];
        Span[] calls = [.. spans.Where(static s => s.Kind == 2)];
        // Two that were not sampled have left nothing.
        Assert.Equal(4, calls.Length);
        Assert.All(calls, static c => Assert.Equal((Caller, CallerSpan), (Hex(c.TraceId), Hex(c.ParentSpanId))));
        Span resolve = Assert.Single(calls, static c => c.Name == "dispatch.v1.Routing/Resolve" && c.Status?.Code != 2);
        Assert.Equal(
            [("dispatch.decisions", "1"), ("dispatch.overlay.version", reply.OverlayVersion.ToString()), ("dispatch.reason", "assigned"), ("dispatch.region", reply.RegionId), ("dispatch.service", "live"),
             ("dispatch.table.epoch", reply.TableEpoch.ToString()), ("dispatch.table.version", reply.TableVersion.ToString())],
            Attributes(resolve).Where(static a => a.Key.StartsWith("dispatch", StringComparison.Ordinal)).Select(static a => (a.Key, a.Value)).OrderBy(static a => a.Key, StringComparer.Ordinal));
        Assert.Equal("stream_origin", Attributes(Assert.Single(calls, static c => c.Name == "dispatch.v1.Relay/Route"))["dispatch.reason"]);
        Assert.Equal("3", Attributes(Assert.Single(calls, static c => c.Status?.Code == 2))["rpc.grpc.status_code"]);
        Assert.Equal("2", Attributes(Assert.Single(calls, static c => c.Name == "dispatch.v1.Routing/ResolveBatch"))["dispatch.decisions"]);
        AssertLeadsToTheSolve(spans, resolve);
        Assert.DoesNotContain("192.0.2", string.Join('\n', receiver.Traces), StringComparison.Ordinal);
    }

    /// <summary>A process that took its table from disk, as one does that took it from Redis, leads to the trace in which another told who solved it.</summary>
    [Fact]
    public async Task Traces_OfATableThatAnotherSolved_LeadToItsSolve()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(http: false);
        using TestWorld world = TestWorld.Small().Save();
        using StateDirectory state = new();
        string[] settings = ["Solve:UtcHour=20", $"Otlp:Endpoint={receiver.Url}", "Otlp:Metrics=off"];
        ulong solved;
        await using (TestService first = await TestService.StartAsync(world.Directory, state.Path, null, settings)) solved = (await first.Status()).TableVersion;
        ResolveReply reply;
        await using (TestService second = await TestService.StartAsync(world.Directory, state.Path, null, settings))
            reply = await second.Routing.ResolveAsync(new() { ClientIp = "192.0.2.7", Service = "live" }, Traced("01"));
        Assert.Equal(solved, reply.TableVersion);
        Span call = Assert.Single(receiver.Spans, static s => s.Kind == 2);
        Span table = Assert.Single(receiver.Spans, s => s.Name == "table" && s.TraceId == Assert.Single(call.Links).TraceId);
        Assert.Equal(reply.TableVersion.ToString(), Attributes(table)["dispatch.table.version"]);
        Span cycle = Assert.Single(receiver.Spans, s => s.SpanId == Assert.Single(table.Links).SpanId);
        Assert.Equal(("cycle", "published"), (cycle.Name, Attributes(cycle)["dispatch.cycle.result"]));
    }

    private static void AssertLeadsToTheSolve(Span[] spans, Span call)
    {
        Span.Types.Link link = Assert.Single(call.Links);
        Span cycle = Assert.Single(spans, s => s.SpanId == link.SpanId);
        Assert.Equal(("cycle", link.TraceId, ""), (cycle.Name, cycle.TraceId, Hex(cycle.ParentSpanId)));
        Assert.Equal("published", Attributes(cycle)["dispatch.cycle.result"]);
        Span[] steps = [.. spans.Where(s => s.TraceId == cycle.TraceId && s.ParentSpanId == cycle.SpanId).OrderBy(static s => s.StartTimeUnixNano)];
        Assert.Equal(["read facts", "plan", "build table", "guard", "publish", "swap", "failovers"], steps.Select(static s => s.Name));
        Span plan = steps[1];
        Span[] parts = [.. spans.Where(s => s.ParentSpanId == plan.SpanId).OrderBy(static s => s.StartTimeUnixNano)];
        Assert.Equal(["formulate", "solve"], parts.Select(static s => s.Name));
        Assert.Equal((plan.StartTimeUnixNano, parts[1].StartTimeUnixNano), (parts[0].StartTimeUnixNano, parts[0].EndTimeUnixNano));
        Assert.True(parts[1].EndTimeUnixNano <= plan.EndTimeUnixNano);
        Dictionary<string, string> solve = Attributes(parts[1]);
        Assert.Equal(("Optimal", "true", "0"), (solve["dispatch.solve.status"], solve["dispatch.solve.proved"], solve["dispatch.solve.unserved_mbps"]));
        Assert.True(Int128.Parse(solve["dispatch.solve.cost"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal("made", Attributes(steps[^1])["dispatch.failures.state"]);
    }

    private static Metadata Traced(string flags) => new() { { "traceparent", $"00-{Caller}-{CallerSpan}-{flags}" } };

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static Dictionary<string, string> Attributes(Span span) => span.Attributes.ToDictionary(static a => a.Key, static a => a.Value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => a.Value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => a.Value.BoolValue ? "true" : "false",
        _ => a.Value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
    });
}
