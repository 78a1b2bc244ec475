using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve.Failure;

/// <summary>A group that keeps a reserve.</summary>
/// <param name="Name"><c>contract:ID</c>, <c>zone:ID</c>, <c>continent:ID</c>, or <c>edge:ID</c> for an edge that only tightening holds down.</param>
/// <param name="Node">Its node in the capacity tree.</param>
/// <param name="Edges">Ordinals of its edges.</param>
/// <param name="Capacity">Usable capacity of its edges, in flow units.</param>
/// <param name="Bound">What it may carry free of charge, in flow units, before any tightening.</param>
public sealed record ReserveGroup(string Name, int Node, ImmutableArray<int> Edges, long Capacity, long Bound);

/// <summary>Puts reserves into a capacity tree.</summary>
/// <remarks>
/// An edge's or a contract's bound is one more step of its cost. A place is a node of its own behind the contracts, between what had been roots and the
/// sink. Order of nodes: edges, contracts, places.
/// </remarks>
internal static class ReserveTree
{
    private const int LeastDomains = 3;

    /// <summary>The groups that keep a reserve: tightened edges, then contracts, then places.</summary>
    public static ImmutableArray<ReserveGroup> GroupsOf(CapacityTree tree, World world, Func<int, long> capacity, Reserve reserve)
    {
        List<ReserveGroup> groups = [];
        for (int e = 0; e < tree.EdgeCount && !reserve.Tightened.IsEmpty; e++)
            if (reserve.Tightened.ContainsKey(Reserve.EdgeName(world.Edges[e].Id))) groups.Add(new(Reserve.EdgeName(world.Edges[e].Id), e, [e], capacity(e), capacity(e)));
        int[][] edges = EdgesBelow(tree);
        for (int c = 0; c < world.Facts.Contracts.Length; c++) Add($"contract:{world.Facts.Contracts[c].Id}", tree.EdgeCount + c, edges[tree.EdgeCount + c]);
        int next = tree.EdgeCount + world.Facts.Contracts.Length;
        if (reserve.Places == ReservePlaces.None) return [.. groups];
        Func<int, string> placeOf = e => reserve.Places == ReservePlaces.Zone ? $"zone:{world.Edges[e].Place.Zone}" : $"continent:{world.Edges[e].Place.Continent}";
        foreach (IGrouping<string, int[]> place in RootsByPlace(tree, edges, placeOf)) if (Add(place.Key, next, [.. place.SelectMany(static e => e).Order()])) next++;
        return [.. groups];

        bool Add(string name, int node, int[] members)
        {
            long[] domains = [.. members.Where(e => capacity(e) > 0).GroupBy(e => world.Edges[e].FaultDomain, StringComparer.Ordinal).Select(d => d.Sum(capacity))];
            if (domains.Length < LeastDomains) return false;
            groups.Add(new(name, node, [.. members], domains.Sum(), domains.Sum() - domains.Max()));
            return true;
        }
    }

    /// <summary>The tree with the groups' bounds.</summary>
    public static CapacityTree Over(CapacityTree tree, ImmutableArray<ReserveGroup> groups, Reserve reserve)
    {
        int places = groups.Count(g => g.Node >= tree.NodeCount);
        int[] parent = [.. Enumerable.Range(0, tree.NodeCount).Select(n => tree.Parent(n) == tree.NodeCount ? tree.NodeCount + places : tree.Parent(n)), .. Enumerable.Repeat(tree.NodeCount + places, places)];
        StepCost[] cost = [.. Enumerable.Range(0, tree.NodeCount).Select(tree.Cost), .. Enumerable.Repeat(StepCost.Free(0), places)];
        foreach (ReserveGroup group in groups)
        {
            ReserveTightening tightening = reserve.Tightened.GetValueOrDefault(group.Name, new(0, 1));
            long bound = Math.Max(0, group.Bound - tightening.LowerMbps);
            // One unit longer than the edges can fill: a reserve never binds, so what room is worth stays with its edges.
            StepCost charged = StepCost.Of([new(bound, 0), new(group.Capacity - bound + 1, checked(reserve.Charge * tightening.Factor))]);
            cost[group.Node] = group.Node < tree.NodeCount ? cost[group.Node].Plus(charged) : charged;
            if (group.Node >= tree.NodeCount)
                foreach (int root in group.Edges.Select(e => RootOf(tree, e)).Distinct()) parent[root] = group.Node;
        }
        return tree.Replaced(parent, cost);
    }

    private static int[][] EdgesBelow(CapacityTree tree)
    {
        List<int>[] below = [.. Enumerable.Range(0, tree.NodeCount).Select(static _ => new List<int>())];
        for (int e = 0; e < tree.EdgeCount; e++)
            for (int node = e; node < tree.NodeCount; node = tree.Parent(node)) below[node].Add(e);
        return [.. below.Select(static b => b.ToArray())];
    }

    private static IEnumerable<IGrouping<string, int[]>> RootsByPlace(CapacityTree tree, int[][] edges, Func<int, string> placeOf) =>
        Enumerable.Range(0, tree.NodeCount)
            .Where(n => tree.Parent(n) == tree.NodeCount && edges[n].Length > 0 && edges[n].Select(placeOf).Distinct(StringComparer.Ordinal).Count() == 1)
            .GroupBy(n => placeOf(edges[n][0]), n => edges[n], StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal);

    private static int RootOf(CapacityTree tree, int edge)
    {
        int node = edge;
        while (tree.Parent(node) < tree.NodeCount) node = tree.Parent(node);
        return node;
    }
}
