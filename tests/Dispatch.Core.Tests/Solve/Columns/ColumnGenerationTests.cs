using TrafficDispatch.Bench;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Columns;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve.Columns;

/// <summary>Worlds with many more groups than edges and too little room near most of them: the coarse model comes first.</summary>
public sealed class ColumnGenerationTests
{
    private static readonly Snapshot Plain = new(MadeWorld.Create(1500, 60, features: false), 0), Full = new(MadeWorld.Create(1500, 60, features: true), 0);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(30)]
    public void Solve_FewCandidatesInACrowdedWorld_FindsTheOptimumOverAllEdges(int candidates)
    {
        foreach (Snapshot snapshot in new[] { Plain, Full })
        {
            Assignment few = Solved(snapshot, new() { Candidates = candidates }), all = Solved(snapshot, new() { Candidates = 60 });
            Assert.Equal(all.Trace.Objective, few.Trace.Objective);
            Assert.Equal(few.Trace.Objective, few.Optimum.Objective());
            Assert.True(few.Trace.Certificate.Valid);
        }
    }

    [Fact]
    public void Solve_HeldToAPlanInForce_FindsTheSameOptimumFromFewCandidatesAsFromAll()
    {
        Assignment inForce = Solved(Plain, SolveOptions.Default);
        SolveOptions held = new() { Continuity = new(inForce.Optimum) { OnloadPercent = 10, MoveCost = 50 } };
        Assignment few = Solved(Full, held with { Candidates = 4 }), all = Solved(Full, held with { Candidates = 60 });
        Assert.Equal(all.Trace.Objective, few.Trace.Objective);
    }

    [Fact]
    public void Solve_FromWhereItEnded_TakesOneRoundAndHardlyAPivot()
    {
        Assignment first = Solved(Full, new() { Candidates = 8 });
        Assignment again = Solved(Full, new() { Candidates = 8, Start = first.Start });
        Assert.Equal(first.Trace.Objective, again.Trace.Objective);
        Assert.Equal(1, again.Trace.Rounds);
        Assert.InRange(again.Trace.Pivots, 0, first.Trace.Pivots / 20);
    }

    // The bounds of edges change the steps of the tree: what the two networks do not share is left out of the start.
    [Fact]
    public void Solve_FromWhereAnotherModelEnded_FindsItsOwnOptimum()
    {
        Assignment first = Solved(Full, SolveOptions.Default);
        SolveOptions tight = new() { RoomPermille = 900, Congestion = CongestionSteps.None };
        Assert.Equal(Solved(Full, tight).Trace.Objective, Solved(Full, tight with { Start = first.Start }).Trace.Objective);
    }

    [Fact]
    public void Of_AnyModel_KeepsDemandByProfileWithFewerGroups()
    {
        var model = new FullCost(Plain, SolveOptions.Default);
        CoarseModel coarse = CoarseModel.Of(model), coarser = CoarseModel.Of(coarse);
        Assert.InRange(coarse.Groups.Count, 1, model.Groups.Count / 4);
        Assert.InRange(coarser.Groups.Count, 1, coarse.Groups.Count - 1);
        foreach (CostModel merged in new[] { coarse, coarser })
            for (int p = 0; p < 3; p++)
                Assert.Equal(model.Groups.Where(g => g.Profile == p).Sum(g => g.Demand), merged.Groups.Where(g => g.Profile == p).Sum(g => g.Demand));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void Cheapest_AnyCount_AreTheFirstOfASort(int perGroup)
    {
        var model = new FullCost(Plain, SolveOptions.Default);
        CandidateRows rows = CandidateRows.Cheapest(model, perGroup);
        long[] row = new long[60];
        for (int g = 0; g < model.Groups.Count; g++)
        {
            model.Row(g, row);
            Assert.Equal(Enumerable.Range(0, 60).OrderBy(e => row[e]).ThenBy(e => e).Take(perGroup).Order(), rows.Edges(g).ToArray());
            Assert.Equal(rows.Edges(g).ToArray().Select(e => row[e]), rows.Costs(g).ToArray());
        }
    }

    private static Assignment Solved(Snapshot snapshot, SolveOptions options) => DispatchSolver.Solve(snapshot, options).Assignment!;
}
