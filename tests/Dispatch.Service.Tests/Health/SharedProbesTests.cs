using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>Probes told to one of several processes, over a real Redis and without it.</summary>
public sealed class SharedProbesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Report_QuorumToldToOneProcess_LeavesTheAnswersOfAllWithinASecond()
    {
        await using SharedHealth shared = await SharedHealth.StartAsync();
        Assert.Equal("own-par", (await shared.B.ResolveAsync()).Edges[0].Id);
        for (int i = 0; i < 3; i++) await shared.ReportAsync(shared.A, ("own-par", false));
        TimeSpan there = await SharedHealth.UntilAsync(shared.B, static e => e != "own-par", "B's answers leave own-par");
        TimeSpan here = there + await SharedHealth.UntilAsync(shared.A, static e => e != "own-par", "A's answers leave own-par");
        ReplicaGroup.Measured(output, "quorum told to A: B's answers leave the edge after", there, Second);
        ReplicaGroup.Measured(output, "quorum told to A: A's answers have left the edge by", here);
        HealthReport health = (await shared.B.StatusAsync()).Health;
        Assert.Equal((3u, 0ul, 9ul), (health.Vantages, health.ProbesReported, health.ProbesFromOthers));

        // Redis is gone: whoever hears the vantages goes by them, the other one does not know; their next report after Redis is back tells it.
        string next = (await shared.A.ResolveAsync()).Edges[0].Id;
        await shared.Server.KillAsync();
        for (int i = 0; i < 3; i++) await shared.ReportAsync(shared.A, ("own-par", false), (next, false));
        TimeSpan alone = await SharedHealth.UntilAsync(shared.A, e => e != next, "A's answers leave the second edge without Redis");
        ReplicaGroup.Measured(output, "quorum told to A while Redis is dead: A's answers leave the edge after", alone, Second);
        Assert.Equal(next, (await shared.B.ResolveAsync()).Edges[0].Id);
        await shared.A.Until(static s => s.Health.ProbesUntold > 0, "it counts what it could not tell");
        await shared.Server.StartAgainAsync();
        await shared.B.Until(static s => s.Replica.Trouble == "", "B has Redis again");
        TimeSpan healed = await HealAsync(shared, next);
        ReplicaGroup.Measured(output, "Redis is back: B's answers leave the edge, vantages reporting all the time, after", healed);
    }

    // A subscription comes back some time after the connection; vantages report on and on, and one report is enough.
    private static async Task<TimeSpan> HealAsync(SharedHealth shared, string edge)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while ((await shared.B.ResolveAsync()).Edges[0].Id == edge)
        {
            Assert.True(ReplicaGroup.Since(started) < TimeSpan.FromSeconds(30), $"B was never told: {await shared.B.StatusAsync()}");
            await shared.ReportAsync(shared.A, ("own-par", false), (edge, false));
            await timer.WaitForNextTickAsync();
        }
        return ReplicaGroup.Since(started);
    }

    [Fact]
    public async Task Report_SameProbesToldToTwoProcesses_CountOnce()
    {
        await using SharedHealth shared = await SharedHealth.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await shared.ReportAsync(i == 0 ? shared.B : shared.A, ("own-par", true), ("own-bos", true));
        }
        // One probe, sent three times to each: a run of one, where three in a row would take the edge out.
        foreach (ReplicaProcess to in (ReplicaProcess[])[shared.A, shared.B, shared.A, shared.B, shared.A, shared.B])
            await SendAsync(to, number: 100);
        await shared.B.Until(static s => s.Health.ProbesKnown >= 6, "B has heard them all");
        await shared.A.Until(static s => s.Health.ProbesKnown >= 6, "A has heard them all");
        foreach (ReplicaProcess replica in (ReplicaProcess[])[shared.A, shared.B])
        {
            StatusReply status = await replica.StatusAsync();
            Assert.DoesNotContain(status.Overlay, static o => o.Source == "probes");
            Assert.Equal("own-par", (await replica.ResolveAsync()).Edges[0].Id);
        }
    }

    private static async Task SendAsync(ReplicaProcess to, ulong number)
    {
        foreach (string vantage in (string[])["ams", "nyc", "sin"])
        {
            using Grpc.Core.AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(to.Channel).Report();
            await call.RequestStream.WriteAsync(new ProbeReport { Vantage = vantage, Kind = "edge", Id = "own-par", Number = number });
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
        }
    }
}
