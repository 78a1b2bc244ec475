using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

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
