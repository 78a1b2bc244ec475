using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.WhatIf;

/// <summary>A scenario's optimum beside the baseline's.</summary>
/// <param name="Assignment">The scenario's optimum.</param>
/// <param name="Before">The baseline's figures.</param>
/// <param name="After">The scenario's figures.</param>
/// <param name="Moved">Traffic that an edge serves now and did not serve before, for the same group.</param>
/// <param name="EdgeChanges">Edges whose load changed, largest change first, then by id.</param>
/// <param name="UnservedRegions">Regions with unserved traffic now, most first, then by id.</param>
public sealed record ScenarioComparison(
    Assignment Assignment, PlanFigures Before, PlanFigures After, Mbps Moved,
    ImmutableArray<EdgeChange> EdgeChanges, ImmutableArray<RegionUnserved> UnservedRegions)
{
    /// <summary>
    /// The scenario's optimum beside the simpler rules on the changed input: whether it is solving or the change that helps. Summed up at
    /// each call, O(groups × edges).
    /// </summary>
    public OptimumReport ReportAfter() => OptimumReport.Of(Assignment);

    /// <summary>Compares two assignments of the same groups and edges.</summary>
    public static ScenarioComparison Of(Assignment before, Assignment after) => new(
        after, PlanFigures.Of(before.Optimum), PlanFigures.Of(after.Optimum), MovedVolume(before.Optimum, after.Optimum),
        Changes(before.Optimum, after.Optimum), Unserved(after.Optimum));

    private static Mbps MovedVolume(TrafficPlan before, TrafficPlan after)
    {
        long moved = 0;
        for (int g = 0; g < after.Model.Groups.Count; g++)
        {
            ReadOnlySpan<int> edges = after.Edges(g);
            for (int i = 0; i < edges.Length; i++) moved += Math.Max(0, after.Volumes(g)[i] - before.Volume(g, edges[i]));
        }
        return after.Model.ToMbps(moved);
    }

    private static ImmutableArray<EdgeChange> Changes(TrafficPlan before, TrafficPlan after)
    {
        ImmutableArray<Edge> edges = after.Model.Snapshot.World.Edges;
        long[] old = before.EdgeLoads(), now = after.EdgeLoads();
        return [.. Enumerable.Range(0, edges.Length)
            .Where(e => old[e] != now[e])
            .OrderByDescending(e => Math.Abs(now[e] - old[e]))
            .ThenBy(e => edges[e].Id, StringComparer.Ordinal)
            .Select(e => new EdgeChange(edges[e].Id, before.Model.ToMbps(old[e]), after.Model.ToMbps(now[e])))];
    }

    private static ImmutableArray<RegionUnserved> Unserved(TrafficPlan plan)
    {
        ImmutableArray<ClientRegion> regions = plan.Model.Snapshot.World.Regions;
        long[] unserved = new long[regions.Length];
        for (int g = 0; g < plan.Model.Groups.Count; g++) unserved[plan.Model.Groups[g].Region] += plan.Unserved(g);
        return [.. Enumerable.Range(0, regions.Length)
            .Where(r => unserved[r] > 0)
            .OrderByDescending(r => unserved[r])
            .ThenBy(r => regions[r].Id, StringComparer.Ordinal)
            .Select(r => new RegionUnserved(regions[r].Id, plan.Model.ToMbps(unserved[r])))];
    }
}

/// <summary>How an edge's load changes.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="Before">Load in the baseline.</param>
/// <param name="After">Load in the scenario.</param>
public sealed record EdgeChange(string EdgeId, Mbps Before, Mbps After);

/// <summary>A region that is not wholly served.</summary>
/// <param name="RegionId">The region.</param>
/// <param name="Unserved">What nobody serves.</param>
public sealed record RegionUnserved(string RegionId, Mbps Unserved);
