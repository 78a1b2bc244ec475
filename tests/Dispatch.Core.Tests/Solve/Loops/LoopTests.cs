using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Loops;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve.Loops;

public sealed class LoopTests
{
    private static readonly SolveOptions Uncongested = new() { Congestion = CongestionSteps.None };

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 17UL).WithMaxTest(count);

    [Fact]
    public void CrossingCap_SmallWorlds_IsKeptWithAValidBound()
        => Check.One(Runs(200), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Snapshot snapshot = new(p.ToWorld(), 0);
            string[] first = [.. snapshot.World.Edges.Select(static e => e.Id).Take(2)], last = [.. snapshot.World.Edges.Select(static e => e.Id).Skip(1)];
            long total = p.Capacity.Sum();
            SolveOptions options = Uncongested with { CrossingCaps = [new("first", [.. first], new(total / 3)), new("last", [.. last], new(total / 2))] };
            Assignment capped = Solved(snapshot, options), free = Solved(snapshot, Uncongested);
            LoopReport report = capped.Loops!;
            Assert.All(report.Caps, c => Assert.True(c.Load <= c.Cap, $"{c}"));
            Assert.Equal(report.Caps.Select(c => c.Load), new[] { first, last }.Select(ids => Load(capped, ids)));
            Assert.Equal(capped.Trace.Objective - report.Bound, report.Gap);
            Assert.True(free.Trace.Objective <= report.Bound, "the bound is below an optimum without caps");
            Assert.True(report.Bound <= BestUnderCaps(capped, first, total / 3, last, total / 2), "the bound is above a plan that keeps the caps");
            return report.Gap >= 0 && capped.Trace.Certificate.Valid && capped.Trace.Objective == capped.Optimum.Objective();
        }));

    [Fact]
    public void CrossingCap_HalfOfAFaultDomainsLoad_HoldsAtAPriceAndASmallGap()
    {
        Snapshot snapshot = new(ShippedWorld.World, 16);
        Assignment free = Solved(snapshot, SolveOptions.Default);
        string[] ids = [.. snapshot.World.Edges.Where(static e => e.FaultDomain == "DE:Frankfurt").Select(static e => e.Id)];
        long half = Load(free, ids) / 2;
        Assignment capped = Solved(snapshot, SolveOptions.Default with { CrossingCaps = [new("frankfurt", [.. ids], new(half / 1000.0))] });
        CapPrice cap = Assert.Single(capped.Loops!.Caps);
        Assert.InRange(cap.Load, half * 99 / 100, half);
        Assert.True(cap.Price > 0);
        Assert.InRange(capped.Loops.Gap, 0, capped.Trace.Objective / 10_000);
        Assert.True(capped.Trace.Objective > free.Trace.Objective);
    }

    [Fact]
    public void MinMax_SmallWorlds_FindsTheLeastPartThatServesAsMuch()
        => Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Snapshot snapshot = new(p.ToWorld(), 0);
            Assignment level = Solved(snapshot, Uncongested with { MinMaxSlackPercent = 0 }), free = Solved(snapshot, Uncongested);
            int permille = level.Loops!.LeastUtilisationPermille!.Value;
            long[] loads = level.Optimum.EdgeLoads();
            for (int e = 0; e < loads.Length; e++) Assert.True(loads[e] <= level.Model.Capacity(e) * permille / 1000);
            Assert.Equal(Unserved(free), Unserved(level));
            return permille == 0 || Unserved(Solved(snapshot, Uncongested with { RoomPermille = permille - 1 })) > Unserved(free);
        }));

    [Fact]
    public void MoveBudget_TwoHoursLater_MovesHalfOfWhatItWouldAtABoundedCost()
    {
        Snapshot before = new(ShippedWorld.World, 16);
        Snapshot after = before with { UtcHour = 18 };
        Continuity held = new(Solved(before, SolveOptions.Default).Optimum) { MoveCost = 0 };
        Assignment free = Solved(after, SolveOptions.Default with { Continuity = held });
        long demand = free.Model.Groups.Sum(static g => g.Demand);
        int half = (int)(Moves.Of(free.Optimum).Voluntary * 50 / demand);
        Assignment bounded = Solved(after, SolveOptions.Default with { Continuity = held with { MoveBudgetPercent = half } });
        Assert.InRange(half, 2, 50);
        Assert.Equal(Moves.Of(bounded.Optimum).Voluntary, bounded.Loops!.Moved);
        Assert.InRange(bounded.Loops.Moved!.Value, 1, demand * half / 100);
        Assert.True(bounded.Loops.MovePrice > 0);
        Assert.InRange(bounded.Loops.Gap, 0, bounded.Trace.Objective / 100);
        Assert.InRange(bounded.Loops.Solves, 3, 14);
    }

    [Fact]
    public void MoveBudget_FailedEdge_EvacuatesWhateverTheBudget()
    {
        Snapshot before = new(ShippedWorld.World, 16);
        Assignment inForce = Solved(before, SolveOptions.Default);
        long[] loads = inForce.Optimum.EdgeLoads();
        int largest = Array.IndexOf(loads, loads.Max());
        HealthStatement down = new(HealthScope.Edge, before.World.Edges[largest].Id, HealthState.Down, 1);
        Snapshot after = before with { World = new World(before.World.Facts with { Health = before.World.Facts.Health.Add(down) }) };
        Assignment bounded = Solved(after, SolveOptions.Default with { Continuity = new(inForce.Optimum) { MoveBudgetPercent = 0 } });
        Assert.Equal(0, bounded.Optimum.EdgeLoads()[largest]);
        Assert.Equal(Unserved(Solved(after, SolveOptions.Default)) == 0, Unserved(bounded) == 0);
    }

    private static long Load(Assignment assignment, IEnumerable<string> ids)
    {
        long[] loads = assignment.Optimum.EdgeLoads();
        return ids.Sum(id => loads[assignment.Snapshot.World.EdgeOrdinal(id)]);
    }

    private static long Unserved(Assignment assignment) => Enumerable.Range(0, assignment.Model.Groups.Count).Sum(assignment.Optimum.Unserved);

    private static Int128 BestUnderCaps(Assignment capped, string[] first, long firstCap, string[] last, long lastCap)
    {
        World world = capped.Snapshot.World;
        bool[] inFirst = [.. world.Edges.Select(e => first.Contains(e.Id))], inLast = [.. world.Edges.Select(e => last.Contains(e.Id))];
        return CappedSplits.Best(capped.Model, 1000, load =>
            load.Where((_, e) => inFirst[e]).Sum() <= firstCap && load.Where((_, e) => inLast[e]).Sum() <= lastCap);
    }

    private static Assignment Solved(Snapshot snapshot, SolveOptions options)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, options);
        Assert.True(result.Assignment is not null, $"{result.Status}: {result.Cause}");
        return result.Assignment;
    }
}

/// <summary>The least objective over all splits in whole steps whose loads a rule accepts: no flow algorithm, no multipliers.</summary>
internal static class CappedSplits
{
    public static Int128 Best(CostModel model, long unit, Func<long[], bool> accepts)
    {
        long[] load = new long[model.Snapshot.World.Edges.Length];
        long[][] rows = [.. Enumerable.Range(0, model.Groups.Count).Select(g => { long[] row = new long[load.Length]; model.Row(g, row); return row; })];
        Dictionary<string, Int128?> seen = [];
        return Group(0)!.Value;

        Int128? Group(int g)
        {
            if (!accepts(load)) return null;
            if (g == rows.Length) return 0;
            string key = $"{g}:{string.Join(',', load)}";
            if (!seen.TryGetValue(key, out Int128? best)) seen[key] = best = Edge(g, 0, model.Groups[g].Demand / unit);
            return best;
        }

        Int128? Edge(int g, int e, long left)
        {
            if (e == load.Length) return Group(g + 1) + (Int128)left * unit * model.UnservedCost(g);
            Int128? best = null;
            long most = rows[g][e] == CostModel.NotAllowed ? 0 : Math.Min(left, model.Capacity(e) / unit - load[e]);
            for (long take = 0; take <= most; take++)
            {
                load[e] += take;
                Int128? cost = accepts(load) ? Edge(g, e + 1, left - take) + (take == 0 ? 0 : (Int128)take * unit * rows[g][e]) : null;
                load[e] -= take;
                if (cost is not null && (best is null || cost < best)) best = cost;
            }
            return best;
        }
    }
}
