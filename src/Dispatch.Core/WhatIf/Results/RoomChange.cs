using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.WhatIf.Results;

/// <summary>What has room.</summary>
public enum RoomKind
{
    /// <summary>An edge, by its capacity.</summary>
    Edge,

    /// <summary>A contract, by its ceiling or what its edges can carry.</summary>
    Contract,
}

/// <summary>A place that is full before or after, and what more room is worth there.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Edge or contract.</param>
/// <param name="Before">The baseline; null where it is not there.</param>
/// <param name="After">The scenario; null where it is not there.</param>
public sealed record RoomChange(RoomKind Kind, string Id, RoomFigures? Before, RoomFigures? After)
{
    internal static ImmutableArray<RoomChange> AllOf(Assignment before, Assignment after)
    {
        Dictionary<(RoomKind, string), RoomFigures> was = RoomFigures.AllOf(before), now = RoomFigures.AllOf(after);
        return
        [
            .. was.Keys.Union(now.Keys).Select(key => new RoomChange(key.Item1, key.Item2, Find(was, key), Find(now, key)))
                .Where(static c => c.Before is { IsFull: true } || c.After is { IsFull: true })
                .OrderByDescending(static c => c.After?.MicroUsdPerMbpsHour ?? -1).ThenByDescending(static c => c.Before?.MicroUsdPerMbpsHour ?? -1)
                .ThenBy(static c => c.Kind).ThenBy(static c => c.Id, StringComparer.Ordinal),
        ];
    }

    private static RoomFigures? Find(Dictionary<(RoomKind, string), RoomFigures> all, (RoomKind, string) key) => all.TryGetValue(key, out RoomFigures found) ? found : null;
}

/// <summary>How full a place is.</summary>
/// <param name="Load">What it carries.</param>
/// <param name="Room">What it can carry.</param>
/// <param name="MicroUsdPerMbpsHour">Shadow price: what one Mbit/s more would save an hour, money, latency and unserved traffic as the objective
/// weighs them; 0 where it is not full or more would not help. Right for the next unit.</param>
/// <param name="Relieves">True where one Mbit/s more would serve traffic that nobody serves, or meet a bound that yields: then the shadow price is a charge
/// of the objective's ladder, above any re-routing, and no price that somebody pays.</param>
public readonly record struct RoomFigures(Mbps Load, Mbps Room, long MicroUsdPerMbpsHour, bool Relieves)
{
    /// <summary>True where it carries all that it can, and can carry something.</summary>
    public bool IsFull => Room > Mbps.Zero && Load >= Room;

    internal static Dictionary<(RoomKind, string), RoomFigures> AllOf(Assignment assignment)
    {
        CostModel model = assignment.Model;
        CapacityTree tree = model.Tree;
        World world = model.Snapshot.World;
        long[] loads = tree.Loads(assignment.Optimum.EdgeLoads());
        Dictionary<(RoomKind, string), RoomFigures> all = [];
        // Re-routing costs far less than any charge does, so a price of half a charge has one in it.
        Int128 leastCharge = model.HardCharge > 0 ? model.HardCharge : Int128.MaxValue;
        for (int g = 0; g < model.Groups.Count; g++) leastCharge = Int128.Min(leastCharge, model.UnservedCost(g));
        // What follows the contracts are reserves, which yield.
        for (int node = 0; node < tree.EdgeCount + (model is FullCost ? world.Facts.Contracts.Length : 0); node++)
        {
            (RoomKind, string) key = node < tree.EdgeCount ? (RoomKind.Edge, world.Edges[node].Id) : (RoomKind.Contract, world.Facts.Contracts[node - tree.EdgeCount].Id);
            long price = assignment.Prices.Room[node];
            all.Add(key, new(model.ToMbps(loads[node]), model.ToMbps(tree.Cost(node).Room), price / model.ToMbps(1).Value, 2 * (Int128)price >= leastCharge));
        }
        return all;
    }
}
