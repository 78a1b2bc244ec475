using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// What must hold of every table before it is put in force, checked against the facts themselves rather than against the solver's view.
/// </summary>
internal static class TableInvariants
{
    /// <summary>The rules that are broken, a line each and at most ten; empty where the table may be published. O(entries).</summary>
    public static IReadOnlyList<string> Violations(Assignment assignment, TableContent content)
    {
        List<string> broken = [];
        if (!assignment.Trace.Certificate.Valid) broken.Add("The certificate of the optimum does not hold.");
        CheckLoads(assignment, broken);
        CheckEntries(assignment.Snapshot.World, content, broken);
        CheckPaths(assignment.Snapshot.World, content, broken);
        return broken.Count > 10 ? broken.GetRange(0, 10) : broken;
    }

    /// <summary>No edge carries more than its capacity; what is served and unserved adds up to the demand.</summary>
    private static void CheckLoads(Assignment assignment, List<string> broken)
    {
        TrafficPlan plan = assignment.Published;
        long[] loads = plan.EdgeLoads();
        for (int e = 0; e < loads.Length; e++)
            if (loads[e] > plan.Model.Capacity(e)) broken.Add($"Edge {assignment.Snapshot.World.Edges[e].Id} carries more than its capacity.");
        for (int g = 0; g < plan.Model.Groups.Count; g++)
        {
            long served = 0;
            foreach (long volume in plan.Volumes(g)) served += volume;
            if (served + plan.Unserved(g) == plan.Model.Groups[g].Demand) continue;
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"Served and unserved traffic of group {g} do not add up to its demand."));
        }
    }

    /// <summary>
    /// No region's entry names an edge that the law keeps it from; no entry gives weight to an edge that may not serve while another of
    /// its edges may (where none may, the service's all-down policy decides, and the table knows them all to be down).
    /// </summary>
    private static void CheckEntries(World world, TableContent content, List<string> broken)
    {
        EntryRows rows = content.Entries;
        bool[] serves = [.. world.Edges.Select(e => world.Health.Of(e).CanServe)];
        for (int i = 0; i + 1 < rows.Start.Length; i++)
        {
            int region = i % (world.Regions.Length + 1);
            bool anyServes = false;
            for (int at = rows.Start[i]; at < rows.Start[i + 1]; at++) anyServes |= serves[rows.Edge[at]];
            for (int at = rows.Start[i]; at < rows.Start[i + 1]; at++)
            {
                Edge edge = world.Edges[rows.Edge[at]];
                if (region < world.Regions.Length && !world.Law.Allows(world.Regions[region], edge))
                    broken.Add($"Region {world.Regions[region].Id} may not be served by edge {edge.Id} ({edge.Jurisdiction}).");
                if (anyServes && rows.Weight[at] > 0 && !serves[rows.Edge[at]]) broken.Add($"Edge {edge.Id} is down or drained, yet it has weight.");
            }
        }
    }

    /// <summary>No upstream path leaves what the law of the asking node, or of a relay on it, allows from there on.</summary>
    private static void CheckPaths(World world, TableContent content, List<string> broken)
    {
        PathRows paths = content.Paths;
        if (paths.Start.IsEmpty) return;
        for (int row = 0; row + 1 < paths.Start.Length; row++)
        {
            int node = row / world.Origins.Length;
            (string id, string law) = node < world.Edges.Length
                ? (world.Edges[node].Id, world.Edges[node].Jurisdiction)
                : (world.Relays[node - world.Edges.Length].Id, world.Relays[node - world.Edges.Length].Jurisdiction);
            for (int p = paths.Start[row]; p < paths.Start[row + 1]; p++)
            {
                ReadOnlySpan<ushort> hops = paths.HopNode.AsSpan(paths.HopStart[p], paths.HopStart[p + 1] - paths.HopStart[p]);
                bool allowed = IsLawful(world, law, hops);
                for (int h = 0; h + 1 < hops.Length; h++) allowed &= IsLawful(world, world.Relays[hops[h]].Jurisdiction, hops[(h + 1)..]);
                if (!allowed) broken.Add($"An upstream path of {id} ({law}) leaves what the law of a node on it allows.");
            }
        }
    }

    /// <summary>True where the law lets traffic of a jurisdiction touch all these nodes: relays, then an origin.</summary>
    private static bool IsLawful(World world, string law, ReadOnlySpan<ushort> hops)
    {
        bool allowed = world.Law.Allows(law, NodeKind.Origin, world.Origins[hops[^1]].Jurisdiction);
        foreach (ushort relay in hops[..^1]) allowed &= world.Law.Allows(law, NodeKind.Relay, world.Relays[relay].Jurisdiction);
        return allowed;
    }
}
