using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Core.Tests.Flow.Session;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class FlowStartTests
{
    private static readonly KernelTrial Compact = new(Wide: false, Scalar: false, Compact: true);

    [Fact]
    public void Solve_FromTheBasisOfAnotherNetwork_MatchesSuccessivePaths() =>
        Check.One(Seeded(2000), Prop.ForAll(RowNetworks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution other = Solve(Dearer(network), new() { KeepBasis = true });
            FlowStart start = new(other.Basis, Potentials(other, network.NodeCount));
            return IsRight(spec, Solve(network, new() { Start = start })) && IsRight(spec, Solve(network, new() { Start = start with { Wide = true } }));
        }));

    // Whatever a start says: arcs by chance, prices by chance.
    [Fact]
    public void Solve_FromAnyStart_MatchesSuccessivePaths() =>
        Check.One(Seeded(2000), Prop.ForAll(RowNetworks.Small, ArbMap.Default.ArbFor<int>(), (spec, seed) =>
        {
            FlowNetwork network = spec.Build();
            var random = new Random(seed);
            int[] arcs = [.. Enumerable.Range(0, network.ArcCount)];
            int[] basic = [.. arcs.Where(_ => random.Next(2) == 0)], upper = [.. arcs.Except(basic).Where(_ => random.Next(3) == 0)];
            long[] potentials = [.. Enumerable.Range(0, network.NodeCount).Select(_ => random.NextInt64(-5_000_000, 5_000_000))];
            FlowStart start = new(new FlowBasis(network.NodeCount, network.ArcCount, basic, upper), potentials);
            return IsRight(spec, Solve(network, new() { Start = start })) && IsRight(spec, Solve(network, new() { Start = start with { Basis = null } }));
        }));

    [Fact]
    public void Solve_FromItsOwnBasis_NeedsNoPivot() =>
        Check.One(Seeded(500), Prop.ForAll(RowNetworks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution first = Solve(network, new() { KeepBasis = true });
            if (first.Status != FlowStatus.Optimal) return true;
            FlowSolution again = Solve(network, new() { Start = new(first.Basis, Potentials(first, network.NodeCount)) });
            return again.Pivots <= first.Pivots && again.Flow.Length == first.Flow.Length && again.Objective == first.Objective;
        }));

    // Of several optima the same one stays, where the same kernel goes on.
    [Fact]
    public void Open_WhereASolveEnded_HoldsTheVeryFlow()
    {
        int held = 0;
        Check.One(Seeded(1500), Prop.ForAll(RowNetworks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution first = FlowSolver.Solve(network, new() { KeepBasis = true });
            if (first is not { Status: FlowStatus.Optimal, Basis: { } basis }) return true;
            FlowSession session = FlowSession.Open(network, new FlowStart(basis, Potentials(first, network.NodeCount)));
            held++;
            return session.Certify() && session.ToSolution().Flow.SequenceEqual(first.Flow);
        }));
        Assert.InRange(held, 100, 1500);
    }

    [Fact]
    public void Basis_NotAskedFor_IsNotKept()
    {
        FlowNetwork network = RowNetworks.Small.Generator.Sample(1, new Rnd(5UL, 11UL), 20)[0].Build();
        Assert.Null(Solve(network, FlowOptions.Default).Basis);
    }

    private static FlowSolution Solve(FlowNetwork network, FlowOptions options) => FlowSolver.Solve(network, options, Compact, CancellationToken.None);

    private static bool IsRight(NetworkSpec spec, FlowSolution solution)
    {
        (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(spec);
        return solution.Status == status
            && (status != FlowStatus.Optimal || solution.Objective == cost && OptimalityCertificate.Check(spec.Build(), solution).Valid);
    }

    private static long[] Potentials(FlowSolution solution, int nodes) =>
        solution.Status == FlowStatus.Optimal ? [.. solution.Potentials.ToArray().Select(static p => (long)p)] : new long[nodes];

    // The same arcs with every second one dearer: its optimum lies elsewhere.
    private static FlowNetwork Dearer(FlowNetwork network)
    {
        var builder = new FlowNetworkBuilder(network.NodeCount, network.ArcCount);
        foreach (long supply in network.Supplies) builder.AddNode(supply);
        for (int a = 0; a < network.ArcCount; a++)
            builder.AddArc(network.Tails[a], network.Heads[a], network.LowerBounds[a], network.UpperBounds[a], network.Costs[a] + a % 2 * 7);
        return builder.Build();
    }

    private static Config Seeded(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 21UL).WithMaxTest(count);
}
