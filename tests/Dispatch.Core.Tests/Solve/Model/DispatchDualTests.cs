using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>
/// The optimum is convex in every bound and every demand. So a price is valid exactly where one Mbit/s more of room saves at most the price
/// and one less costs at least it, and for demand the other way round.
/// </summary>
public sealed class DispatchDualTests
{
    private const double OneMbps = 0.001;

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 13UL).WithMaxTest(count);

    [Fact]
    public void Room_CeilingOneMbpsMoreOrLess_BoundsTheChange() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            World world = p.ToWorld();
            return AllHold(p, world.Facts.Contracts.Length, static (a, c) => a.Prices.Room[a.Snapshot.World.Edges.Length + c], (c, mbps) =>
            {
                Contract contract = world.Facts.Contracts[c];
                // Where the floor meets the ceiling it moves with it, and with it the charge for missing it.
                if (contract.Ceiling is not { } most || contract.Floor.Value >= most.Value || most.Value + mbps * OneMbps < 0) return null;
                Contract next = contract with { Ceiling = new(most.Value + mbps * OneMbps) };
                return world.Facts with { Contracts = world.Facts.Contracts.SetItem(c, next) };
            });
        }));

    [Fact]
    public void Room_EdgeOneMbpsMoreOrLess_BoundsTheChange() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.Fresh, static p =>
        {
            SmallDispatch free = p with { Operator = WithoutFloor(p.Operator), SiteA = WithoutFloor(p.SiteA), SiteB = WithoutFloor(p.SiteB) };
            World world = free.ToWorld();
            return AllHold(free, world.Edges.Length, static (a, e) => a.EdgePrices[e], (e, mbps) =>
            {
                double capacity = world.Edges[e].Capacity.Value + mbps * OneMbps;
                return capacity < 0 ? null : world.Facts with { Edges = world.Edges.SetItem(e, world.Edges[e] with { Capacity = new(capacity) }) };
            });
        }));

    [Fact]
    public void Entry_PeeringCapOneMbpsMoreOrLess_BoundsTheChange() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            World world = p.ToWorld();
            return AllHold(p, world.Facts.Peering.Length, PriceOfCap, (c, mbps) =>
            {
                PeeringCap cap = world.Facts.Peering[c];
                double capacity = cap.Capacity.Value + mbps * OneMbps;
                return capacity < 0 ? null : world.Facts with { Peering = world.Facts.Peering.SetItem(c, cap with { Capacity = new(capacity) }) };
            });
        }));

    [Fact]
    public void Groups_DemandOneMbpsMoreOrLess_BoundsTheChange() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.Fresh, static p =>
        {
            World world = p.ToWorld();
            int classes = p.Classes.Length;
            return AllHold(p, world.Regions.Length, (a, r) => -a.GroupPrices.Slice(r * classes, classes).ToArray().Sum(), (r, mbps) =>
            {
                double peak = world.Regions[r].Peak.Value + mbps * classes * OneMbps; // one for each class
                return peak < 0 ? null : world.Facts with { Regions = world.Regions.SetItem(r, world.Regions[r] with { Peak = new(peak) }) };
            });
        }));

    [Fact]
    public void Groups_NoDemand_CostWhatTheCheapestWayIn() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            Assignment a = Solved(p, p.ToWorld().Facts);
            long[] row = new long[p.Edges.Length], doors = new long[p.Edges.Length];
            for (int g = 0; g < a.Model.Groups.Count; g++)
            {
                if (a.Model.Groups[g].Demand > 0) continue;
                a.Model.Row(g, row);
                a.Prices.Entry.Row(a.Model.Groups[g].Region, doors);
                int[] allowed = [.. Enumerable.Range(0, row.Length).Where(e => row[e] != CostModel.NotAllowed)];
                long best = allowed.Select(e => row[e] + a.Model.MoveCost + doors[e]).DefaultIfEmpty(long.MaxValue).Min(), without = a.Model.UnservedCost(g);
                if (a.GroupPrices[g] == Math.Min(best, without)) continue;
                return false.Label($"group {g}: {a.GroupPrices[g]}, best {best}, unserved {without}: {SmallDispatches.Describe(p)}");
            }
            return true.Label("");
        }));

    [Fact]
    public void ReducedCosts_AnyPlan_AreZeroWhereUsedAndNeverNegative() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            Assignment a = Solved(p, p.ToWorld().Facts);
            long[] row = new long[p.Edges.Length];
            for (int g = 0; g < a.Model.Groups.Count; g++)
            {
                a.Model.Row(g, row);
                a.ToReducedCosts(g, row);
                for (int e = 0; e < row.Length; e++)
                {
                    bool used = a.Optimum.Volume(g, e) > 0;
                    if (row[e] < 0 || used && row[e] != 0) return false.Label($"group {g} edge {e}: {row[e]}: {SmallDispatches.Describe(p)}");
                }
            }
            return true.Label("");
        }));

    /// <summary>Room's price p holds where f(now) − f(more) ≤ p ≤ f(less) − f(now).</summary>
    private static Property AllHold(SmallDispatch problem, int count, Func<Assignment, int, long> price, Func<int, int, WorldFacts?> changed)
    {
        Assignment now = Solved(problem, problem.ToWorld().Facts);
        for (int i = 0; i < count; i++)
        {
            long p = price(now, i);
            foreach (int mbps in new[] { 1, -1 })
            {
                if (changed(i, mbps) is not { } facts) continue;
                Assignment then = Solved(problem, facts);
                if (!HasSameCharges(now, then)) continue;
                Int128 change = then.Trace.Objective - now.Trace.Objective;
                if (mbps > 0 ? -change <= p : change >= p) continue;
                return false.Label($"{i}: price {p}, {mbps} Mbit/s change {change}: {SmallDispatches.Describe(problem)}");
            }
        }
        return true.Label("");
    }

    private static long PriceOfCap(Assignment a, int cap)
    {
        PeeringCap peering = a.Snapshot.World.Facts.Peering[cap];
        long[] doors = new long[a.Snapshot.World.Edges.Length];
        a.Prices.Entry.Row(peering.Regions[0], doors);
        return doors[peering.Edge] - a.Prices.Entry.AtEdge(peering.Edge);
    }

    // A tier more within reach makes the charges for unserved traffic dearer: another objective.
    private static bool HasSameCharges(Assignment a, Assignment b) =>
        a.Model.HardCharge == b.Model.HardCharge && a.Model.UnservedCost(0) == b.Model.UnservedCost(0)
        && a.Model.UnservedCost(a.Model.Groups.Count - 1) == b.Model.UnservedCost(b.Model.Groups.Count - 1);

    private static SmallTerms? WithoutFloor(SmallTerms? terms) => terms is null ? null : terms with { Floor = 0 };

    private static Assignment Solved(SmallDispatch problem, WorldFacts facts)
    {
        SolveResult result = DispatchSolver.Solve(problem.ToSnapshot() with { World = new World(facts) }, problem.ToOptions());
        Assert.Equal(FlowStatus.Optimal, result.Status);
        return result.Assignment!;
    }
}
