using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class FlowSolverEdgeCaseTests
{
    private const long Open = FlowNetwork.Unlimited;

    [Fact]
    public void Solve_EmptyNetwork_IsOptimalAtZero()
    {
        FlowSolution solution = Proven(new NetworkSpec([], []));
        Assert.Equal(0, solution.Objective);
        Assert.True(solution.Flow.IsEmpty);
    }

    [Fact]
    public void Solve_NodesWithoutArcs_IsOptimalAtZero() => Assert.Equal(0, Proven(new NetworkSpec([0, 0, 0], [])).Objective);

    [Fact]
    public void Solve_ZeroDemandPositiveCosts_CarriesNothing()
    {
        FlowSolution solution = Proven(new NetworkSpec([0, 0], [new(0, 1, 0, 5, 3), new(1, 0, 0, 5, 3)]));
        Assert.Equal([0, 0], solution.Flow.ToArray());
    }

    [Fact]
    public void Solve_TwoUnconnectedParts_ServesBoth()
        => Assert.Equal(5 * 2 + 7 * 3, Proven(new NetworkSpec([5, -5, 7, -7], [new(0, 1, 0, 9, 2), new(2, 3, 0, 9, 3)])).Objective);

    [Fact]
    public void Solve_SupplyInOnePartDemandInAnother_IsInfeasibleWithTheNode()
    {
        FlowSolution solution = Failed(new NetworkSpec([5, 0, -5], [new(0, 1, 0, 9, 1), new(1, 0, 0, 9, 1)]), FlowStatus.Infeasible);
        Assert.Contains("nodes 0, 1 must send out 5 units", solution.Cause, StringComparison.Ordinal);
        Assert.Contains("at most 0 leave; 5 are stuck", solution.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_CutTooNarrow_NamesCutAndFigures()
    {
        FlowSolution solution = Failed(new NetworkSpec([10, 0, -10], [new(0, 1, 0, Open, 1), new(1, 2, 0, 4, 1), new(2, 1, 1, 3, 1)]), FlowStatus.Infeasible);
        Assert.Contains("must send out 10 units, but the arcs around them let at most 3 leave; 7 are stuck", solution.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "the supplies sum to 3, not to zero: 3 units have nowhere to go")]
    [InlineData(-3, "the supplies sum to -3, not to zero: 3 units are demanded but not supplied")]
    public void Solve_UnbalancedSupplies_IsInfeasibleWithTheSum(long supply, string cause)
        => Assert.Equal(cause, Failed(new NetworkSpec([supply, 0], [new(0, 1, 0, 9, 1)]), FlowStatus.Infeasible).Cause);

    [Fact]
    public void Solve_NegativeCycleWithFiniteCapacity_FillsIt()
        => Assert.Equal(-6 * 4, Proven(new NetworkSpec([0, 0], [new(0, 1, 0, 9, -5), new(1, 0, 0, 4, -1)])).Objective);

    [Fact]
    public void Solve_NegativeSelfLoop_IsFilled()
    {
        FlowSolution solution = Proven(new NetworkSpec([0], [new(0, 0, 2, 9, -5), new(0, 0, 2, 9, 5), new(0, 0, 0, Open, 0)]));
        Assert.Equal([9, 2, 0], solution.Flow.ToArray());
    }

    [Fact]
    public void Solve_NegativeUnlimitedSelfLoop_IsUnboundedAndNamed()
        => Assert.Contains("costs -5 a unit: arc 0 (0 -> 0)", Failed(new NetworkSpec([0], [new(0, 0, 0, Open, -5)]), FlowStatus.Unbounded).Cause, StringComparison.Ordinal);

    [Fact]
    public void Solve_NegativeUnlimitedCycle_NamesEveryArcOfIt()
    {
        FlowSolution solution = Failed(new NetworkSpec([0, 0, 0], [new(0, 1, 0, Open, 2), new(1, 2, 0, Open, 2), new(2, 0, 0, Open, -5), new(0, 2, 0, 7, 1)]), FlowStatus.Unbounded);
        Assert.Contains("costs -1 a unit", solution.Cause, StringComparison.Ordinal);
        foreach (string arc in new[] { "arc 0 (0 -> 1)", "arc 1 (1 -> 2)", "arc 2 (2 -> 0)" }) Assert.Contains(arc, solution.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_UnlimitedNegativeCycleButInfeasible_IsInfeasible()
        => Failed(new NetworkSpec([0, 0, 1, -1], [new(0, 1, 0, Open, -5), new(1, 0, 0, Open, 0)]), FlowStatus.Infeasible);

    [Fact]
    public void Solve_LoopOfEqualFiniteCapacities_IsNotTakenForUnlimited()
        => Assert.Equal(-21, Proven(new NetworkSpec([0, 0, 0], [new(0, 1, 0, 7, -1), new(1, 2, 0, 7, -1), new(2, 0, 0, 7, -1)])).Objective);

    [Fact]
    public void Solve_ParallelArcs_FillsTheCheapestFirst()
    {
        FlowSolution solution = Proven(new NetworkSpec([10, -10], [new(0, 1, 0, 4, 3), new(0, 1, 0, 4, 1), new(0, 1, 0, 4, 2)]));
        Assert.Equal([2, 4, 4], solution.Flow.ToArray());
    }

    [Fact]
    public void Solve_LowerBoundsBothSigns_AreKept()
    {
        FlowSolution solution = Proven(new NetworkSpec([1, -1], [new(0, 1, 3, 5, 10), new(0, 1, -4, 5, 1)]));
        Assert.Equal([3, -2], solution.Flow.ToArray());
        Assert.Equal(28, solution.Objective);
    }

    [Fact]
    public void Solve_FixedArcs_KeepTheirFlow()
        => Assert.Equal([2, 3], Proven(new NetworkSpec([5, -5], [new(0, 1, 2, 2, 9), new(0, 1, 0, 9, 1)])).Flow.ToArray());

    [Fact]
    public void Solve_OptimumBeyond64Bits_IsExact()
    {
        FlowSolution solution = Proven(new NetworkSpec([4_000_000_000_000_000_000, -4_000_000_000_000_000_000], [new(0, 1, 0, long.MaxValue - 1, 4_000_000_000_000_000_000)]));
        Assert.Equal(Int128.Parse("16000000000000000000000000000000000000", null), solution.Objective);
        Assert.Equal("network-simplex-128", solution.Kernel);
    }

    [Fact]
    public void Solve_GreatFlowSmallCosts_StaysIn64Bits()
    {
        FlowSolution solution = Proven(new NetworkSpec([4_000_000_000_000_000_000, -4_000_000_000_000_000_000], [new(0, 1, 0, 4_000_000_000_000_000_000, 1_000_000_000)]));
        Assert.Equal((Int128)4_000_000_000_000_000_000 * 1_000_000_000, solution.Objective);
        Assert.Equal("network-simplex", solution.Kernel);
    }

    [Fact]
    public void Solve_ChainOfGreatestCosts_HasExactPotentials()
    {
        ArcSpec[] chain = [.. Enumerable.Range(0, 6).Select(v => new ArcSpec(v, v + 1, 0, 2, long.MaxValue))];
        FlowSolution solution = Proven(new NetworkSpec([1, 0, 0, 0, 0, 0, -1], chain));
        Assert.Equal((Int128)long.MaxValue * 6, solution.Objective);
        Assert.Equal((Int128)long.MaxValue * 6, solution.Potentials[6] - solution.Potentials[0]);
    }

    [Fact]
    public void Solve_ExtremeBoundsAndCosts_IsExact()
    {
        var spec = new NetworkSpec([0, 0], [new(0, 1, long.MinValue, long.MaxValue - 1, long.MinValue), new(1, 0, long.MinValue, long.MaxValue - 1, 0)]);
        FlowSolution solution = Proven(spec);
        Assert.Equal((Int128)long.MinValue * (long.MaxValue - 1), solution.Objective);
    }

    [Fact]
    public void Solve_UnlimitedArcPast64Bits_IsRejectedWithTheArc()
    {
        var spec = new NetworkSpec([long.MaxValue, long.MaxValue, 0, -long.MaxValue, -long.MaxValue], [new(0, 2, 0, Open, 0), new(1, 2, 0, Open, 0), new(2, 3, 0, Open, 0), new(3, 4, 0, Open, 0)]);
        FlowSolution solution = Failed(spec, FlowStatus.RejectedInput);
        Assert.Contains("arc 2 (2 -> 3)", solution.Cause, StringComparison.Ordinal);
        Assert.Contains("larger unit", solution.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_FlowOutgrowing64BitsOnTheWay_FallsToTheWideKernel()
    {
        const long Half = 1L << 61;
        var spec = new NetworkSpec([0, 0], [new(0, 1, 0, Open, -3), .. Enumerable.Range(0, 3).Select(_ => new ArcSpec(1, 0, 0, Half, 1))]);
        FlowSolution solution = Proven(spec);
        Assert.Equal((Int128)Half * 3 * -2, solution.Objective);
        Assert.Equal("network-simplex-128", solution.Kernel);
    }

    [Fact]
    public void Solve_TotalPast128Bits_IsRejected()
    {
        ArcSpec[] arcs = [.. Enumerable.Range(0, 3).Select(_ => new ArcSpec(0, 0, long.MaxValue - 1, long.MaxValue - 1, long.MaxValue))];
        Assert.Equal("the total cost passes 128 bits", Failed(new NetworkSpec([0], arcs), FlowStatus.RejectedInput).Cause);
    }

    // A starting basis that fills demands exactly takes more than five pivots a node here, most of them degenerate.
    [Fact]
    public void Solve_Assignment_TakesFewPivots()
    {
        const int Pairs = 2000, Choices = 20;
        var random = new Random(4);
        long[] supplies = [.. Enumerable.Range(0, 2 * Pairs).Select(v => v < Pairs ? 1L : -1L)];
        var arcs = new List<ArcSpec>();
        for (int v = 0; v < Pairs; v++)
        {
            arcs.Add(new ArcSpec(v, Pairs + v, 0, 1, random.Next(100_000)));
            for (int i = 1; i < Choices; i++) arcs.Add(new ArcSpec(v, Pairs + random.Next(Pairs), 0, 1, random.Next(100_000)));
        }

        FlowSolution solution = Proven(new NetworkSpec(supplies, [.. arcs]));
        Assert.InRange(solution.Pivots, 1, 4 * supplies.Length);
    }

    [Fact]
    public void Solve_PivotLimit_EndsTheBudgetWithoutFlow()
    {
        var spec = new NetworkSpec([0, 0], [new(0, 1, 0, 9, -5), new(1, 0, 0, 4, -1)]);
        FlowSolution solution = FlowSolver.Solve(spec.Build(), new FlowOptions { MaxPivots = 0 });
        Assert.Equal(FlowStatus.BudgetEnded, solution.Status);
        Assert.Equal("the limit of 0 pivots was reached", solution.Cause);
        Assert.True(solution.Flow.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => solution.Objective);
    }

    [Fact]
    public void Solve_CancelledToken_EndsTheBudget()
    {
        FlowSolution solution = FlowSolver.Solve(new NetworkSpec([1, -1], [new(0, 1, 0, 1, 1)]).Build(), cancellation: new CancellationToken(canceled: true));
        Assert.Equal(FlowStatus.BudgetEnded, solution.Status);
        Assert.Contains("cancelled", solution.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_TimeLimitOnAFakeClock_EndsTheBudget()
    {
        var options = new FlowOptions { TimeLimit = TimeSpan.FromSeconds(5), Clock = new LeapingClock() };
        FlowSolution solution = FlowSolver.Solve(new NetworkSpec([1, -1], [new(0, 1, 0, 1, 1)]).Build(), options);
        Assert.Equal(FlowStatus.BudgetEnded, solution.Status);
        Assert.StartsWith("the time limit of 00:00:05 passed", solution.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_FaultyArcs_ReportsEveryFault()
    {
        var builder = new FlowNetworkBuilder();
        builder.AddNodes(2);
        builder.AddArc(-1, 2, 5, 4, 0);
        builder.AddArc(0, 1, Open, Open, 0);
        FlowNetworkException thrown = Assert.Throws<FlowNetworkException>(() => builder.Build());
        Assert.Equal(
            [
                "arc 0: tail is -1; must be a node from 0 to 1",
                "arc 0: head is 2; must be a node from 0 to 1",
                "arc 0: upper is 4; must not be below the lower bound 5",
                "arc 1: lower is 9223372036854775807; a lower bound must be finite",
            ],
            thrown.Faults.Select(f => f.ToString()),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Build_BuilderUsedOn_LeavesEarlierNetworksAlone()
    {
        var builder = new FlowNetworkBuilder();
        builder.AddNodes(2);
        builder.SetSupply(0, 3);
        builder.AddArc(0, 1, 0, 1, 1);
        FlowNetwork first = builder.Build();
        builder.SetSupply(0, 9);
        builder.AddArc(1, 0, 0, 1, 1);
        Assert.Equal((1, 3L), (first.ArcCount, first.Supplies[0]));
        Assert.Equal((2, 9L), (builder.Build().ArcCount, builder.Build().Supplies[0]));
    }

    private static FlowSolution Proven(NetworkSpec spec)
    {
        FlowNetwork network = spec.Build();
        FlowSolution solution = FlowSolver.Solve(network);
        Assert.True(solution.Status == FlowStatus.Optimal, $"{solution.Status}: {solution.Cause}");
        OptimalityCertificate certificate = OptimalityCertificate.Check(network, solution);
        Assert.Empty(certificate.Violations);
        Assert.True(certificate.Valid);
        return solution;
    }

    private static FlowSolution Failed(NetworkSpec spec, FlowStatus status)
    {
        FlowSolution solution = FlowSolver.Solve(spec.Build());
        Assert.Equal(status, solution.Status);
        Assert.NotEmpty(solution.Cause);
        Assert.NotEmpty(solution.Remedy);
        Assert.True(solution.Flow.IsEmpty && solution.Potentials.IsEmpty);
        return solution;
    }

    private sealed class LeapingClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds += 10;
    }
}
