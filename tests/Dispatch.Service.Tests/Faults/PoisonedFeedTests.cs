using System.Globalization;
using System.Text;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>Feeds that say what cannot be: the last good table stays with what is wrong named, and a corrected feed ends it by itself.</summary>
public sealed class PoisonedFeedTests(ITestOutputHelper output)
{
    [Fact]
    public async Task World_OfAStoreIsPoisoned_LastGoodTableStaysUntilTheFeedIsCorrected()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(), Grown(), null, "--Redis:Lease=00:00:02", "--Solve:Interval=00:00:01");
        (ReplicaProcess leader, ReplicaProcess replica) = (await group.AddAsync("all"), await group.AddAsync("serve"));
        TableWitness witness = await TableWitness.OfAsync(leader, replica);
        foreach ((string poison, string rule) in ((string, string)[])[("all capacity 0", "capacity_zero"), ("half the regions missing", "regions_vanished"), ("round trips 0", "rtt_range")])
        {
            StatusReply before = await replica.StatusAsync();
            Poison(group.World, poison);
            await group.WriteWorldAsync();
            await IsHeld(leader, poison, rule);
            await replica.Until(static s => s.State == "stale", "a replica is stale, too");
            StatusReply held = await replica.StatusAsync();
            Assert.Equal((before.TableVersion, before.ContentHash), (held.TableVersion, held.ContentHash));
            Cure(group.World);
            await group.ChangeWorldAsync();
            await IsOver(leader, poison);
            await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == (uint)group.Ttl, "a replica serves the corrected world");
        }
        await Reports(leader);
        await witness.EndAsync();
    }

    [Fact]
    public async Task World_OfAFolderIsPoisoned_LastGoodTableStaysUntilTheFeedIsCorrected()
    {
        using TestWorld world = Grown().Save();
        await using ReplicaProcess process = await ReplicaProcess.StartAsync([.. TestService.PlansAlone.Select(static s => "--" + s), "--World:Path=" + world.Directory, "--Solve:Interval=00:00:01", "--Solve:UtcHour=16"]);
        TableWitness witness = await TableWitness.OfAsync(process);
        StatusReply before = await process.StatusAsync();
        Poison(world, "all capacity 0");
        world.Save();
        await IsHeld(process, "all capacity 0, in a folder", "capacity_zero");
        Assert.Equal(before.ContentHash, (await process.StatusAsync()).ContentHash);
        Cure(world);
        world.Save();
        await IsOver(process, "all capacity 0, in a folder");
        await witness.EndAsync();
    }

    /// <summary>Samples that cannot be are refused one by one, with the reason, and change nothing.</summary>
    private static async Task Reports(ReplicaProcess leader)
    {
        string hash = (await leader.StatusAsync()).ContentHash;
        ReportBatch batch = new() { ReporterId = "poison", Sequence = 1, MeasuredUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
        foreach (double rtt in (double[])[0, -5, double.NaN, double.PositiveInfinity, 1e9]) batch.Paths.Add(new PathReport { RegionId = "FR-01", EdgeId = "own-par", RttMs = rtt });
        foreach (double mbps in (double[])[-1, 1e12]) batch.Loads.Add(new LoadReport { RegionId = "FR-01", EdgeId = "own-par", Mbps = mbps });
        using Grpc.Core.AsyncClientStreamingCall<ReportBatch, ReportReply> call = new Protocol.V1.Telemetry.TelemetryClient(leader.Channel).Report();
        await call.RequestStream.WriteAsync(batch);
        await call.RequestStream.CompleteAsync();
        ReportReply reply = await call;
        Assert.Equal((0ul, 7ul), (reply.Accepted, reply.Rejected));
        Assert.Equal([("absurd", 2ul), ("not_positive", 5ul)], reply.Reasons.Select(static r => (r.Reason, r.Samples)).Order());
        (StatusReply after, _) = await leader.Until(static s => s.Telemetry.Rejected.Values.Sum(static v => (long)v) == 7, "it counts them");
        Assert.Equal((hash, "ready"), (after.ContentHash, after.State));
    }

    private async Task IsHeld(ReplicaProcess process, string poison, string rule)
    {
        (StatusReply held, TimeSpan took) = await process.Until(s => s.Guard.State == "holding" && s.State == "stale" && s.Guard.Findings.Any(f => f.Rule == rule), $"the guard holds: {poison}");
        ReplicaGroup.Measured(output, $"{poison}: the guard holds the last good table", took);
        GuardFinding finding = held.Guard.Findings.Single(f => f.Rule == rule);
        Assert.NotEqual(("", ""), (finding.Message, finding.Remedy));
        Assert.Contains($"[{rule}]", held.LastError, StringComparison.Ordinal);
        await process.Process.WaitForError($"[{rule}] {finding.Message} {finding.Remedy}");
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(process.HttpUrl + "/metrics"));
        Assert.Contains($"dispatch_guard_refused_total{{rule=\"{rule}\"}}", metrics, StringComparison.Ordinal);
        Assert.Contains("dispatch_guard_holding 1\n", metrics, StringComparison.Ordinal);
    }

    private async Task IsOver(ReplicaProcess process, string poison)
    {
        (_, TimeSpan took) = await process.Until(static s => s.Guard.State == "passing" && s.State == "ready", $"tables pass again after {poison}");
        ReplicaGroup.Measured(output, $"{poison}, corrected: tables pass again", took);
    }

    private static TestWorld Grown()
    {
        TestWorld world = TestWorld.Small();
        for (int i = 0; i < 6; i++) world.AddRegion(string.Create(CultureInfo.InvariantCulture, $"XX-0{i}"), 0.1, [60, 30, 200, 70]);
        return world;
    }

    private static void Poison(TestWorld world, string how)
    {
        using TestWorld small = TestWorld.Small();
        if (how == "round trips 0") world.Change("rtt_region_edge.csv", "FR-01,8.5,90,210,9.5", "FR-01,0,0,0,0");
        else if (how == "half the regions missing") Copy(small, world, "regions.csv", "rtt_region_edge.csv");
        else foreach (string edge in (string[])["49,2.5,8,", "42.4,-71,5,", "40.1,116.6,3,", "49,2.5,6,"]) world.Change("edges.csv", edge, edge[..(edge[..^1].LastIndexOf(',') + 1)] + "0,");
    }

    private static void Cure(TestWorld world)
    {
        using TestWorld good = Grown();
        Copy(good, world, "regions.csv", "rtt_region_edge.csv", "edges.csv");
    }

    private static void Copy(TestWorld from, TestWorld to, params string[] files)
    {
        foreach (string file in files) to.With(file, Encoding.UTF8.GetBytes(from.Text(file)));
    }
}
