using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>
/// A network of the <c>dispatch</c> shape as the dispatch model solves it since bounds may yield: what an arc had to carry at least becomes a
/// cheaper arc of that size, so that a failure never makes the network infeasible.
/// </summary>
internal static class SoftBounds
{
    /// <summary>Softens every lower bound. The charge is half the least cost of overflow: above any path, and with a path below overflow.</summary>
    public static FlowNetwork Of(FlowNetwork network)
    {
        long charge = EdgeFailure.OverflowArcs(network).Min(e => network.Costs[e]) / 2;
        FlowNetworkBuilder soft = new(network.NodeCount, network.ArcCount);
        foreach (long supply in network.Supplies) soft.AddNode(supply);
        for (int e = 0; e < network.ArcCount; e++)
        {
            (int tail, int head, long lower, long upper, long cost) = (network.Tails[e], network.Heads[e], network.LowerBounds[e], network.UpperBounds[e], network.Costs[e]);
            if (lower > 0) soft.AddArc(tail, head, 0, lower, cost - charge);
            soft.AddArc(tail, head, 0, upper == FlowNetwork.Unlimited ? upper : upper - lower, cost);
        }
        return soft.Build();
    }

    /// <summary>The edges alone: groups, edges and the sink are numbered first, in this order; what comes after are interconnects and contracts.</summary>
    public static EdgeFailure[] EdgesOf(FlowNetwork network)
    {
        int sink = 0;
        while (network.Supplies[sink] >= 0) sink++;
        return [.. EdgeFailure.AllOf(network).Where(edge => edge.Node < sink)];
    }
}
