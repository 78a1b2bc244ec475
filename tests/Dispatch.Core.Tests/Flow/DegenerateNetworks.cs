using FsCheck;
using FsCheck.Fluent;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>Networks whose optima are degenerate and not unique: a handful of equal costs, capacities of 0 to 3 that saturate,
/// fixed arcs, spare arcs that keep most of them feasible.</summary>
internal static class DegenerateNetworks
{
    public static Arbitrary<NetworkSpec> Small { get; } = Arb.From(Gen.OneOf(Scattered(), Layered()), NetworkSpec.Shrink);

    private static Gen<NetworkSpec> Scattered() =>
        from nodes in Gen.Choose(2, 8)
        from count in Gen.Choose(1, 26)
        from costs in Gen.Choose(0, 2)
        from least in Gen.Elements(0, 0, -1)
        from arcs in Gen.ArrayOf(Arc(nodes, costs, least), count)
        from moves in Gen.ArrayOf(from a in Gen.Choose(0, nodes - 1) from b in Gen.Choose(0, nodes - 1) from s in Gen.Choose(0, 3) select (a, b, s), 3)
        from spare in Gen.Elements(0, 1, 3, 50)
        select Join(nodes, arcs, moves, spare);

    private static Gen<ArcSpec> Arc(int nodes, int costs, int least) =>
        from tail in Gen.Choose(0, nodes - 1)
        from head in Gen.Choose(0, nodes - 1)
        from cost in Gen.Choose(-costs / 2, costs)
        from lower in Gen.Elements(0, 0, 0, 1, least)
        from room in Gen.Choose(0, 3)
        select new ArcSpec(tail, head, lower, lower + room, cost);

    private static NetworkSpec Join(int nodes, ArcSpec[] arcs, (int From, int To, int Amount)[] moves, int spare)
    {
        var supplies = new long[nodes];
        foreach (ArcSpec arc in arcs) // so that the lower bounds alone are no contradiction
        {
            supplies[arc.Tail] += arc.Lower;
            supplies[arc.Head] -= arc.Lower;
        }

        foreach ((int from, int to, int amount) in moves)
        {
            supplies[from] += amount;
            supplies[to] -= amount;
        }

        IEnumerable<ArcSpec> ring = Enumerable.Range(0, nodes).Select(v => new ArcSpec(v, (v + 1) % nodes, 0, spare, 2));
        return new NetworkSpec(supplies, [.. arcs, .. ring]);
    }

    // Groups, edges, a sink, an overflow arc a group, two costs only, edges as full as they go; rows longer than a vector.
    private static Gen<NetworkSpec> Layered() =>
        from groups in Gen.Choose(1, 8)
        from edges in Gen.Choose(1, 11)
        from demands in Gen.ArrayOf(Gen.Choose(0, 5), groups)
        from capacities in Gen.ArrayOf(Gen.Choose(0, 3), edges)
        from costs in Gen.ArrayOf(Gen.Choose(1, 2), groups * edges)
        from limits in Gen.ArrayOf(Gen.Choose(0, 4), groups * edges)
        select Layer(demands, capacities, costs, limits);

    private static NetworkSpec Layer(int[] demands, int[] capacities, int[] costs, int[] limits)
    {
        int groups = demands.Length, edges = capacities.Length, sink = groups + edges;
        IEnumerable<ArcSpec> access = from g in Enumerable.Range(0, groups)
                                      from e in Enumerable.Range(0, edges)
                                      let k = (g * edges) + e
                                      select new ArcSpec(g, groups + e, 0, limits[k] % 4 == 0 ? demands[g] : limits[k], costs[k]);
        IEnumerable<ArcSpec> exits = capacities.Select((c, e) => new ArcSpec(groups + e, sink, 0, c, 0));
        IEnumerable<ArcSpec> overflow = demands.Select((d, g) => new ArcSpec(g, sink, 0, d, 9));
        long[] supplies = [.. demands.Select(d => (long)d), .. new long[edges], -demands.Sum(d => (long)d)];
        return new NetworkSpec(supplies, [.. access, .. exits, .. overflow]);
    }
}
