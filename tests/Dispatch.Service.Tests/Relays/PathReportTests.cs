using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Relays;

/// <summary>Reports about paths from the wire to the answers, in one process.</summary>
public sealed class PathReportTests : IDisposable
{
    private readonly TestWorld _world = RelayWorld.Create().Save();
    private readonly StateDirectory _state = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task ReportPath_FirstPathFails_IsLeftAtOnceTriedAgainAndComesBack()
    {
        await using TestService service = await Start();
        RouteReply before = await Route(service, "own-par");
        string[] first = Hops(before.Paths[0]);
        Assert.Equal((3, 0ul, "rl-par"), (before.Paths.Count, before.PathVersion, first[0]));
        ReportPathReply reply = await service.Relay.ReportPathAsync(Failure("own-par", first, PathTrouble.ConnectFailure));
        Assert.Equal((true, 30_000ul, 1ul), (reply.Taken, reply.HoldMs, reply.PathVersion));
        RouteReply after = await Route(service, "own-par");
        Assert.All(after.Paths, p => Assert.NotEqual(first[0], p.Hops[0].NodeId));
        Assert.Contains("left out: a hop on them is reported to fail.", after.Reason, StringComparison.Ordinal);
        Assert.True(after.PathVersion > 0);
        // Another node's hop to the same relay is another hop.
        Assert.Equal(Hops((await Route(service, "cdn-par")).Paths[0])[0], first[0]);
        StatusReply status = await service.Status();
        Assert.Equal((1ul, 2), (status.Paths.ReportsTotal["connect_failure"], status.Paths.Hops.Count));
        Assert.Contains(status.Paths.Hops, static h => (h.From, h.To, h.State, h.Asker, h.Reporters) == ("own-par", "rl-par", "avoided", "", 1u));
        Assert.Contains(service.Log.All, static l => l.Contains("answers keep away from", StringComparison.Ordinal));
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics"));
        Assert.Contains("dispatch_path_hops{state=\"avoided\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(metrics));

        service.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("trial", Assert.Single((await service.Status()).Paths.Hops).State);
        service.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(first, Hops((await Route(service, "own-par")).Paths[0]));
    }

    [Fact]
    public async Task ReportPath_EverythingFails_AnswersTheLastResortInWordsUntilItWorks()
    {
        await using TestService service = await Start();
        foreach (string relay in RelayWorld.Relays) await service.Relay.ReportPathAsync(Failure("own-par", [relay, "og-par"], PathTrouble.Loss, failedHop: 1));
        RouteReply none = await Route(service, "own-par");
        Assert.Equal((ReasonCode.LastResort, 1), (none.ReasonCode, none.Paths.Count));
        Assert.Contains("every path from own-par that is up has a hop that is reported to fail", none.Reason, StringComparison.Ordinal);
        ReportPathReply back = await service.Relay.ReportPathAsync(Failure("own-par", ["rl-ams", "og-par"], PathTrouble.Works, failedHop: 1));
        Assert.True(back.Taken);
        back = await service.Relay.ReportPathAsync(Failure("own-par", ["rl-ams", "og-par"], PathTrouble.Works, failedHop: 1));
        Assert.True(back.Taken);
        RouteReply again = await Route(service, "own-par");
        Assert.Equal((ReasonCode.StreamOrigin, "rl-ams"), (again.ReasonCode, again.Paths[0].Hops[0].NodeId));
    }

    [Fact]
    public async Task ReportPath_ThreeNeighbours_TakeTheRelayOutForAllWhereTheCapLets()
    {
        await using TestService service = await Start("Paths:RelayQuorum=2", "Paths:MostTakenPercent=40");
        foreach (string edge in (string[])["own-par", "own-bos"]) await service.Relay.ReportPathAsync(Failure(edge, ["rl-par", "og-par"], PathTrouble.ConnectFailure, failedHop: 1));
        Assert.All((await Route(service, "cdn-par")).Paths, static p => Assert.DoesNotContain("rl-par", Hops(p)));
        StatusReply status = await service.Status();
        Assert.Contains(status.Overlay, static o => (o.Source, o.Kind, o.Id, o.State) == ("paths", "relay", "rl-par", "down"));
        Assert.Equal(["rl-par"], status.Paths.DownRelays);
        service.Clock.Advance(TimeSpan.FromSeconds(32));
        Assert.DoesNotContain((await service.Status()).Overlay, static o => o.Source == "paths");
    }

    [Fact]
    public async Task ReportPath_Mild_DoesNotCount()
    {
        await using TestService service = await Start();
        ReportPathRequest loss = Failure("own-par", ["rl-par", "og-par"], PathTrouble.Loss);
        loss.LossPercent = 1.9;
        ReportPathRequest slow = Failure("own-par", ["rl-par", "og-par"], PathTrouble.Rtt);
        slow.RttMs = 25;
        foreach (ReportPathRequest mild in (ReportPathRequest[])[loss, slow])
        {
            ReportPathReply reply = await service.Relay.ReportPathAsync(mild);
            Assert.Equal((false, 0ul), (reply.Taken, reply.HoldMs));
            Assert.Contains("not bad enough", reply.Reason, StringComparison.Ordinal);
        }
        slow.RttMs = 27;
        Assert.True((await service.Relay.ReportPathAsync(slow)).Taken);
        Assert.Equal(2ul, (await service.Status()).Paths.RefusedTotal["mild"]);
    }

    [Fact]
    public async Task ReportPath_Faulty_NamesTheField()
    {
        await using TestService service = await Start();
        (ReportPathRequest Request, StatusCode Code, string Field)[] faults =
        [
            (Failure("", ["rl-par"], PathTrouble.Loss), StatusCode.InvalidArgument, "node_id"),
            (Failure("nobody", ["rl-par"], PathTrouble.Loss), StatusCode.NotFound, "node_id"),
            (Failure("og-par", ["rl-par"], PathTrouble.Loss), StatusCode.InvalidArgument, "node_id"),
            (Failure("own-par", [], PathTrouble.Loss), StatusCode.InvalidArgument, "hops"),
            (Failure("own-par", ["rl-par", "rl-ams", "rl-lon", "rl-mad", "og-par"], PathTrouble.Loss), StatusCode.InvalidArgument, "hops"),
            (Failure("own-par", ["rl-par", "nobody"], PathTrouble.Loss), StatusCode.NotFound, "hops[1]"),
            (Failure("own-par", ["own-bos"], PathTrouble.Loss), StatusCode.InvalidArgument, "hops[0]"),
            (Failure("rl-par", ["rl-par"], PathTrouble.Loss), StatusCode.InvalidArgument, "hops[0]"),
            (Failure("own-par", ["rl-par"], PathTrouble.Loss, 2), StatusCode.InvalidArgument, "failed_hop"),
            (Failure("own-par", ["rl-par"], PathTrouble.Unspecified), StatusCode.InvalidArgument, "trouble"),
            (Failure("own-par", ["rl-par"], PathTrouble.Loss, 0, ""), StatusCode.InvalidArgument, "stream_key"),
            (new(Failure("own-par", ["rl-par"], PathTrouble.Loss)) { LossPercent = 101 }, StatusCode.InvalidArgument, "loss_percent"),
            (new(Failure("own-par", ["rl-par"], PathTrouble.Rtt)) { RttMs = double.NaN }, StatusCode.InvalidArgument, "rtt_ms"),
        ];
        foreach ((ReportPathRequest request, StatusCode code, string field) in faults)
        {
            Grpc.Core.Status status = (await Assert.ThrowsAsync<RpcException>(async () => await service.Relay.ReportPathAsync(request))).Status;
            Assert.Equal(code, status.StatusCode);
            Assert.StartsWith(field + " ", status.Detail, StringComparison.Ordinal);
        }
        RouteRequest route = new() { NodeId = "own-par", StreamKey = "news", ExcludeHops = { new HopPair { From = "own-par", To = "nobody" } } };
        Assert.StartsWith("exclude_hops[0].to ", (await Assert.ThrowsAsync<RpcException>(async () => await service.Relay.RouteAsync(route))).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReportPath_TooOften_IsExhausted()
    {
        await using TestService service = await Start();
        StatusCode last = StatusCode.OK;
        for (int i = 0; i < 21 && last == StatusCode.OK; i++)
        {
            try
            {
                await service.Relay.ReportPathAsync(Failure("own-par", ["rl-par", "og-par"], PathTrouble.Loss));
            }
            catch (RpcException e)
            {
                last = e.StatusCode;
                Assert.Equal(20, i);
            }
        }
        Assert.Equal(StatusCode.ResourceExhausted, last);
        // Others are not held up by it, and it is let in again.
        Assert.True((await service.Relay.ReportPathAsync(Failure("own-bos", ["rl-par", "og-par"], PathTrouble.Loss))).Taken);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await service.Relay.ReportPathAsync(Failure("own-par", ["rl-par", "og-par"], PathTrouble.Loss));
    }

    [Fact]
    public async Task ReportPath_TokenFileIsSet_NodeSpeaksForItselfAlone()
    {
        await File.WriteAllTextAsync(_file, "own-par par-token\n* any-token\n");
        await using TestService service = await Start($"Paths:TokenFile={_file}");
        (string Node, string? Header, StatusCode Expected)[] calls =
        [
            ("own-par", "Bearer par-token", StatusCode.OK), ("own-bos", "Bearer any-token", StatusCode.OK), ("own-bos", "Bearer par-token", StatusCode.PermissionDenied),
            ("own-par", "Bearer wrong", StatusCode.Unauthenticated), ("own-par", null, StatusCode.Unauthenticated),
        ];
        foreach ((string node, string? header, StatusCode expected) in calls)
        {
            Metadata headers = [];
            if (header is not null) headers.Add("authorization", header);
            StatusCode code = StatusCode.OK;
            try
            {
                await service.Relay.ReportPathAsync(Failure(node, ["rl-par", "og-par"], PathTrouble.Loss), headers);
            }
            catch (RpcException e)
            {
                code = e.StatusCode;
            }
            Assert.Equal((expected, header), (code, header));
        }
        Assert.DoesNotContain(service.Log.All, static l => l.Contains("-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Route_PathInUse_StaysFirstWithinTheMarginAndSaysSo()
    {
        await using TestService service = await Start("Paths:KeepPercent=1000", "Paths:KeepMs=10");
        string[] second = Hops((await Route(service, "own-par")).Paths[1]);
        RouteReply kept = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "unregistered", Current = { second[0] } });
        Assert.Equal((second[0], true), (kept.Paths[0].Hops[0].NodeId, kept.Paths[0].Current));
        Assert.Contains("The first is kept, since it is in use", kept.Reason, StringComparison.Ordinal);
        RouteReply gone = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "unregistered", Current = { second[0] }, ExcludeHops = { new HopPair { From = "own-par", To = second[0] } } });
        Assert.DoesNotContain(gone.Paths, p => p.Hops[0].NodeId == second[0]);
        RouteReply left = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "unregistered", Current = { "left-the-table" } });
        Assert.Contains("The one in use is not kept", left.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RouteAndReportPath_FromPython_WorkAlike()
    {
        string descriptors = Path.Combine(_state.Path, "descriptors.bin");
        FileDescriptorSet set = new() { File = { CommonReflection.Descriptor.ToProto(), RelayReflection.Descriptor.ToProto() } };
        await File.WriteAllBytesAsync(descriptors, set.ToByteArray());
        await using TestService service = await Start();
        ProcessStartInfo start = new("/usr/bin/python3", ["-B", Script(), new Uri(service.GrpcUrl).Authority, descriptors])
        { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process python = Process.Start(start)!;
        Task<string> output = python.StandardOutput.ReadToEndAsync(), errors = python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(python.ExitCode == 0, await output + await errors);
        Assert.Contains("7 passed, 0 failed", await output, StringComparison.Ordinal);
    }

    private static string Script()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "tests", "interop", "python", "paths.py");
            if (File.Exists(script)) return script;
        }
        throw new FileNotFoundException("tests/interop/python/paths.py");
    }

    internal static string[] Hops(UpstreamPath path) => [.. path.Hops.Select(static h => h.NodeId)];

    internal static ReportPathRequest Failure(string node, string[] hops, PathTrouble trouble, uint failedHop = 0, string stream = "news") =>
        new() { NodeId = node, StreamKey = stream, Hops = { hops }, Trouble = trouble, FailedHop = failedHop };

    private static async Task<RouteReply> Route(TestService service, string node) => await service.Relay.RouteAsync(new() { NodeId = node, StreamKey = "news" });

    private Task<TestService> Start(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=20", .. TestService.PlansAlone, .. settings]);
}
