using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Checks one outcome of a sweep from the network alone: closed arcs, a cold solve, and the flow its changes lead to.</summary>
internal static class SweepAudit
{
    public static void AssertRight(FlowNetwork network, IReadOnlyList<long> baseFlow, int index, SweepCase closed, int[] watched, SweepOutcome? outcome)
    {
        Assert.NotNull(outcome);
        Assert.Equal((index, closed.Name), (outcome!.Index, outcome.Name));
        FlowNetwork edited = Close(network, closed.ClosedArcs);
        FlowSolution cold = FlowSolver.Solve(edited);
        Assert.Equal(cold.Status, outcome.Status);
        if (cold.Status != FlowStatus.Optimal)
        {
            Assert.True(outcome.Cause.Length > 0 && outcome.Changes.Count == 0 && !outcome.Certified);
            return;
        }

        Assert.Equal(cold.Objective, outcome.Objective);
        Assert.True(outcome.Certified);
        long[] flow = Apply(baseFlow, outcome.Changes);
        AssertFeasible(edited, flow);
        Assert.Equal(outcome.Objective, Cost(edited, flow));
        Assert.Equal(watched.Sum(e => flow[e]), outcome.WatchedFlow);
        Assert.Equal(Moved(network, baseFlow, flow), outcome.MovedVolume);
    }

    private static FlowNetwork Close(FlowNetwork network, IReadOnlyList<int> closed)
    {
        var builder = new FlowNetworkBuilder();
        foreach (long supply in network.Supplies) builder.AddNode(supply);
        for (int e = 0; e < network.ArcCount; e++)
        {
            (long lower, long upper) = closed.Contains(e) ? (0, 0) : (network.LowerBounds[e], network.UpperBounds[e]);
            builder.AddArc(network.Tails[e], network.Heads[e], lower, upper, network.Costs[e]);
        }

        return builder.Build();
    }

    private static long[] Apply(IReadOnlyList<long> baseFlow, IReadOnlyList<FlowChange> changes)
    {
        long[] flow = [.. baseFlow];
        int last = -1;
        foreach (FlowChange change in changes)
        {
            Assert.True(change.Arc > last && change.Before != change.After);
            Assert.Equal(flow[change.Arc], change.Before);
            (flow[change.Arc], last) = (change.After, change.Arc);
        }

        return flow;
    }

    private static void AssertFeasible(FlowNetwork network, long[] flow)
    {
        var balance = network.Supplies.ToArray();
        for (int e = 0; e < flow.Length; e++)
        {
            Assert.InRange(flow[e], network.LowerBounds[e], network.UpperBounds[e]);
            balance[network.Tails[e]] -= flow[e];
            balance[network.Heads[e]] += flow[e];
        }

        Assert.All(balance, b => Assert.Equal(0, b));
    }

    private static Int128 Cost(FlowNetwork network, long[] flow)
    {
        Int128 cost = 0;
        for (int e = 0; e < flow.Length; e++) cost += (Int128)network.Costs[e] * flow[e];
        return cost;
    }

    private static long Moved(FlowNetwork network, IReadOnlyList<long> before, long[] after)
    {
        var entered = new HashSet<int>(network.Heads.ToArray());
        long moved = 0;
        for (int e = 0; e < after.Length; e++) if (!entered.Contains(network.Tails[e])) moved += Math.Max(0, after[e] - before[e]);
        return moved;
    }
}
