using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>
/// Charges so far apart that none is ever traded for a lower one: money and distance, then bounds that may yield, then traffic left
/// unserved, by priority.
/// </summary>
/// <remarks>
/// Serving or moving one unit more re-routes units along a path of the residual network that meets each node at most once. Per edge,
/// contract or peering node it meets, the rest of the objective changes by less than the dearest way through: a row's arc, a move, congestion
/// and bills. With <c>nodes</c> of them, a charge of nodes × dearest + 1 exceeds all such changes together. Charges for
/// unserved traffic lie one such step apart, in which the hard charge counts as part of the dearest way.
/// </remarks>
internal readonly struct ChargeLadder
{
    /// <summary>Builds the ladder of an objective.</summary>
    /// <param name="model">Its world and options.</param>
    /// <param name="dearestBill">Greatest cost of a unit in all contracts on one way to the sink.</param>
    /// <param name="dearestArc">Greatest cost of a unit between a group and an edge.</param>
    public ChargeLadder(CostModel model, long dearestBill, long dearestArc)
    {
        World world = model.Snapshot.World;
        SolveOptions options = model.Options;
        long nodes = world.Edges.Length + world.Facts.Contracts.Length + world.Facts.Peering.Length + 1L;
        if (options.Reserve is not null) nodes += world.Edges.Length; // places are at most as many
        DearestWay = checked(dearestArc + dearestBill + options.Congestion.Dearest + (options.Reserve?.GreatestCharge ?? 0));
        long moves = options.LeastMoveCost is { } least ? checked(least + DearestWay) : model.MoveCost;
        long dearest = checked(DearestWay + moves);
        bool sticks = options.Continuity is not null && world.Classes.Any(static c => c.StickyShare > 0);
        bool yields = sticks || options.Continuity?.OnloadPercent is not null || world.Facts.Contracts.Any(static c => c.Floor.Value > 0);
        Hard = yields ? checked(nodes * dearest + 1) : 0;
        Unserved = checked(nodes * (dearest + Hard) + 1);
    }

    /// <summary>Greatest cost of a unit from a group to the sink, moves aside.</summary>
    public long DearestWay { get; }

    /// <summary>Charge for a unit that breaks a bound which may yield; 0 where there is no such bound.</summary>
    public long Hard { get; }

    /// <summary>Charge for an unserved unit of the lowest priority; each priority above it costs as much again.</summary>
    public long Unserved { get; }
}
