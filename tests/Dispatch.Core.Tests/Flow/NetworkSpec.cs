using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>An arc of a generated network.</summary>
public sealed record ArcSpec(int Tail, int Head, long Lower, long Upper, long Cost);

/// <summary>A generated network that can be shrunk and printed.</summary>
public sealed record NetworkSpec(long[] Supplies, ArcSpec[] Arcs)
{
    public FlowNetwork Build()
    {
        var builder = new FlowNetworkBuilder(Supplies.Length, Arcs.Length);
        foreach (long supply in Supplies) builder.AddNode(supply);
        foreach (ArcSpec arc in Arcs) builder.AddArc(arc.Tail, arc.Head, arc.Lower, arc.Upper, arc.Cost);
        return builder.Build();
    }

    public override string ToString() => $"supplies [{string.Join(' ', Supplies)}] arcs [{string.Join("; ", Arcs.Select(a => $"{a.Tail}->{a.Head} {a.Lower}..{a.Upper} @{a.Cost}"))}]";

    /// <summary>Smaller networks of the same kind: an arc less, a bound or cost nearer to zero, a pair of supplies cancelled.</summary>
    public static IEnumerable<NetworkSpec> Shrink(NetworkSpec spec)
    {
        for (int e = 0; e < spec.Arcs.Length; e++)
        {
            ArcSpec arc = spec.Arcs[e];
            yield return spec with { Arcs = [.. spec.Arcs[..e], .. spec.Arcs[(e + 1)..]] };
            if (arc.Cost != 0) yield return spec.With(e, arc with { Cost = arc.Cost / 2 });
            if (arc.Lower != 0) yield return spec.With(e, arc with { Lower = arc.Lower / 2, Upper = Math.Max(arc.Upper, arc.Lower / 2) });
            if (arc.Upper > Math.Max(arc.Lower, 0)) yield return spec.With(e, arc with { Upper = Math.Max(arc.Lower, arc.Upper / 2) });
        }

        for (int v = 0; v < spec.Supplies.Length; v++)
        {
            int w = Array.FindIndex(spec.Supplies, s => s != 0 && Math.Sign(s) == -Math.Sign(spec.Supplies[v]));
            if (spec.Supplies[v] <= 0 || w < 0) continue;
            long[] supplies = [.. spec.Supplies];
            (supplies[v], supplies[w]) = (supplies[v] - 1, supplies[w] + 1);
            yield return spec with { Supplies = supplies };
        }
    }

    /// <summary>The same network with another arc in one place.</summary>
    public NetworkSpec With(int index, ArcSpec arc)
    {
        ArcSpec[] arcs = [.. Arcs];
        arcs[index] = arc;
        return this with { Arcs = arcs };
    }
}

/// <summary>Seeded generators of networks, every legal oddity included.</summary>
public static class Networks
{
    /// <summary>So small that every flow can be tried.</summary>
    public static Arbitrary<NetworkSpec> Tiny { get; } = Arb.From(Of(nodes: 4, arcs: 6, capacity: 3, cost: 5, unlimited: 0), NetworkSpec.Shrink);

    /// <summary>For comparing with a second algorithm.</summary>
    public static Arbitrary<NetworkSpec> Small { get; } = Arb.From(
        Gen.OneOf(
            Of(nodes: 6, arcs: 14, capacity: 9, cost: 20, unlimited: 1),
            Of(nodes: 12, arcs: 40, capacity: 30, cost: 1000, unlimited: 0),
            Of(nodes: 25, arcs: 120, capacity: 100, cost: 50, unlimited: 0),
            Layered()),
        NetworkSpec.Shrink);

    private static Gen<NetworkSpec> Of(int nodes, int arcs, int capacity, int cost, int unlimited) =>
        from n in Gen.Choose(1, nodes)
        from m in Gen.Choose(0, arcs)
        from lowest in Gen.Elements(0, 0, -cost)
        from lowers in Gen.Elements(0, 0, 1)
        from list in Gen.ArrayOf(Arc(n, capacity, lowest, cost, unlimited, lowers), m)
        from supplies in Supplies(n, capacity)
        select new NetworkSpec(supplies, list);

    private static Gen<ArcSpec> Arc(int nodes, int capacity, int lowest, int cost, int unlimited, int lowers) =>
        from tail in Gen.Choose(0, nodes - 1)
        from head in Gen.Choose(0, nodes - 1)
        from lower in Gen.Choose(-lowers * capacity / 3, lowers * capacity / 3)
        from room in Gen.Choose(0, capacity)
        from open in Gen.Choose(0, 9)
        from price in Gen.Choose(lowest, cost)
        select new ArcSpec(tail, head, lower, open < unlimited ? FlowNetwork.Unlimited : lower + room, price);

    private static Gen<long[]> Supplies(int nodes, int most) =>
        from moves in Gen.ArrayOf(from a in Gen.Choose(0, nodes - 1) from b in Gen.Choose(0, nodes - 1) from s in Gen.Choose(0, most) select (a, b, s), Math.Min(nodes, 5))
        from spoil in Gen.Choose(0, 39)
        select Balance(nodes, moves, spoil == 0);

    private static long[] Balance(int nodes, (int From, int To, int Amount)[] moves, bool spoil)
    {
        var supplies = new long[nodes];
        foreach ((int from, int to, int amount) in moves)
        {
            supplies[from] += amount;
            supplies[to] -= amount;
        }

        if (spoil) supplies[0]++;
        return supplies;
    }

    // Groups, edges, a sink, an overflow arc a group: the shape the solver's crash basis and unlisted nodes are made for.
    private static Gen<NetworkSpec> Layered() =>
        from groups in Gen.Choose(1, 14)
        from edges in Gen.Choose(1, 5)
        from demands in Gen.ArrayOf(Gen.Choose(0, 12), groups)
        from capacities in Gen.ArrayOf(Gen.Choose(0, 40), edges)
        from costs in Gen.ArrayOf(Gen.Choose(-3, 30), groups * edges)
        from limits in Gen.ArrayOf(Gen.Choose(0, 12), groups * edges)
        select Layer(demands, capacities, costs, limits);

    private static NetworkSpec Layer(int[] demands, int[] capacities, int[] costs, int[] limits)
    {
        int groups = demands.Length, edges = capacities.Length, sink = groups + edges;
        var arcs = new List<ArcSpec>();
        for (int g = 0; g < groups; g++)
        {
            for (int e = 0; e < edges; e++)
            {
                int k = (g * edges) + e;
                long limit = limits[k] % 3 == 0 ? demands[g] : limits[k];
                arcs.Add(new ArcSpec(g, groups + e, 0, limit, costs[k]));
            }

            if (g % 7 != 6) arcs.Add(new ArcSpec(g, sink, 0, demands[g], 500));
        }

        for (int e = 0; e < edges; e++) arcs.Add(new ArcSpec(groups + e, sink, 0, capacities[e], e));
        long[] supplies = [.. demands.Select(d => (long)d), .. new long[edges], -demands.Sum(d => (long)d)];
        return new NetworkSpec(supplies, [.. arcs]);
    }
}
