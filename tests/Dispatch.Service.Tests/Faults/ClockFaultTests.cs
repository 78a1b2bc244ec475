using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>Wall clocks that leap while everything runs: the solver's, a replica's, Redis's own.</summary>
public sealed class ClockFaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan[] Leaps = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.Zero];
    private static readonly string[] Settings = ["--Redis:Lease=00:00:02", "--Solve:Interval=00:00:01"];

    [Fact]
    public async Task Clocks_OfSolverAndReplicaLeap_PublishingAndBooksGoOn()
    {
        using ShiftedClock solver = new(), other = new();
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(), TestWorld.Full(), null, Settings);
        ReplicaProcess leader = await group.AddAsync("all", environment: solver.Environment), replica = await group.AddAsync("serve", environment: other.Environment);
        TableWitness witness = await TableWitness.OfAsync(leader, replica);
        await SendsAsync(leader, 1, TimeSpan.Zero);
        foreach (TimeSpan leap in Leaps)
        {
            // The replica's the other way: nothing that travels between them may go by either.
            solver.By(leap);
            other.By(-leap);
            await ServesNextWorld(group, replica, $"solver's clock {leap:c} off, a replica's as much the other way");
            // A reporter on the solver's machine has its clock.
            await SendsAsync(leader, (ulong)Array.IndexOf(Leaps, leap) + 2, leap);
        }
        (StatusReply status, _) = await leader.Until(static s => s.Telemetry.Samples == 6 && s.Telemetry.NewestAgeSeconds is >= 0 and < 3600, "every sample counts, and none is from the future");
        Assert.Equal((1ul, true), (status.Replica.Terms, status.Replica.Leads));
        await witness.EndAsync();
        await BookIsSound(group);
        Assert.DoesNotContain("nobody counted", leader.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ended and", leader.Process.Output, StringComparison.Ordinal);
        await leader.Process.WaitFor("Billing: the clock leapt by");
    }

    [Fact]
    public async Task Clock_OfRedisLeaps_SomebodyLeadsAndPublishes()
    {
        using ShiftedClock clock = new();
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(clock.Environment), null, null, Settings);
        ReplicaProcess leader = await group.AddAsync("all"), replica = await group.AddAsync("serve");
        TableWitness witness = await TableWitness.OfAsync(leader, replica);
        foreach (TimeSpan leap in Leaps)
        {
            clock.By(leap);
            await ServesNextWorld(group, replica, $"Redis's clock {leap:c} off");
        }
        ReplicaProcess next = await group.AddAsync("all");
        await next.Until(static s => s.State == "ready", "it follows");
        await witness.LeaveAsync(leader);
        // The leader dies, and before its lease ends the clock by which it ends is set back a day.
        await leader.Process.KillAsync();
        clock.By(TimeSpan.FromDays(-1));
        (_, TimeSpan took) = await next.Until(static s => s.Replica.Leads, "another leads though the lease would last a day longer");
        ReplicaGroup.Measured(output, "leader killed and Redis's clock set back a day: another leads", took);
        await ServesNextWorld(group, replica, "leader killed and Redis's clock set back a day");
        await witness.EndAsync();
    }

    private async Task ServesNextWorld(ReplicaGroup group, ReplicaProcess replica, string what)
    {
        await group.ChangeWorldAsync();
        long started = Stopwatch.GetTimestamp();
        await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == (uint)group.Ttl, $"a replica serves the changed world: {what}");
        ReplicaGroup.Measured(output, $"{what}: a replica serves the changed world", ReplicaGroup.Since(started));
    }

    private static async Task SendsAsync(ReplicaProcess leader, ulong sequence, TimeSpan shift)
    {
        ReportBatch batch = new() { ReporterId = "prober", Sequence = sequence, MeasuredUnixMs = (TimeProvider.System.GetUtcNow() + shift).ToUnixTimeMilliseconds() };
        batch.Paths.Add(new PathReport { RegionId = "FR-01", EdgeId = "own-par", RttMs = 8.5 });
        using Grpc.Core.AsyncClientStreamingCall<ReportBatch, ReportReply> call = new Protocol.V1.Telemetry.TelemetryClient(leader.Channel).Report();
        await call.RequestStream.WriteAsync(batch);
        await call.RequestStream.CompleteAsync();
        ReportReply reply = await call;
        Assert.Equal((1ul, 0ul), (reply.Accepted, reply.Rejected));
        await leader.Until(s => s.Telemetry.Samples == sequence, "the sample is folded");
    }

    /// <summary>The book, where one has been kept by now, is of this month and has not been taken beyond the present.</summary>
    private static async Task BookIsSound(ReplicaGroup group)
    {
        await using RedisState store = await RedisState.OpenAsync(group.Server.Settings with { Prefix = "group" }, 3, TimeProvider.System, default);
        BillingReading reading = await store.Billing.LoadAsync(default);
        Assert.Empty(reading.Faults);
        if (reading.Month is not { } month) return;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Assert.Equal((now.Year, now.Month), (month.Start.Year, month.Start.Month));
        Assert.All(month.Book.Accounts, account => Assert.True(month.Start + account.NextSlot * TimeSpan.FromMinutes(5) <= now + TimeSpan.FromMinutes(1), $"{account.ContractId} is recorded up to slot {account.NextSlot}"));
    }
}
