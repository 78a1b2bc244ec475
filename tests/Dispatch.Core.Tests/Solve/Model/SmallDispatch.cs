using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>A region: Gbit/s that each class asks for, and whether the law keeps it on edges of J0.</summary>
public sealed record SmallRegion(int Demand, bool Bound);

/// <summary>An edge. Columns hold a figure a region; a cap is a peering cap of the regions of even or odd ordinal.</summary>
/// <param name="Halves">Half of its capacity, Gbit/s, so that half of the capacity is whole.</param>
/// <param name="Price">Thousandths of a US dollar per GB.</param>
/// <param name="Place">0 in no contract, 1 in the operator's, 2 in site A besides, 3 in site B besides.</param>
/// <param name="IsHome">True where it stands in J0.</param>
/// <param name="IsDown">True where it serves nobody.</param>
/// <param name="Rtt">Round trips, ms.</param>
/// <param name="Loss">Loss, percent.</param>
/// <param name="EvenCap">Cap of the even regions, Gbit/s.</param>
/// <param name="OddCap">Cap of the odd regions, Gbit/s.</param>
public sealed record SmallEdge(int Halves, int Price, int Place, bool IsHome, bool IsDown, int[] Rtt, int[] Loss, int? EvenCap, int? OddCap);

/// <summary>A traffic class with its one service.</summary>
public sealed record SmallClass(int Priority, int LatencyWeight, int LossWeight, int? MaxRtt, int? MaxLoss, bool Sticks, bool OwnOnly);

/// <summary>What a contract says. Levels in Gbit/s; tiers as widths with rises of price, so that any figures make rising tiers.</summary>
public sealed record SmallTerms(
    int Floor, int? Ceiling, bool Bills, bool Monthly, int Commit, int FirstPrice, int[] TierWidths, int Rise, int? Billed, bool MayBurst);

/// <summary>The world of a plan in force, where it differs: by region 0 the same demand, 1 one Gbit/s a class, 2 none; by edge another capacity and
/// price; one edge that had not been built; one that is gone now.</summary>
public sealed record SmallPast(int[] Demand, int[] Capacity, int[] Price, int Missing, bool HadAnother);

/// <summary>What is owed to the plan in force.</summary>
public sealed record SmallContinuity(SmallPast InForce, int MoveCost, int? Onload, SmallPast? Before, bool HasArrived);

/// <summary>
/// A dispatch problem with every feature of one hour, so small that everything can be tried. Every bound and every kink of a cost lies at
/// whole Gbit/s, so whole Gbit/s hold an optimum: a flow problem whose bounds are multiples of a step has one in multiples of it.
/// </summary>
public sealed record SmallDispatch(
    SmallRegion[] Regions, SmallEdge[] Edges, SmallClass[] Classes, SmallTerms? Operator, SmallTerms? SiteA, SmallTerms? SiteB, int? Congestion,
    SmallContinuity? Continuity)
{
    /// <summary>Flow units in a step.</summary>
    public const long Step = 1000;

    /// <summary>The problem as the solver gets it.</summary>
    public Snapshot ToSnapshot() => new(ToWorld(), 0) { Billing = [.. Standings()] };

    /// <summary>How it is to be solved; solves the plans in force.</summary>
    public SolveOptions ToOptions() => new()
    {
        Congestion = Congestion is { } cost ? new CongestionSteps([(50, 0), (100, cost)]) : CongestionSteps.None,
        Continuity = Continuity is not { } c ? null : new Continuity(PlanOf(c.InForce))
        {
            MoveCost = c.MoveCost,
            OnloadPercent = c.Onload,
            Before = c.Before is { } before ? PlanOf(before) : null,
            ArrivedPercent = c.HasArrived ? 100 : 0,
        },
    };

    /// <summary>The facts.</summary>
    public World ToWorld() => new(Facts(Regions, [.. Edges.Select(EdgeOf)], [.. Edges.Select(static e => e.Rtt)]) with
    {
        Loss = new LossMatrix(Regions.Length, Edges.Length, [.. Regions.SelectMany((_, r) => Edges.Select(e => e.Loss[r] / 100.0))]),
        Health = [.. Edges.Select(static (e, i) => (e, i)).Where(static x => x.e.IsDown).Select(static x =>
            new HealthStatement(HealthScope.Edge, $"e{x.i}", HealthState.Down, 0))],
        Contracts = [.. Contracts()],
        Peering = [.. Edges.SelectMany(CapsOf)],
    });

    private WorldFacts Facts(SmallRegion[] regions, Edge[] edges, int[][] rtt) => new()
    {
        Version = "small",
        Regions = [.. regions.Select((r, i) => new ClientRegion($"R{i}", At(i), "Land", 0, r.Bound ? "J0" : "J1", r.Bound, new(r.Demand * Classes.Length)))],
        Edges = [.. edges],
        Rtt = new RttMatrix(regions.Length, edges.Length, [.. regions.SelectMany((_, r) => rtt.Select(column => (double)column[r]))]),
        Diurnal = DiurnalCurve.Flat,
        Classes = [.. Classes.Select((c, i) => new TrafficClass($"c{i}", c.Priority, 1.0 / Classes.Length, c.LatencyWeight, c.MaxRtt is { } ms ? new(ms) : null)
        {
            LossWeight = c.LossWeight,
            MaxLoss = c.MaxLoss / 100.0,
            StickyShare = c.Sticks ? 1 : 0,
        })],
        Services = [.. Classes.Select(static (c, i) => Service.Default with { Id = $"s{i}", ClassId = $"c{i}", Operators = c.OwnOnly ? ["own"] : [] })],
    };

    private static Edge EdgeOf(SmallEdge e, int i) => NewEdge($"e{i}", i % 2 == 0 ? "own" : "cdn", 2 * e.Halves, e.Price, e.IsHome);

    private static Edge NewEdge(string id, string owner, int capacity, int price, bool isHome) => new(
        id, owner, owner != "own", "XXX", At(0), new(capacity), new(PriceModel.PerGb, price / 1000.0, 0), $"D-{id}", isHome ? "J0" : "J1");

    private static Place At(int i) => new("Town", "AA", "EU", "Z0", new(0, i));

    private static IEnumerable<PeeringCap> CapsOf(SmallEdge edge, int e)
    {
        int regions = edge.Rtt.Length;
        if (edge.EvenCap is { } even) yield return new("even", [.. Enumerable.Range(0, regions).Where(static r => r % 2 == 0)], e, new(even));
        if (edge.OddCap is { } odd && regions > 1) yield return new("odd", [.. Enumerable.Range(0, regions).Where(static r => r % 2 == 1)], e, new(odd));
    }

    private IEnumerable<(string Id, SmallTerms? Terms, Func<SmallEdge, bool> Holds)> Groups() =>
        [("operator", Operator, static e => e.Place >= 1), ("site-a", SiteA, static e => e.Place == 2), ("site-b", SiteB, static e => e.Place == 3)];

    // Sites come first, so that a child may stand before its parent.
    private IEnumerable<Contract> Contracts() =>
        from g in Groups().Reverse()
        where g.Terms is not null && Edges.Any(g.Holds)
        select ContractOf(g.Id, g.Terms, [.. Enumerable.Range(0, Edges.Length).Where(e => g.Holds(Edges[e])).Select(static e => $"e{e}")]);

    private Contract ContractOf(string id, SmallTerms terms, ImmutableArray<string> edges) => new(
        id, id != "operator" && Operator is not null ? "operator" : null, edges, new(terms.Floor), terms.Ceiling is { } most ? new Gbps(most) : null)
    {
        Billing = terms.Monthly ? BillingMethod.Percentile95 : BillingMethod.Volume,
        Commit = new(terms.Commit),
        Tiers = IsBilling(id, terms) ? [.. TiersOf(terms)] : [],
    };

    private bool IsBilling(string id, SmallTerms terms) => terms.Bills && (id == "operator" || Operator is not { Bills: true });

    private static IEnumerable<PriceTier> TiersOf(SmallTerms terms)
    {
        int level = terms.Commit;
        double unit = terms.Monthly ? 0.5 : 0.001;
        for (int t = 0; t <= terms.TierWidths.Length; t++)
        {
            if (t < terms.TierWidths.Length) level += terms.TierWidths[t];
            yield return new(t < terms.TierWidths.Length ? new Gbps(level) : null, unit * (terms.FirstPrice + t * terms.Rise));
        }
    }

    private IEnumerable<BillingLevel> Standings() =>
        from contract in Contracts()
        join g in Groups() on contract.Id equals g.Id
        where g.Terms!.Billed is not null
        select new BillingLevel(contract.Id, new(1000L * Math.Max(g.Terms!.Billed!.Value, g.Terms.Commit)), g.Terms.MayBurst);

    private TrafficPlan PlanOf(SmallPast past)
    {
        SmallRegion[] regions = [.. Regions.Select((r, i) => r with { Demand = past.Demand[i] switch { 0 => r.Demand, 1 => 1, _ => 0 } })];
        List<Edge> edges = [];
        List<int[]> rtt = [];
        if (past.HadAnother) // first, so that ordinals differ from today's
        {
            edges.Add(NewEdge("gone", "own", 1, 0, isHome: true));
            rtt.Add([.. Regions.Select(static _ => 5)]);
        }
        for (int e = 0; e < Edges.Length; e++)
        {
            if (e == past.Missing) continue;
            edges.Add(NewEdge($"e{e}", e % 2 == 0 ? "own" : "cdn", past.Capacity[e], past.Price[e], Edges[e].IsHome));
            rtt.Add(Edges[e].Rtt);
        }
        WorldFacts facts = Facts(regions, [.. edges], [.. rtt]);
        return DispatchSolver.Solve(new Snapshot(new World(facts), 0), new SolveOptions { Congestion = CongestionSteps.None }).Assignment!.Optimum;
    }
}
