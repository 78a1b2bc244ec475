using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Solve.Failure;

public sealed class FailoverTableTests
{
    private static readonly PrefixIndex NoPrefixes = PrefixIndex.Build([]);

    [Fact]
    public void AddTo_AnyWorld_UnderEachFailureTheTableAnswersWithTheScenariosShares() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 7UL).WithMaxTest(150), Prop.ForAll(SmallProblem.Arbitrary, static p =>
        {
            World world = p.ToWorld();
            (FailureReport report, RoutingTable table) = Planned(new(new World(world.Facts with { Edges = [.. world.Edges.Select(static (e, i) => e with { FaultDomain = $"D{i % 3}" })] }), 0));
            return report.Outcomes.All(o => Answers(report, table, o)) && !FailoverTable.Violations(report.Main.Snapshot.World, table.Content).Any();
        }));

    [Fact]
    public void AddTo_ShippedWorld_IsLawfulStoredAndFoundBySet()
    {
        (FailureReport report, RoutingTable table) = Planned(new(ShippedWorld.World, 4));
        FailoverRows rows = table.Content.Failovers;
        Assert.Equal(report.Outcomes.Length, rows.Count);
        Assert.Empty(FailoverTable.Violations(ShippedWorld.World, table.Content));
        Assert.NotEmpty(rows.Law);
        Assert.InRange(rows.Bytes, 1000, 32 << 20);
        for (int f = 0; f < rows.Count; f++) Assert.Equal(f, table.FailoverOf(Down(report.Outcomes[f].Scenario, rows)));
        using MemoryStream stream = new();
        RoutingTableCodec.Write(table, stream);
        Assert.True(RoutingTableCodec.TryRead(stream.ToArray(), out RoutingTable? read, out string fault), fault);
        Assert.Equal(table.ContentHash, read.ContentHash);
    }

    [Fact]
    public void AddTo_ShareOutsideTheLaw_IsRefusedAtLoadAndNamedByTheAudit()
    {
        (FailureReport report, RoutingTable table) = Planned(new(new SmallProblem([2, 2], [4, 9, 4], [[10, 20, 30], [20, 10, 30]], [0, 0, 0], [true, false]).ToWorld(), 0));
        FailoverRows rows = table.Content.Failovers;
        int row = Enumerable.Range(0, rows.Entry.Length).First(r => rows.Entry[r] == 1 && rows.Start[r + 1] > rows.Start[r]);
        TableContent broken = table.Content with { Failovers = rows with { Entry = rows.Entry.SetItem(row, 0) } };
        Assert.Contains("the law keeps region R0", Assert.Throws<ArgumentException>(() => RoutingTable.Create(broken, table.Version, table.BuiltAt)).Message, StringComparison.Ordinal);
        Assert.Contains(FailoverTable.Violations(report.Main.Snapshot.World, broken), static v => v.Contains("R0 may not be served", StringComparison.Ordinal));
    }

    private static bool Answers(FailureReport report, RoutingTable table, FailureOutcome outcome)
    {
        TrafficPlan plan = report.PlanOf(outcome);
        ulong[] down = Down(outcome.Scenario, table.Content.Failovers);
        EdgeShare[] ranked = new EdgeShare[16];
        for (int g = 0; g < plan.Model.Groups.Count; g++)
        {
            if (plan.Model.Groups[g].Demand == 0) continue;
            ushort[] expected = new ushort[plan.Edges(g).Length];
            Shares.Quantise(plan.Volumes(g), plan.Unserved(g), expected, out ushort overflow);
            Decision decision = table.Decide(DecisionRequest.ForRegion(0, plan.Model.Groups[g].Region) with { Down = down }, ranked);
            if (plan.Edges(g).IsEmpty && decision.Reason is DecisionReason.LastGood or DecisionReason.OverCapacity) continue; // the service's policy decides
            EdgeShare[] chosen = [.. ranked[..decision.Count].Where(static r => r.Weight > 0).OrderBy(static r => r.Edge)];
            EdgeShare[] planned = [.. plan.Edges(g).ToArray().Select((e, i) => new EdgeShare((ushort)e, expected[i]))];
            if (!chosen.SequenceEqual(planned)) return false;
            if (ranked[..decision.Count].Any(r => outcome.Scenario.Edges.Contains(r.Edge))) return false;
        }
        return true;
    }

    private static ulong[] Down(FailureScenario scenario, FailoverRows rows)
    {
        Assert.Contains(scenario.Name, rows.Name);
        ulong[] down = new ulong[scenario.Edges.Max() / 64 + 1];
        foreach (int e in scenario.Edges) down[e >> 6] |= 1UL << (e & 63);
        return down;
    }

    private static (FailureReport Report, RoutingTable Table) Planned(Snapshot snapshot)
    {
        SolveResult result = DispatchSolver.Solve(snapshot);
        Assert.Equal(FlowStatus.Optimal, result.Status);
        FailureReport report = FailureSweep.Run(result.Assignment!, new() { Fixes = false, Threads = 2, MoveCost = 40 });
        TableContent content = TableBuilder.Build(result.Assignment!, NoPrefixes, TableBuilder.RegionLocations(snapshot.World));
        return (report, RoutingTable.Create(FailoverTable.AddTo(content, report), new(1, 1), DateTimeOffset.UnixEpoch));
    }
}
