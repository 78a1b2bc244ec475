using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Which kernel ran is said by every result; the dispatch model's networks stay in the fast one.</summary>
public sealed class FlowSessionKernelTests
{
    private static readonly SyntheticSize Small = new(150, 8, 30, 6, 3);

    [Theory]
    [InlineData("S", SyntheticShape.OneLayer, 1.25)]
    [InlineData("S", SyntheticShape.Layered, 1.25)]
    [InlineData("S", SyntheticShape.Dispatch, 1.25)]
    [InlineData("S", SyntheticShape.Dispatch, 0.9)]
    [InlineData("150x8x30", SyntheticShape.OneLayer, 1.02)]
    [InlineData("150x8x30", SyntheticShape.Layered, 1.02)]
    [InlineData("150x8x30", SyntheticShape.Dispatch, 1.02)]
    [InlineData("150x8x30", SyntheticShape.Dispatch, 0.9)]
    public void Solve_DispatchShapes_RunInACompactKernelColdAndWarm(string size, SyntheticShape shape, double load)
    {
        SyntheticSize sizes = size == "S" ? SyntheticSize.Named(size)! : Small;
        FlowNetwork network = SyntheticNetwork.Create(sizes, shape, seed: 4, load);
        FlowSession session = FlowSession.Open(network);
        AssertCompact(session.Result);
        Assert.Equal(FlowSolver.Solve(network).Objective, session.Result.Objective);
        SessionResult[] failures = [.. Enumerable.Range(0, sizes.Edges / 7).Select(i => FailAndRestore(session, network, sizes.Groups + (7 * i)))];
        Assert.Contains(failures, f => f is { Status: FlowStatus.Optimal, Rebuilt: false });
        Assert.True(failures.Count(f => f.Rebuilt) <= failures.Length / 2);
    }

    [Fact]
    public void Solve_EveryNodeEntered_SaysTheGeneralKernel()
    {
        FlowSession session = FlowSession.Open(new NetworkSpec([5, 0, 0, -5], [new(0, 1, 0, 9, 1), new(1, 2, 0, 9, 1), new(2, 3, 0, 9, 1), new(3, 0, 0, 9, 1)]).Build());
        Assert.Equal(("network-simplex", (Int128)15), (session.Kernel, session.Result.Objective));
        session.SetCost(1, 4);
        SessionResult result = session.Solve();
        Assert.Equal(("network-simplex", (Int128)30), (result.Kernel, result.Objective));
    }

    [Fact]
    public void Solve_CostsThatOutgrowEachWidth_SaysSoAndIsRight()
    {
        NetworkSpec spec = new([4, 4, 0, -8], [new(0, 2, 0, FlowNetwork.Unlimited, 3), new(1, 2, 0, FlowNetwork.Unlimited, 5), new(0, 3, 0, 4, 40), new(1, 3, 0, 4, 50), new(2, 3, 0, 6, 1)]);
        FlowSession session = FlowSession.Open(spec.Build());
        Assert.Equal("compact-simplex-32", session.Kernel);
        foreach ((long cost, string kernel) in ((long, string)[])[(1L << 40, "compact-simplex-64"), (1L << 60, "network-simplex-128"), (2, "compact-simplex-32")])
        {
            session.SetCost(2, cost);
            SessionResult result = session.Solve();
            NetworkSpec edited = spec.With(2, spec.Arcs[2] with { Cost = cost });
            Assert.Equal(SuccessivePaths.Solve(edited).Cost, result.Objective);
            Assert.Equal(FlowSolver.Solve(edited.Build()).Objective, result.Objective);
            if (cost > 2) Assert.Equal(kernel, result.Kernel); // what has widened need not narrow again
        }
    }

    // Where the model keeps flow on an edge by lower bounds, its failure leaves no flow; the cold solve says so as well.
    private static SessionResult FailAndRestore(FlowSession session, FlowNetwork network, int edge)
    {
        int[] arcs = [.. Enumerable.Range(0, network.ArcCount).Where(e => network.Tails[e] == edge)];
        Int128 before = session.Result.Objective;
        foreach (int e in arcs) session.SetUpper(e, 0);
        SessionResult failed = session.Solve();
        FlowSolution cold = FlowSolver.Solve(session.ToNetwork());
        Assert.Equal(cold.Status, failed.Status);
        if (failed.Status == FlowStatus.Optimal)
        {
            AssertCompact(failed);
            Assert.True(session.Certify());
            Assert.Equal(cold.Objective, failed.Objective);
        }

        foreach (int e in arcs) session.SetUpper(e, network.UpperBounds[e]);
        AssertCompact(session.Solve());
        Assert.True(session.Certify());
        Assert.Equal(before, session.Result.Objective);
        return failed;
    }

    private static void AssertCompact(SessionResult result)
    {
        Assert.Equal(FlowStatus.Optimal, result.Status);
        Assert.StartsWith("compact-simplex", result.Kernel, StringComparison.Ordinal);
    }
}
