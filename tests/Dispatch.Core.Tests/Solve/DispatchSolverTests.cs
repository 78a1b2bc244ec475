using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class DispatchSolverTests
{
    // With congestion a change of capacity moves its steps, too; the price is that of room alone.
    private static readonly SolveOptions Uncongested = new() { Congestion = CongestionSteps.None };

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 7UL).WithMaxTest(count);

    [Theory]
    [InlineData(Objective.Reference, 100)]
    [InlineData(Objective.Full, 1000)]
    public void Solve_RandomSmallWorld_MatchesTryingEverything(Objective objective, long unitsPerGbps) =>
        Check.One(Runs(400), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = Solved(new Snapshot(p.ToWorld(), 0), new SolveOptions { Objective = objective, Congestion = CongestionSteps.None });
            // All figures are whole Gbit/s and flow problems with whole bounds have whole optima, so whole steps find the optimum.
            return a.Trace.Objective == ExhaustiveSolver.Optimum(a.Model, unitsPerGbps) && a.Trace.Objective == a.Optimum.Objective();
        }));

    [Fact]
    public void Solve_FewCandidates_FindsTheSameOptimumAsAll() =>
        Check.One(Runs(300), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Snapshot snapshot = new(p.ToWorld(), 0);
            Assignment one = Solved(snapshot, new SolveOptions { Candidates = 1 });
            Assignment all = Solved(snapshot, new SolveOptions { Candidates = 64 });
            return one.Trace.Objective == all.Trace.Objective && one.Trace.Certificate.Valid;
        }));

    [Fact]
    public void Solve_AnyWorld_ConservesDemandAndKeepsCapacity() =>
        Check.One(Runs(300), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = Solved(new Snapshot(p.ToWorld(), 0));
            return Keeps(a.Optimum) && Keeps(a.Greedy) && a.Optimum.Objective() <= a.Greedy.Objective();
        }));

    [Fact]
    public void EdgePrices_OneUnitMoreOrLess_BoundTheChangeOfTheOptimum() =>
        Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = Solved(new Snapshot(p.ToWorld(), 0), Uncongested);
            for (int e = 0; e < p.Capacity.Length; e++)
            {
                // One unit of the full objective is 1 Mbit/s. The optimum is convex in capacity: a valid price is a subgradient.
                Int128 more = a.Trace.Objective - Solved(WithMbps(p, e, p.Capacity[e] * 1000L + 1), Uncongested).Trace.Objective;
                if (more > a.EdgePrices[e]) return false;
                if (p.Capacity[e] == 0) continue;
                Int128 less = Solved(WithMbps(p, e, p.Capacity[e] * 1000L - 1), Uncongested).Trace.Objective - a.Trace.Objective;
                if (less < a.EdgePrices[e]) return false;
            }
            return true;
        }));

    [Fact]
    public void ReducedCosts_UsedEdge_IsZeroAndNoneIsNegative() =>
        Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = Solved(new Snapshot(p.ToWorld(), 0));
            long[] row = new long[p.Capacity.Length];
            for (int g = 0; g < a.Model.Groups.Count; g++)
            {
                a.Model.Row(g, row);
                a.ToReducedCosts(g, row);
                foreach (int e in a.Optimum.Edges(g)) if (row[e] != 0) return false;
                if (a.Model.Groups[g].Demand > 0 && row.Any(static c => c < 0)) return false;
            }
            return true;
        }));

    [Fact]
    public void Solve_SameSnapshot_GivesTheSamePlan()
    {
        World world = ShippedWorld.World;
        TrafficPlan first = Solved(new Snapshot(world, 16)).Optimum, second = Solved(new Snapshot(world, 16)).Optimum;
        for (int g = 0; g < first.Model.Groups.Count; g++)
        {
            Assert.True(first.Edges(g).SequenceEqual(second.Edges(g)));
            Assert.True(first.Volumes(g).SequenceEqual(second.Volumes(g)));
        }
    }

    [Fact]
    public void Solve_BudgetEnded_GivesNoAssignment()
    {
        SolveResult result = DispatchSolver.Solve(new Snapshot(ShippedWorld.World, 16), null, new CancellationToken(canceled: true));
        Assert.Equal(FlowStatus.BudgetEnded, result.Status);
        Assert.Null(result.Assignment);
        Assert.NotEmpty(result.Cause);
        Assert.NotEmpty(result.Remedy);
    }

    private static Assignment Solved(Snapshot snapshot, SolveOptions? options = null)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, options);
        Assert.Equal(FlowStatus.Optimal, result.Status);
        return result.Assignment!;
    }

    private static Snapshot WithMbps(SmallProblem p, int edge, long mbps)
    {
        World world = p.ToWorld();
        ImmutableArray<Edge> edges = world.Edges.SetItem(edge, world.Edges[edge] with { Capacity = new(mbps / 1000.0) });
        return new Snapshot(new World(world.Facts with { Edges = edges }), 0);
    }

    private static bool Keeps(TrafficPlan plan)
    {
        long[] load = plan.EdgeLoads();
        for (int e = 0; e < load.Length; e++) if (load[e] > plan.Model.Capacity(e)) return false;
        for (int g = 0; g < plan.Model.Groups.Count; g++)
        {
            long served = 0;
            foreach (long v in plan.Volumes(g)) served += v;
            if (served + plan.Unserved(g) != plan.Model.Groups[g].Demand) return false;
        }
        return true;
    }
}
