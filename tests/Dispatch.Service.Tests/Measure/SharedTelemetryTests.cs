using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Measure;

/// <summary>Samples told to any of several processes that share a Redis: counted once by workers of every role, known to all that need them.</summary>
public sealed class SharedTelemetryTests(ITestOutputHelper output)
{
    private const int Batches = 40, Samples = 20;

    private static readonly string[] Keeps = ["--Telemetry:KeepEvery=00:00:01"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private ulong _sequence;

    [Fact]
    public async Task Report_ToEveryRole_ReachesTheTableAndOutlivesItsWorkers()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess first = await group.AddAsync("all", also: Keeps);
        await first.Until(static s => s.Replica.Leads && s.TableVersion > 0, "the first leads");
        ReplicaProcess[] others = await Task.WhenAll(group.AddAsync("all", also: Keeps), group.AddAsync("serve", also: Keeps), group.AddAsync("fold"));
        (ReplicaProcess second, ReplicaProcess serve, ReplicaProcess fold) = (others[0], others[1], others[2]);
        foreach (ReplicaProcess process in others) await process.Until(static s => s.TableVersion > 0, "it has the table");

        long started = Stopwatch.GetTimestamp();
        ulong accepted = 0;
        foreach (ReplicaProcess process in (ReplicaProcess[])[first, .. others])
            accepted += (await Report(process, [.. Enumerable.Range(0, Batches).Select(i => Batch($"r{i % 3}"))])).Accepted;
        Assert.Equal(4UL * Batches * (Samples + 1), accepted);
        (StatusReply leader, _) = await first.Until(static s => s.Telemetry is { FreshRegions: 1, NewMedianAtTableSeconds: >= 0 }, "a table stands on the samples");
        ReplicaGroup.Measured(output, "from the first report to a table that stands on it", Stopwatch.GetElapsedTime(started));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ages when it came into force: newest {leader.Telemetry.NewestAtTableSeconds:F2} s, median of the new {leader.Telemetry.NewMedianAtTableSeconds:F2} s, of all {leader.Telemetry.MedianAtTableSeconds:F2} s"));

        // Each sample is in one worker's figures, and every part in both books.
        await Sum(accepted, first, second, fold);
        await Merged(first, second, fold);
        Assert.True((await fold.StatusAsync()).Telemetry.Parts.Merged == 0, "who never solves keeps no book");

        // An edge above its ceiling: also who only answers gives its clients away, within seconds and before any solve.
        using TestWorld files = TestWorld.Small();
        ReportBatch full = Batch("r0");
        full.Loads.Add(new LoadReport { RegionId = "FR-01", EdgeId = "own-par", Mbps = files.Build().Edges.Single(static e => e.Id == "own-par").Capacity.Value * 1000 });
        Assert.Equal(0UL, (await Report(serve, full)).Rejected);
        (_, TimeSpan shed) = await serve.Until(static s => s.Overlay.Any(static o => o is { Id: "own-par", State: "lightened" }), "who only answers gives clients of a full edge away");
        ReplicaGroup.Measured(output, "from a report of a full edge to an answering process that lightens it", shed);

        // A worker is killed with what it has in hand; what it had stored counts, what not comes to another by itself after half a minute.
        await fold.Process.KillAsync();

        // The leader is killed: the next one has the book already, and so has one that starts from nothing.
        await first.Process.KillAsync();
        (StatusReply next, TimeSpan after) = await second.Until(static s => s.Replica.Leads && s.Telemetry is { FreshRegions: 1, MeasuredPaths: 1 }, "the second leads with the book");
        ReplicaGroup.Measured(output, "from the leader's death to another's solve with the same measurements", after);
        Assert.Equal("passing", next.Guard.State);
        ReplicaProcess late = await group.AddAsync("all", also: Keeps);
        await late.Until(s => s.TableVersion > 0 && s.Telemetry.Parts is { } parts && parts.Merged == next.Telemetry.Parts.Merged, "a process that comes late has the table and has read all parts");

        // Who only answers knows the clients of resolvers by what the leader keeps.
        await Resolves(serve);
        await Resolves(late);
    }

    private ReportBatch Batch(string reporter)
    {
        ReportBatch batch = new() { ReporterId = reporter, Sequence = ++_sequence, MeasuredUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
        for (int i = 0; i < Samples; i++) batch.Paths.Add(new PathReport { RegionId = "US-01", EdgeId = "own-bos", RttMs = 60 });
        batch.Resolvers.Add(new ResolverReport { ResolverIp = "192.0.2.53", RegionId = "US-01", ClientsSeen = 3 });
        return batch;
    }

    private static async Task<ReportReply> Report(ReplicaProcess process, params ReportBatch[] batches)
    {
        using AsyncClientStreamingCall<ReportBatch, ReportReply> call = new Protocol.V1.Telemetry.TelemetryClient(process.Channel).Report();
        foreach (ReportBatch batch in batches) await call.RequestStream.WriteAsync(batch);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync.WaitAsync(Patience);
    }

    private static async Task Resolves(ReplicaProcess process)
    {
        string region = "";
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Patience; await timer.WaitForNextTickAsync())
        {
            region = (await new Routing.RoutingClient(process.Channel).ResolveAsync(new() { ResolverIp = "192.0.2.53" })).RegionId;
            if (region == "US-01") break;
        }
        Assert.Equal("US-01", region);
    }

    private static async Task Sum(ulong expected, params ReplicaProcess[] workers)
    {
        ulong sum = 0;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Patience; await timer.WaitForNextTickAsync())
        {
            sum = 0;
            foreach (ReplicaProcess worker in workers) sum += (await worker.StatusAsync()).Telemetry.Samples;
            if (sum >= expected) break;
        }
        Assert.Equal(expected, sum);
    }

    private static async Task Merged(ReplicaProcess first, ReplicaProcess second, ReplicaProcess third)
    {
        ulong stored = 0;
        foreach (ReplicaProcess worker in (ReplicaProcess[])[first, second, third]) stored += (await worker.StatusAsync()).Telemetry.Parts.Stored;
        foreach (ReplicaProcess reader in (ReplicaProcess[])[first, second])
            await reader.Until(s => s.Telemetry.Parts.Merged == stored && s.Telemetry is { Backlog: 0, Pending: 0 }, $"it has merged {stored} parts");
    }
}
