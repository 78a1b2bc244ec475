using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Results;

/// <summary>How an edge's load and capacity change.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="Before">Load in the baseline; 0 for an edge that the scenario adds.</param>
/// <param name="After">Load in the scenario.</param>
/// <param name="CapacityBefore">What it could serve in the baseline: 0 while it is out, or not there.</param>
/// <param name="CapacityAfter">What it can serve in the scenario.</param>
public sealed record EdgeChange(string EdgeId, Mbps Before, Mbps After, Mbps CapacityBefore, Mbps CapacityAfter)
{
    /// <summary>Load after less load before.</summary>
    public Mbps Change => After - Before;

    internal static ImmutableArray<EdgeChange> AllOf(TrafficPlan before, TrafficPlan after)
    {
        ImmutableArray<Edge> edges = after.Model.Snapshot.World.Edges;
        int old = before.Model.Snapshot.World.Edges.Length;
        long[] was = before.EdgeLoads(), now = after.EdgeLoads();
        return
        [
            .. edges.Select((edge, e) => new EdgeChange(edge.Id, before.Model.ToMbps(e < old ? was[e] : 0), after.Model.ToMbps(now[e]),
                    before.Model.ToMbps(e < old ? before.Model.Capacity(e) : 0), after.Model.ToMbps(after.Model.Capacity(e))))
                .Where(static c => c.Change != Mbps.Zero || c.CapacityBefore != c.CapacityAfter)
                .OrderByDescending(static c => Math.Abs(c.Change.Value)).ThenBy(static c => c.EdgeId, StringComparer.Ordinal),
        ];
    }
}
