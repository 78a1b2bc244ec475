using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Results;

/// <summary>How far a region's served traffic travels, weighted by volume.</summary>
/// <param name="Mean">Mean round trip.</param>
/// <param name="P50">Half of it is at most this far.</param>
/// <param name="P95">95 % of it is at most this far.</param>
/// <param name="P99">99 % of it is at most this far.</param>
public readonly record struct LatencyFigures(Microseconds Mean, Microseconds P50, Microseconds P95, Microseconds P99);

/// <summary>How one region fares.</summary>
/// <param name="RegionId">The region.</param>
/// <param name="DemandBefore">What it asks for in the baseline.</param>
/// <param name="DemandAfter">What it asks for in the scenario.</param>
/// <param name="UnservedBefore">What nobody serves of it in the baseline.</param>
/// <param name="UnservedAfter">What nobody serves of it in the scenario.</param>
/// <param name="Moved">What an edge serves of it in the scenario and did not in the baseline.</param>
/// <param name="LatencyBefore">Round trips in the baseline; null where nothing is served.</param>
/// <param name="LatencyAfter">Round trips in the scenario; null where nothing is served.</param>
public sealed record RegionChange(
    string RegionId, Mbps DemandBefore, Mbps DemandAfter, Mbps UnservedBefore, Mbps UnservedAfter, Mbps Moved, LatencyFigures? LatencyBefore, LatencyFigures? LatencyAfter)
{
    /// <summary>What is unserved more than in the baseline; negative for less.</summary>
    public Mbps UnservedChange => UnservedAfter - UnservedBefore;

    internal static ImmutableArray<RegionChange> AllOf(TrafficPlan before, TrafficPlan after)
    {
        RegionTally[] was = RegionTally.AllOf(before), now = RegionTally.AllOf(after);
        long[] moved = new long[now.Length];
        for (int g = 0; g < after.Model.Groups.Count; g++) moved[after.Model.Groups[g].Region] += PlanMoves.Of(before, after, g);
        ImmutableArray<ClientRegion> regions = after.Model.Snapshot.World.Regions;
        return
        [
            .. regions.Select((region, r) => new RegionChange(region.Id, was[r].Demand, now[r].Demand, was[r].Unserved, now[r].Unserved, after.Model.ToMbps(moved[r]), was[r].Latency, now[r].Latency))
                .Where(static c => c.DemandBefore != c.DemandAfter || c.UnservedBefore != c.UnservedAfter || c.Moved != Mbps.Zero || c.LatencyBefore != c.LatencyAfter)
                .OrderByDescending(static c => c.UnservedAfter).ThenByDescending(static c => c.UnservedBefore).ThenByDescending(static c => c.Moved)
                .ThenBy(static c => c.RegionId, StringComparer.Ordinal),
        ];
    }
}

/// <summary>One region's part of a plan.</summary>
internal readonly record struct RegionTally(Mbps Demand, Mbps Unserved, LatencyFigures? Latency)
{
    /// <summary>All regions by ordinal; a region's groups follow each other. O(V log V) for V volumes.</summary>
    public static RegionTally[] AllOf(TrafficPlan plan)
    {
        CostModel model = plan.Model;
        World world = model.Snapshot.World;
        RegionTally[] tallies = new RegionTally[world.Regions.Length];
        RttTally served = new();
        for (int g = 0; g < model.Groups.Count;)
        {
            int region = model.Groups[g].Region;
            long demand = 0, unserved = 0;
            served.Clear();
            for (; g < model.Groups.Count && model.Groups[g].Region == region; g++)
            {
                (demand, unserved) = (demand + model.Groups[g].Demand, unserved + plan.Unserved(g));
                for (int i = 0; i < plan.Edges(g).Length; i++) served.Add(world.Rtt[region, plan.Edges(g)[i]].ToMicroseconds(), plan.Volumes(g)[i]);
            }
            LatencyFigures? latency = served.IsEmpty ? null : new(served.Mean(), served.Quantile(50), served.Quantile(95), served.Quantile(99));
            tallies[region] = new(model.ToMbps(demand), model.ToMbps(unserved), latency);
        }
        return tallies;
    }
}
