using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>How streams are planned.</summary>
public sealed record StreamPlanOptions
{
    /// <summary>The defaults.</summary>
    public static readonly StreamPlanOptions Default = new();

    /// <summary>
    /// What one copy fewer from an origin is held to be worth, as microseconds of path delay for one relay's copy; at least 0. More
    /// means fewer copies from the origins and longer chains. Default 50,000: on the shipped world the least at which less leaves the origins than under any fixed rule that keeps to capacity.
    /// </summary>
    public long OriginCopyMicroseconds { get; init; } = 50_000;

    /// <summary>How often every stream is closed and opened anew with all others in place, at least 0. Default 1.</summary>
    public int ReopenRounds { get; init; } = 1;
}

/// <summary>
/// Plans live streams as multicast: a stream on a link is paid once however many viewers are behind it.
/// </summary>
/// <remarks>
/// The exact problem is a Steiner tree with capacities. It is taken apart as MODEL says: a flow gives every edge's distinct streams to relays; the
/// distinct streams of every relay are counted anew; each stream opens the relays that shall fetch it from the origin; a second flow gives
/// the other relays a parent among these, or the origin. Both flows are exact and certified, and rounded to whole streams with the gap reported; which relays
/// open is a heuristic (greedy facility location, Jain and others 2003). No chain has more than three hops, because only relays that fetch from the
/// origin are parents. Deterministic. The law holds at every hop as in <see cref="RelayPlanner"/>.
/// </remarks>
public static class StreamPlanner
{
    /// <summary>Plans an audience. O(wants + streams · relays²) besides the flows.</summary>
    /// <param name="world">The world.</param>
    /// <param name="audience">Who watches what where; of the same world.</param>
    /// <param name="options">The defaults where null.</param>
    /// <param name="budget">Ends the planning by an exception.</param>
    /// <exception cref="OperationCanceledException">The budget ended.</exception>
    public static StreamPlan Plan(World world, StreamAudience audience, StreamPlanOptions? options = null, CancellationToken budget = default)
    {
        RelayGraph graph = new(world);
        RelayLaw law = new(world);
        RelayLoads loads = new(graph);
        EdgeStage edges = new(audience, law, loads);
        (int[] first, StreamStage edgeStage) = edges.Solve(budget);
        TrunkStage trunk = new(audience, law, loads, first, options ?? StreamPlanOptions.Default);
        StreamStage trunkStage = trunk.Solve(budget);
        int[] second = trunk.Seconds(out int copiesForLaw);
        return new(audience, loads, first, second, trunk.Feeds())
        {
            EdgeStage = edgeStage,
            TrunkStage = trunkStage,
            CopiesForLaw = copiesForLaw,
        };
    }
}
