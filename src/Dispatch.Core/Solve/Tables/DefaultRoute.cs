using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Tables;

/// <summary>
/// The route of clients that match no region: edges with room that are near the world's demand as a whole. Some percent of real traffic
/// matches no entry (Espresso, SIGCOMM'17 §4.3.2), so the route is planned, not left over.
/// </summary>
/// <remarks>
/// The law of an unknown client is unknown. Edges in a bound jurisdiction are left out: they are there for that jurisdiction's own
/// traffic. An edge's rank is its mean round trip over the demand of all unbound regions that may use it: who asks is not known, so
/// being near to most matters and price does not.
/// </remarks>
internal sealed class DefaultRoute
{
    /// <summary>Edges that share the default route.</summary>
    private const int Width = 4;

    private readonly Assignment _assignment;
    private readonly Int128[] _weightedRtt;
    private readonly Int128[] _demand;

    public DefaultRoute(Assignment assignment)
    {
        _assignment = assignment;
        _weightedRtt = new Int128[assignment.Snapshot.World.Edges.Length];
        _demand = new Int128[_weightedRtt.Length];
    }

    /// <summary>Counts one group; <paramref name="row"/> says which edges it may use.</summary>
    public void Count(ClientGroup group, ReadOnlySpan<long> row)
    {
        World world = _assignment.Snapshot.World;
        if (world.Law.IsBound(world.Regions[group.Region].Jurisdiction)) return;
        for (int e = 0; e < row.Length; e++)
        {
            if (row[e] == CostModel.NotAllowed) continue;
            // One unit more than the demand, so that a world asleep still has a default route.
            _weightedRtt[e] += (Int128)world.Rtt[group.Region, e].ToMicroseconds().Value * (group.Demand + 1);
            _demand[e] += group.Demand + 1;
        }
    }

    /// <summary>The route after all groups are counted.</summary>
    public (List<(int Edge, long Volume)> Chosen, long[] Rank) Build()
    {
        World world = _assignment.Snapshot.World;
        long[] load = _assignment.Published.EdgeLoads();
        long[] rank = new long[load.Length];
        long[] room = new long[load.Length];
        for (int e = 0; e < rank.Length; e++)
        {
            bool usable = _demand[e] > 0 && !world.Law.IsBound(world.Edges[e].Jurisdiction);
            rank[e] = usable ? (long)(_weightedRtt[e] / _demand[e]) : CostModel.NotAllowed;
            room[e] = _assignment.Model.Capacity(e) - load[e];
        }
        int[] usableEdges = [.. Enumerable.Range(0, rank.Length).Where(e => rank[e] != CostModel.NotAllowed).OrderBy(e => rank[e]).ThenBy(static e => e)];
        int[] chosen = [.. usableEdges.Where(e => room[e] > 0).Take(Width)];
        // A world without any room left still answers: by capacity instead of room.
        if (chosen.Length == 0) chosen = [.. usableEdges.Take(Width)];
        return ([.. chosen.Select(e => (e, Math.Max(1, room[e])))], rank);
    }
}
