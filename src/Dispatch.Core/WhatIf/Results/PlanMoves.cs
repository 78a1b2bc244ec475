using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Results;

/// <summary>How much traffic one plan sends elsewhere than another does.</summary>
internal static class PlanMoves
{
    /// <summary>Over all groups. O(plan).</summary>
    public static Mbps Of(TrafficPlan before, TrafficPlan after)
    {
        long moved = 0;
        for (int g = 0; g < after.Model.Groups.Count; g++) moved += Of(before, after, g);
        return after.Model.ToMbps(moved);
    }

    /// <summary>Of one group, in flow units: what edges serve of it above what they served before.</summary>
    public static long Of(TrafficPlan before, TrafficPlan after, int group)
    {
        long moved = 0;
        ReadOnlySpan<int> edges = after.Edges(group);
        for (int i = 0; i < edges.Length; i++) moved += Math.Max(0, after.Volumes(group)[i] - before.Volume(group, edges[i]));
        return moved;
    }
}
