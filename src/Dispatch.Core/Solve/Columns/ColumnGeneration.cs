using System.Diagnostics;
using TrafficDispatch.Flow;
using TrafficDispatch.Flow.Compact;

namespace TrafficDispatch.Solve.Columns;

/// <summary>Solves a model over all allowed edges though few of them are in its network at a time.</summary>
/// <remarks>
/// Each group starts with the edges that look cheapest. At the optimum over those, every allowed edge left out is priced with the duals
/// (column generation, Dantzig and Wolfe 1960); those that would improve join and the network is solved again from where it was, until
/// none would. Cheapest by cost alone would be poor where demand crowds: groups would have to look farther round by round. So where there
/// are many groups, a coarse model is solved first, and edges are compared with its prices at their doors.
/// </remarks>
internal sealed class ColumnGeneration(CostModel model, CancellationToken budget)
{
    /// <summary>A coarse model pays where there are this many groups an edge: with fewer, few share one.</summary>
    private const int GroupsAnEdge = 10;

    /// <summary>It pays where it has at most this part of the groups.</summary>
    private const int LeastMerged = 4;

    /// <summary>A coarse model no larger than this takes all edges at once.</summary>
    private const int FewArcs = 1 << 19;

    private TimeSpan _spent;
    private long _pivots;
    private int _rounds;

    /// <summary>Solves.</summary>
    /// <param name="candidates">Edges a group starts with.</param>
    /// <param name="start">Where a solve of the same groups ended; null where there was none.</param>
    public ColumnOptimum Solve(int candidates, SolveStart? start)
    {
        if (start is not null) return Solve(start.Rows, start.For);
        if (Foreseen(candidates) is not { } coarse) return Solve(CandidateRows.Cheapest(model, candidates), static _ => null);
        return Solve(CandidateRows.Cheapest(model, candidates, coarse.Prices!.Entry), network => FirstBasis.Start(network, coarse));
    }

    private ColumnOptimum Solve(CandidateRows rows, Func<DispatchNetwork, FlowStart?> start)
    {
        while (true)
        {
            long started = Stopwatch.GetTimestamp();
            DispatchNetwork network = new(model, rows);
            FlowSolution flow = FlowSolver.Solve(network.Network, new() { KeepBasis = true, Start = start(network) }, budget);
            (_spent, _pivots, _rounds) = (_spent + Stopwatch.GetElapsedTime(started), _pivots + flow.Pivots, _rounds + 1);
            if (flow.Status != FlowStatus.Optimal) return new(network, flow, null, null, _rounds, _pivots, _spent);
            TrafficPlan plan = network.Plan(flow);
            DualPrices prices = DualPrices.Of(network, flow, plan);
            CandidateRows wider = rows.WithImproving(model, prices.Groups.ToArray(), prices.Entry, out int added);
            ColumnOptimum optimum = new(network, flow, plan, prices, _rounds, _pivots, _spent);
            if (added == 0) return optimum;
            (rows, start) = (wider, optimum.Start.For);
        }
    }

    // A coarse model that is still large has a coarser one before it.
    private ColumnOptimum? Foreseen(int candidates)
    {
        int edges = model.Snapshot.World.Edges.Length;
        if (candidates >= edges || model.Groups.Count < GroupsAnEdge * edges && model is not CoarseModel) return null;
        CoarseModel coarse = CoarseModel.Of(model);
        if (coarse.Groups.Count > model.Groups.Count / LeastMerged) return null;
        ColumnOptimum optimum = new ColumnGeneration(coarse, budget).Solve((long)coarse.Groups.Count * edges <= FewArcs ? edges : candidates, null);
        (_spent, _pivots) = (_spent + optimum.Spent, _pivots + optimum.Pivots);
        return optimum.Prices is null ? null : optimum;
    }
}

/// <summary>What column generation ended with.</summary>
/// <param name="Network">The last network.</param>
/// <param name="Flow">Its flow, or why there is none.</param>
/// <param name="Plan">The flow as a plan; null without an optimum.</param>
/// <param name="Prices">Duals of the optimum; null without one.</param>
/// <param name="Rounds">Networks solved.</param>
/// <param name="Pivots">Basis changes in all of them.</param>
/// <param name="Spent">Time for building and solving them.</param>
internal sealed record ColumnOptimum(
    DispatchNetwork Network, FlowSolution Flow, TrafficPlan? Plan, DualPrices? Prices, int Rounds, long Pivots, TimeSpan Spent)
{
    /// <summary>Where another solve of the same groups may start; there is an optimum.</summary>
    public SolveStart Start => new(Network.Arcs, Flow.Basis, Prices!.Tree.ToArray(), Flow.Kernel == CompactRun.Name<long>());
}
