using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Cli.Output;

/// <summary>A group with traffic that nobody serves.</summary>
/// <param name="RegionId">Its region.</param>
/// <param name="Class">Its traffic class; empty under the reference objective, which knows none.</param>
/// <param name="Gbps">What stays unserved.</param>
/// <param name="DemandGbps">What it asks for.</param>
internal sealed record UnservedGroup(string RegionId, string Class, double Gbps, double DemandGbps);

/// <summary>What an edge carries at the optimum.</summary>
/// <param name="Edge">The edge.</param>
/// <param name="LoadGbps">Traffic it serves.</param>
/// <param name="CapacityGbps">What it can serve, its health taken into account.</param>
/// <param name="ShadowPrice">What one flow unit of capacity more would save, in the objective's unit.</param>
internal sealed record EdgeLoad(Edge Edge, double LoadGbps, double CapacityGbps, long ShadowPrice);

/// <summary>Reads off an assignment what people and programs ask about, in Gbit/s.</summary>
internal static class AssignmentView
{
    /// <summary>Groups with unserved traffic, in the world's order.</summary>
    public static IEnumerable<UnservedGroup> Unserved(Assignment assignment)
    {
        CostModel model = assignment.Model;
        World world = assignment.Snapshot.World;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            long units = assignment.Optimum.Unserved(g);
            if (units == 0) continue;
            ClientGroup group = model.Groups[g];
            string cls = model is FullCost full ? world.Classes[full.Profiles.Profiles[group.Profile].Class].Id : "";
            yield return new(world.Regions[group.Region].Id, cls, Gbps(model, units), Gbps(model, group.Demand));
        }
    }

    /// <summary>Every edge, in the world's order.</summary>
    public static IEnumerable<EdgeLoad> Edges(Assignment assignment)
    {
        CostModel model = assignment.Model;
        long[] loads = assignment.Optimum.EdgeLoads();
        for (int e = 0; e < loads.Length; e++)
            yield return new(assignment.Snapshot.World.Edges[e], Gbps(model, loads[e]), Gbps(model, model.Capacity(e)), assignment.EdgePrices[e]);
    }

    private static double Gbps(CostModel model, long units) => units / (double)model.UnitsPerGbps;
}
