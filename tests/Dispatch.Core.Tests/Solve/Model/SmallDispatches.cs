using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>Random small problems that shrink: a feature less, a region, edge or class less, smaller figures.</summary>
public static class SmallDispatches
{
    private const int Most = 4;

    /// <summary>Every feature, each with a fair chance.</summary>
    public static Arbitrary<SmallDispatch> All { get; } = Arb.From(Worlds(), Shrink);

    /// <summary>No plan in force and no congestion: what the duals are tested on.</summary>
    public static Arbitrary<SmallDispatch> Fresh { get; } =
        Arb.From(Worlds().Select(static w => w with { Continuity = null, Congestion = null }), Shrink);

    /// <summary>The problem as text, for a failure's message.</summary>
    public static string Describe(SmallDispatch problem) => JsonSerializer.Serialize(problem);

    private static Gen<SmallDispatch> Worlds() =>
        from regions in Gen.Choose(1, Most)
        from classes in Gen.Choose(1, 2)
        from edges in Gen.Choose(1, Most)
        from region in Gen.ArrayOf(Region(classes), regions)
        from edge in Gen.ArrayOf(Edge(regions), edges)
        from cls in Gen.ArrayOf(Class(), classes)
        from op in Maybe(Terms(8), 2)
        from siteA in Maybe(Terms(4), 2)
        from siteB in Maybe(Terms(4), 2)
        from congestion in Option(Gen.Elements(40, 800, 3000), 2)
        from continuity in Maybe(Continuity(), 1)
        select new SmallDispatch(region, edge, cls, op, siteA, siteB, congestion, continuity);

    private static Gen<SmallRegion> Region(int classes) =>
        from demand in Gen.Choose(0, classes == 1 ? 4 : 2)
        from bound in Gen.Elements(false, false, false, true)
        select new SmallRegion(demand, bound);

    private static Gen<SmallEdge> Edge(int regions) =>
        from halves in Gen.Elements(0, 1, 1, 2, 2, 3)
        from price in Gen.Choose(0, 9)
        from place in Gen.Choose(0, 3)
        from isHome in Gen.Elements(true, false)
        from down in Gen.Choose(0, 7)
        from rtt in Gen.ArrayOf(Gen.Choose(0, 60), regions)
        from loss in Gen.ArrayOf(Gen.Choose(0, 3), regions)
        from even in Option(Gen.Choose(0, 3), 4)
        from odd in Option(Gen.Choose(0, 3), 4)
        select new SmallEdge(halves, price, place, isHome, down == 0, rtt, loss, even, odd);

    private static Gen<SmallClass> Class() =>
        from priority in Gen.Choose(1, 3)
        from latency in Gen.Elements(0, 1, 8, 40)
        from loss in Gen.Elements(0, 0, 300)
        from maxRtt in Option(Gen.Choose(10, 60), 3)
        from maxLoss in Option(Gen.Choose(0, 2), 4)
        from sticks in Gen.Elements(false, true)
        from ownOnly in Gen.Choose(0, 5)
        select new SmallClass(priority, latency, loss, maxRtt, maxLoss, sticks, ownOnly == 0);

    private static Gen<SmallTerms> Terms(int most) =>
        from floor in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, most)))
        from ceiling in Option(Gen.Choose(0, most), 2)
        from bills in Gen.Elements(false, true)
        from monthly in Gen.Elements(false, true)
        from commit in Gen.Choose(0, 3)
        from price in Gen.Choose(0, 6)
        from tiers in Gen.Choose(0, 2)
        from widths in Gen.ArrayOf(Gen.Choose(1, 2), tiers)
        from rise in Gen.Choose(0, 4)
        from billed in Option(Gen.Choose(0, 4), 2)
        from bursts in Gen.Elements(false, true)
        select new SmallTerms(floor, ceiling, bills, monthly, commit, price, widths, rise, billed, bursts);

    private static Gen<SmallContinuity> Continuity() =>
        from inForce in Past()
        from move in Gen.Elements(0, 40, 500, 3000)
        from onload in Option(Gen.Elements(0, 50, 100), 2)
        from before in Maybe(Past(), 2)
        from arrived in Gen.Elements(false, true)
        select new SmallContinuity(inForce, move, onload, before, arrived);

    private static Gen<SmallPast> Past() =>
        from demand in Gen.ArrayOf(Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2))), Most)
        from capacity in Gen.ArrayOf(Gen.Choose(0, 4), Most)
        from price in Gen.ArrayOf(Gen.Choose(0, 9), Most)
        from missing in Gen.Choose(-2, Most - 1)
        from another in Gen.Elements(false, false, true)
        select new SmallPast(demand, capacity, price, missing, another);

    /// <summary>A value in one case of <paramref name="outOf"/>, plus one.</summary>
    private static Gen<T?> Maybe<T>(Gen<T> gen, int outOf) where T : class =>
        Gen.Frequency((outOf, Gen.Constant<T?>(null)), (1, gen.Select(static v => (T?)v)));

    private static Gen<int?> Option(Gen<int> gen, int outOf) => Gen.Frequency((outOf, Gen.Constant<int?>(null)), (1, gen.Select(static v => (int?)v)));

    private static IEnumerable<SmallDispatch> Shrink(SmallDispatch p)
    {
        if (p.Continuity is { } c)
        {
            yield return p with { Continuity = null };
            if (c.Before is not null) yield return p with { Continuity = c with { Before = null } };
            if (c.Onload is not null) yield return p with { Continuity = c with { Onload = null } };
            if (c.MoveCost > 0) yield return p with { Continuity = c with { MoveCost = 0 } };
        }
        if (p.Operator is not null) yield return p with { Operator = null };
        if (p.SiteA is not null) yield return p with { SiteA = null };
        if (p.SiteB is not null) yield return p with { SiteB = null };
        if (p.Congestion is not null) yield return p with { Congestion = null };
        for (int r = 0; p.Regions.Length > 1 && r < p.Regions.Length; r++) yield return WithoutRegion(p, r);
        for (int e = 0; p.Edges.Length > 1 && e < p.Edges.Length; e++) yield return p with { Edges = Without(p.Edges, e) };
        for (int k = 0; p.Classes.Length > 1 && k < p.Classes.Length; k++) yield return p with { Classes = Without(p.Classes, k) };
        foreach (SmallDispatch smaller in ShrinkParts(p)) yield return smaller;
    }

    private static IEnumerable<SmallDispatch> ShrinkParts(SmallDispatch p)
    {
        for (int r = 0; r < p.Regions.Length; r++)
            foreach (SmallRegion next in Shrink(p.Regions[r])) yield return p with { Regions = With(p.Regions, r, next) };
        for (int e = 0; e < p.Edges.Length; e++)
            foreach (SmallEdge next in Shrink(p.Edges[e])) yield return p with { Edges = With(p.Edges, e, next) };
        for (int k = 0; k < p.Classes.Length; k++)
            foreach (SmallClass next in Shrink(p.Classes[k])) yield return p with { Classes = With(p.Classes, k, next) };
        if (p.Operator is { } op) foreach (SmallTerms next in Shrink(op)) yield return p with { Operator = next };
        if (p.SiteA is { } a) foreach (SmallTerms next in Shrink(a)) yield return p with { SiteA = next };
        if (p.SiteB is { } b) foreach (SmallTerms next in Shrink(b)) yield return p with { SiteB = next };
    }

    private static IEnumerable<SmallRegion> Shrink(SmallRegion r)
    {
        if (r.Demand > 0) yield return r with { Demand = r.Demand - 1 };
        if (r.Bound) yield return r with { Bound = false };
    }

    private static IEnumerable<SmallEdge> Shrink(SmallEdge e)
    {
        if (e.EvenCap is not null) yield return e with { EvenCap = null };
        if (e.OddCap is not null) yield return e with { OddCap = null };
        if (e.Halves > 0) yield return e with { Halves = e.Halves - 1 };
        if (e.Price > 0) yield return e with { Price = 0 };
        if (e.IsDown) yield return e with { IsDown = false };
        if (e.Rtt.Any(static v => v > 1)) yield return e with { Rtt = [.. e.Rtt.Select(static v => v / 2)] };
        if (e.Loss.Any(static v => v > 0)) yield return e with { Loss = [.. e.Loss.Select(static _ => 0)] };
    }

    private static IEnumerable<SmallClass> Shrink(SmallClass c)
    {
        if (c.MaxRtt is not null) yield return c with { MaxRtt = null };
        if (c.MaxLoss is not null) yield return c with { MaxLoss = null };
        if (c.Sticks) yield return c with { Sticks = false };
        if (c.LossWeight > 0) yield return c with { LossWeight = 0 };
        if (c.LatencyWeight > 1) yield return c with { LatencyWeight = 1 };
    }

    private static IEnumerable<SmallTerms> Shrink(SmallTerms t)
    {
        if (t.Bills) yield return t with { Bills = false };
        if (t.Floor > 0) yield return t with { Floor = 0 };
        if (t.Ceiling is not null) yield return t with { Ceiling = null };
        if (t.Commit > 0) yield return t with { Commit = 0 };
        if (t.TierWidths.Length > 0) yield return t with { TierWidths = [] };
        if (t.Billed is not null) yield return t with { Billed = null };
    }

    private static SmallDispatch WithoutRegion(SmallDispatch p, int r) => p with
    {
        Regions = Without(p.Regions, r),
        Edges = [.. p.Edges.Select(e => e with { Rtt = Without(e.Rtt, r), Loss = Without(e.Loss, r) })],
    };

    private static T[] Without<T>(T[] array, int index) => [.. array.Where((_, i) => i != index)];

    private static T[] With<T>(T[] array, int index, T value) => [.. array.Select((v, i) => i == index ? value : v)];
}
