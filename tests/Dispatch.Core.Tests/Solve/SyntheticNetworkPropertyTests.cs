using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Core.Tests.Flow;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Solve;

/// <summary>Whatever is asked for, what is generated is feasible and its optimum can be proved.</summary>
public sealed class SyntheticNetworkPropertyTests
{
    [Fact]
    public void Create_AnyRequest_IsFeasibleAndSolvesWithAProof()
        => Check.One(Config.QuickThrowOnFailure.WithReplay(2026UL, 77UL).WithMaxTest(400), Prop.ForAll(Requests(groups: 150, edges: 40), request =>
        {
            FlowNetwork network = request.Create();
            FlowSolution solution = FlowSolver.Solve(network, new FlowOptions { MaxPivots = 200_000 });
            return solution.Status == FlowStatus.Optimal && OptimalityCertificate.Check(network, solution).Valid;
        }));

    /// <summary>Parallel, capacitated and lower-bounded arcs out of groups, and parallel arcs behind them, against another algorithm.</summary>
    [Fact]
    public void Solve_SmallDispatchNetwork_MatchesSuccessivePaths()
        => Check.One(Config.QuickThrowOnFailure.WithReplay(2026UL, 79UL).WithMaxTest(400), Prop.ForAll(Requests(groups: 40, edges: 12), request =>
        {
            FlowNetwork network = request.Create();
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(Spec(network));
            FlowSolution solution = FlowSolver.Solve(network);
            return status == FlowStatus.Optimal && solution.Status == status && solution.Objective == cost;
        }));

    private static NetworkSpec Spec(FlowNetwork n) => new([.. n.Supplies], [.. Enumerable.Range(0, n.ArcCount).Select(
        a => new ArcSpec(n.Tails[a], n.Heads[a], n.LowerBounds[a], n.UpperBounds[a], n.Costs[a]))]);

    private static Arbitrary<Request> Requests(int groups, int edges) => Arb.From(
        from shape in Gen.Elements(SyntheticShape.OneLayer, SyntheticShape.Layered, SyntheticShape.Dispatch, SyntheticShape.Dispatch)
        from groupCount in Gen.Choose(1, groups)
        from edgeCount in Gen.Choose(1, edges)
        from candidates in Gen.Choose(1, Math.Min(12, edgeCount))
        from upstream in Gen.Choose(1, 9)
        from seed in Gen.Choose(0, int.MaxValue)
        from capacity in Gen.Elements(0.01, 0.9, 1.02, 1.25, 3)
        from drift in Gen.Elements(0.0, 10, 90)
        select new Request(shape, new SyntheticSize(groupCount, candidates, edgeCount, upstream, upstream), seed, capacity, drift),
        static request => request.Smaller());

    private sealed record Request(SyntheticShape Shape, SyntheticSize Size, int Seed, double Capacity, double Drift)
    {
        public FlowNetwork Create() => SyntheticNetwork.Create(Size, Shape, Seed, Capacity, Drift);

        public IEnumerable<Request> Smaller()
        {
            if (Size.Groups > 1) yield return this with { Size = Size with { Groups = Size.Groups / 2 } };
            if (Size.Groups > 1) yield return this with { Size = Size with { Groups = Size.Groups - 1 } };
            if (Size.Candidates > 1) yield return this with { Size = Size with { Candidates = Size.Candidates - 1 } };
            if (Size.Edges > Size.Candidates) yield return this with { Size = Size with { Edges = Size.Edges - 1 } };
            if (Size.Relays > 1) yield return this with { Size = Size with { Relays = Size.Relays - 1, Origins = Size.Origins - 1 } };
        }
    }
}
