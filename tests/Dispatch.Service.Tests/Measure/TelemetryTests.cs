using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Tests.Measure;

/// <summary>Samples over real gRPC, folded and solved with.</summary>
public sealed class TelemetryTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private TestService _service = null!;
    private ulong _sequence;

    public async Task InitializeAsync() =>
        _service = await TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=20", .. TestService.PlansAlone]);

    public async Task DisposeAsync() => await _service.DisposeAsync();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Report_GoodSamples_ReachTheNextSolve()
    {
        StatusReply before = await _service.Status();
        Assert.Equal((-1.0, 0u), (before.Telemetry.NewestAgeSeconds, before.Telemetry.MeasuredPaths));
        Task folded = Folded(3);
        ReportReply reply = await Report(Batch("a", 20), Batch("b", 20), Batch("c", 20));
        Assert.Equal((3UL, 60UL, 0UL), (reply.Batches, reply.Accepted, reply.Rejected));
        await folded;
        await _service.NextCycle(TimeSpan.FromMinutes(1) * 5);
        StatusReply after = await _service.Status();
        Assert.Equal((3UL, 60UL, 1u, 1u), (after.Telemetry.Batches, after.Telemetry.Samples, after.Telemetry.MeasuredPaths, after.Telemetry.FreshRegions));
        Assert.Equal(3u, after.Telemetry.Reporters);
        // 60 ms in place of 7 for everyone in Boston: the plan's latency tells.
        Assert.True(after.Optimum.MeanRttUs > before.Optimum.MeanRttUs, $"{before.Optimum.MeanRttUs} -> {after.Optimum.MeanRttUs}");
        Assert.Equal(before.WorldVersion, after.WorldVersion);
    }

    [Fact]
    public async Task Report_EdgeAboveItsCeiling_GivesClientsAwayBeforeAnySolve()
    {
        Edge full = _service.Part<SampleFolder>().World!.Edges.Single(static e => e.Id == "own-par");
        ReportBatch batch = Batch("a", 0);
        batch.Loads.Add(new LoadReport { RegionId = "FR-01", EdgeId = full.Id, Mbps = full.Capacity.Value * 1000 });
        Task folded = Folded(1);
        Assert.Equal(1UL, (await Report(batch)).Accepted);
        await folded;
        _service.Part<HealthDesk>().Look();
        OverlayStatement given = Assert.Single((await _service.Status()).Overlay);
        Assert.Equal(("own-par", "lightened"), (given.Id, given.State));
        Assert.InRange(given.KeptPercent, 1u, 99u);
    }

    [Fact]
    public async Task Cycle_FeedGoesQuiet_IsHeldByTheGuardUntilItSpeaksAgain()
    {
        Task folded = Folded(3);
        await Report(Batch("a", 20), Batch("b", 20), Batch("c", 20));
        await folded;
        await _service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Equal("passing", (await _service.Status()).Guard.State);
        // Five hours of half-lives of five minutes: nothing is left of the samples.
        await _service.NextCycleAfterLeap(TimeSpan.FromHours(5));
        StatusReply quiet = await _service.Status();
        Assert.Equal(("holding", 0u), (quiet.Guard.State, quiet.Telemetry.FreshRegions));
        Assert.Contains("coverage", quiet.Guard.Findings.Select(static f => f.Rule));
        folded = Folded(6);
        await Report(Batch("a", 20), Batch("b", 20), Batch("c", 20));
        await folded;
        await _service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Empty((await _service.Status()).Guard.Findings.Select(static f => f.Message));
    }

    [Fact]
    public async Task Cycle_NothingMeasured_KeepsTheTableByteForByte()
    {
        StatusReply before = await _service.Status();
        await _service.NextCycle(TimeSpan.FromMinutes(5));
        StatusReply after = await _service.Status();
        Assert.Equal((before.ContentHash, before.TableVersion), (after.ContentHash, after.TableVersion));
    }

    [Fact]
    public async Task Report_BadSamples_AreToldByReasonAndCounted()
    {
        ReportBatch batch = Batch("a", 0);
        batch.Paths.Add(Path(0));
        batch.Paths.Add(Path(-3));
        batch.Paths.Add(Path(double.NaN));
        batch.Paths.Add(Path(1e7));
        batch.Paths.Add(new PathReport { RegionId = "XX", EdgeId = "own-par", RttMs = 3 });
        batch.Paths.Add(new PathReport { ClientIp = "10.0.0.1", EdgeId = "own-par", RttMs = 3 });
        batch.Loads.Add(new LoadReport { RegionId = "FR-01", EdgeId = "nowhere", Mbps = 3 });
        ReportBatch old = Batch("a", 2), future = Batch("a", 2);
        old.MeasuredUnixMs -= 3_600_000;
        future.MeasuredUnixMs += 3_600_000;
        ReportReply reply = await Report(batch, old, future);
        Assert.Equal((0UL, 11UL), (reply.Accepted, reply.Rejected));
        Assert.Equal(
            ["unknown_region 1", "unknown_edge 1", "unknown_clients 1", "not_positive 3", "absurd 1", "old 2", "future 2"],
            reply.Reasons.Select(static r => $"{r.Reason} {r.Samples}"));
        Assert.Equal(3UL, (await _service.Status()).Telemetry.Rejected["not_positive"]);
        string metrics = _service.Part<PrometheusExporter>().Render();
        Assert.Contains("dispatch_telemetry_samples_total{result=\"absurd\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ClientAddress_BecomesItsRegionAndIsNotStored()
    {
        ReportBatch batch = Batch("a", 0);
        batch.Paths.Add(new PathReport { ClientIp = "192.0.2.7", EdgeId = "own-par", RttMs = 9 });
        BatchIntake intake = _service.Part<BatchIntake>();
        Assert.Equal(1, intake.Strip(batch, _service.Part<SampleFolder>().World!, new long[20]));
        Assert.Equal(("FR-01", ""), (batch.Paths[0].RegionId, batch.Paths[0].ClientIp));
        Assert.DoesNotContain("192.0.2.7", batch.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_ClientSeenOnlyByResolver_IsThatOfMostOfItsClients()
    {
        // The resolver's own address is in FR-01; its clients are in Boston.
        ResolveRequest request = new() { ResolverIp = "192.0.2.53" };
        Assert.Equal("FR-01", (await _service.Resolve(request)).RegionId);
        ReportBatch batch = Batch("a", 0);
        batch.Resolvers.Add(new ResolverReport { ResolverIp = "192.0.2.53", RegionId = "US-01", ClientsSeen = 30 });
        batch.Resolvers.Add(new ResolverReport { ResolverIp = "192.0.2.53", ClientIp = "192.0.2.7", ClientsSeen = 5 });
        Task folded = Folded(1);
        Assert.Equal(2UL, (await Report(batch)).Accepted);
        await folded;
        await _service.NextCycle(TimeSpan.FromMinutes(5));
        ResolveReply reply = await _service.Resolve(request);
        Assert.Equal(("US-01", 0u), (reply.RegionId, reply.ScopePrefixLen));
        Assert.Equal(StatusCode.InvalidArgument, (await _service.Refusal(new ResolveRequest { ResolverIp = "nowhere" })).StatusCode);
    }

    [Fact]
    public async Task Restart_ResolverWasKnown_IsKnownAgain()
    {
        ReportBatch batch = Batch("a", 0);
        batch.Resolvers.Add(new ResolverReport { ResolverIp = "192.0.2.53", RegionId = "US-01", ClientsSeen = 30 });
        Task folded = Folded(1);
        await Report(batch);
        await folded;
        await _service.DisposeAsync();
        _service = await TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=20", .. TestService.PlansAlone]);
        // A batch wakes the folding, which first takes in what was kept.
        folded = Folded(1);
        await Report(Batch("b", 1));
        await folded;
        await _service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Equal("US-01", (await _service.Resolve(new ResolveRequest { ResolverIp = "192.0.2.53" })).RegionId);
    }

    [Fact]
    public async Task Report_SameBatchTwice_CountsOnce()
    {
        ReportBatch batch = Batch("a", 10);
        Task folded = Folded(1);
        Assert.Equal(10UL, (await Report(batch.Clone())).Accepted);
        ReportReply again = await Report(batch.Clone());
        Assert.Equal((0UL, 1UL), (again.Accepted, again.DuplicateBatches));
        await folded;
        Assert.Equal(10UL, (await _service.Status()).Telemetry.Samples);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 1001)]
    public async Task Report_BatchBeyondItsBounds_IsInvalid(string reporter, int samples)
    {
        ReportBatch batch = Batch(reporter, 0);
        for (int i = 0; i < samples; i++) batch.Loads.Add(new LoadReport { RegionId = "FR-01" });
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => Report(batch));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("batch 0: ", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_Python_IsHeardAsFromAnyClient()
    {
        string descriptors = System.IO.Path.Combine(_state.Path, "telemetry.desc");
        FileDescriptorSet set = new();
        set.File.Add(TelemetryReflection.Descriptor.ToProto());
        await File.WriteAllBytesAsync(descriptors, set.ToByteArray());
        ProcessStartInfo start = new("/usr/bin/python3",
        [
            "-B", Script(), new Uri(_service.GrpcUrl).Authority, descriptors,
            _service.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Task folded = Folded(3);
        using Process python = Process.Start(start)!;
        Task<string> output = python.StandardOutput.ReadToEndAsync(), errors = python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(python.ExitCode == 0, await output + await errors);
        Assert.Contains("5 passed, 0 failed", await output, StringComparison.Ordinal);
        await folded;
        Assert.Equal(700, _service.Part<SampleFolder>().EdgeLoads()["own-bos"]);
    }

    private static string Script()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = System.IO.Path.Combine(folder.FullName, "tests", "interop", "python", "telemetry.py");
            if (File.Exists(script)) return script;
        }
        throw new FileNotFoundException("tests/interop/python/telemetry.py");
    }

    private static PathReport Path(double milliseconds) => new() { RegionId = "US-01", EdgeId = "own-bos", RttMs = milliseconds };

    private ReportBatch Batch(string reporter, int samples)
    {
        ReportBatch batch = new() { ReporterId = reporter, Sequence = ++_sequence, MeasuredUnixMs = _service.Clock.GetUtcNow().ToUnixTimeMilliseconds() };
        for (int i = 0; i < samples; i++) batch.Paths.Add(Path(60));
        return batch;
    }

    private async Task<ReportReply> Report(params ReportBatch[] batches)
    {
        using AsyncClientStreamingCall<ReportBatch, ReportReply> call = new Protocol.V1.Telemetry.TelemetryClient(_service.Channel).Report();
        try
        {
            foreach (ReportBatch batch in batches) await call.RequestStream.WriteAsync(batch);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The server may refuse before it has read all; the reply below says why.
        }
        return await call.ResponseAsync.WaitAsync(Patience);
    }

    /// <summary>Ends when so many batches have counted.</summary>
    private Task Folded(long batches)
    {
        TaskCompletionSource folded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _service.Part<FoldLoop>().Folded += (_, _) => Look();
        Look();
        return folded.Task.WaitAsync(Patience);

        void Look()
        {
            if (_service.Part<TelemetryBoard>().Summary.Batches >= batches) folded.TrySetResult();
        }
    }
}
