using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Flow.Compact;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class CompactKernelTests
{
    private static readonly KernelTrial Narrow = new(Wide: false, Scalar: false, Compact: true);
    private static readonly KernelTrial Scalar = new(Wide: false, Scalar: true, Compact: true);
    private static readonly KernelTrial Wide = new(Wide: false, Scalar: false, Compact: true, CompactWide: true);
    private static readonly KernelTrial WideScalar = new(Wide: false, Scalar: true, Compact: true, CompactWide: true);

    [Fact]
    public void Solve_AnyNetworkForcedIntoTheCompactKernel_MatchesSuccessivePathsAndCertificate()
        => Check.One(Seeded(6000), Prop.ForAll(Networks.Small, spec =>
        {
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(spec);
            FlowNetwork network = spec.Build();
            foreach (KernelTrial trial in new[] { Narrow, Wide })
            {
                FlowSolution solution = Solve(network, trial);
                Assert.Equal(status, solution.Status);
                if (status != FlowStatus.Optimal) continue;
                Assert.Equal(cost, solution.Objective);
                Assert.Empty(OptimalityCertificate.Check(network, solution).Violations);
            }

            return true;
        }));

    [Fact]
    public void Solve_OptimalNetworks_StayInTheCompactKernel()
    {
        FlowSolution[] optimal = [.. Networks.Small.Generator.Sample(1000, new Rnd(5UL, 11UL), 50)
            .Select(spec => Solve(spec.Build(), Narrow)).Where(s => s.Status == FlowStatus.Optimal)];
        Assert.All(optimal, s => Assert.Equal("compact-simplex-32", s.Kernel));
        Assert.InRange(optimal.Length, 200, 1000);
    }

    [Fact]
    public void Solve_WithAndWithoutVectors_GivesTheSameFlow()
        => Check.One(Seeded(1500), Prop.ForAll(Networks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            return Same(Solve(network, Narrow), Solve(network, Scalar)) && Same(Solve(network, Wide), Solve(network, WideScalar));
        }));

    // Two groups of 5 share an edge with room for 7. A gap of prices above the greatest cost proves that 3 find no way; where
    // costs leave no gap below the narrow artificial cost, 64 bits prove it.
    [Theory]
    [InlineData(100, "compact-simplex-32")]
    [InlineData(CompactRun.GreatestNarrowCost - 1, "compact-simplex-64")]
    public void Solve_TooLittleRoom_IsProvenInfeasibleByTheNarrowestKernelThatCan(long cost, string kernel)
    {
        var builder = new FlowNetworkBuilder();
        foreach (long supply in new long[] { 5, 5, 0, -10 }) builder.AddNode(supply);
        for (int row = 0; row < 2; row++) builder.AddArc(row, 2, 0, FlowNetwork.Unlimited, cost + row);
        builder.AddArc(2, 3, 0, 7, 0);
        FlowNetwork network = builder.Build();
        FlowSolution solution = FlowSolver.Solve(network);
        Assert.Equal((FlowStatus.Infeasible, kernel), (solution.Status, solution.Kernel));
        Assert.Equal("nodes 0, 1, 2 must send out 10 units, but the arcs around them let at most 7 leave; 3 are stuck", solution.Cause);
        Assert.Equal((FlowStatus.Infeasible, kernel), (FlowSession.Open(network).Result.Status, FlowSession.Open(network).Kernel));
    }

    [Fact]
    public void Solve_NodeThatMustSendMoreThanReachesIt_IsProvenInfeasibleIn32Bits()
    {
        var builder = new FlowNetworkBuilder();
        foreach (long supply in new long[] { 3, 0, 0, -3 }) builder.AddNode(supply);
        builder.AddArc(0, 1, 0, FlowNetwork.Unlimited, 4);
        builder.AddArc(0, 3, 0, FlowNetwork.Unlimited, 9);
        builder.AddArc(1, 2, 0, 2, 1);
        builder.AddArc(2, 3, 5, 8, 1);
        FlowSolution solution = Solve(builder.Build(), Narrow);
        Assert.Equal((FlowStatus.Infeasible, "compact-simplex-32"), (solution.Status, solution.Kernel));
        Assert.Equal("nodes 0, 1, 3 must send out 0 units, but the arcs around them let at most -3 leave; 3 are stuck", solution.Cause);
    }

    [Fact]
    public void Solve_NetworkNoRowFits_FallsToTheGeneralKernelAndSaysSo()
    {
        var builder = new FlowNetworkBuilder();
        for (int v = 0; v < 4; v++) builder.AddNode(v switch { 0 => 5, 3 => -5, _ => 0 });
        for (int v = 0; v < 4; v++) builder.AddArc(v, (v + 1) % 4, 0, 9, 1);
        Assert.Equal("network-simplex", FlowSolver.Solve(builder.Build()).Kernel);
    }

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 91UL).WithMaxTest(tests);

    private static FlowSolution Solve(FlowNetwork network, KernelTrial trial)
        => FlowSolver.Solve(network, new FlowOptions { MaxPivots = 1_000_000 }, trial, CancellationToken.None);

    private static bool Same(FlowSolution a, FlowSolution b)
        => a.Status == b.Status && a.Pivots == b.Pivots && a.Flow.SequenceEqual(b.Flow) && a.Potentials.SequenceEqual(b.Potentials);
}
