using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Table;
using TrafficDispatch.Table.Audit;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// What must hold of every table before it is put in force, checked against the facts themselves rather than against the solver's view.
/// </summary>
internal static class TableInvariants
{
    /// <summary>How many broken rules are told.</summary>
    public const int Listed = 10;

    /// <summary>The rules that are broken, a line each and at most ten; empty where the table may be published. O(table).</summary>
    public static IReadOnlyList<string> Violations(Assignment assignment, RoutingTable table)
    {
        List<string> broken = [];
        if (!assignment.Trace.Certificate.Valid) broken.Add("The certificate of the optimum does not hold.");
        CheckLoads(assignment, broken);
        CheckLaw(assignment.Snapshot.World, table, broken);
        CheckEntries(assignment.Snapshot.World, table.Content, broken);
        CheckIngest(assignment.Snapshot.World, table.Content, broken);
        return broken.Count > Listed ? broken.GetRange(0, Listed) : broken;
    }

    /// <summary>
    /// The rules that a table breaks by itself, whatever plan it was made from: law and ingest, by the facts of today. At most ten; empty where it may
    /// be published. O(table).
    /// </summary>
    /// <remarks>Health is left out: what is down leaves the answers of any table.</remarks>
    public static IReadOnlyList<string> OfContent(World world, RoutingTable table)
    {
        List<string> broken = [];
        World lawful = new(world.Facts with { Health = [], Prefixes = [] });
        CheckLaw(lawful, table, broken);
        TableContent content = table.Content;
        CheckIngest(lawful, content, [.. content.Regions.Select(static r => r.Jurisdiction), .. content.Edges.Select(static e => e.Jurisdiction), .. content.Relays.Select(static r => r.Jurisdiction)], broken);
        return broken.Count > Listed ? broken.GetRange(0, Listed) : broken;
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
    /// No entry gives weight to an edge that may not serve while another of its edges may (where none may, the service's all-down policy
    /// decides, and the table knows them all to be down).
    /// </summary>
    private static void CheckEntries(World world, TableContent content, List<string> broken)
    {
        EntryRows rows = content.Entries;
        bool[] serves = [.. world.Edges.Select(e => world.Health.Of(e).CanServe)];
        for (int i = 0; i + 1 < rows.Start.Length; i++)
        {
            bool anyServes = false;
            for (int at = rows.Start[i]; at < rows.Start[i + 1]; at++) anyServes |= serves[rows.Edge[at]];
            for (int at = rows.Start[i]; at < rows.Start[i + 1]; at++)
            {
                if (anyServes && rows.Weight[at] > 0 && !serves[rows.Edge[at]])
                    broken.Add($"Edge {world.Edges[rows.Edge[at]].Id} is down or drained, yet it has weight.");
            }
        }
    }

    /// <summary>No publisher is sent to an origin that the law of its region, edge or relay forbids, that keeps its own, or that is out.</summary>
    private static void CheckIngest(World world, TableContent content, List<string> broken) => CheckIngest(world, content,
        [.. world.Regions.Select(static r => r.Jurisdiction), .. world.Edges.Select(static e => e.Jurisdiction), .. world.Relays.Select(static r => r.Jurisdiction)], broken);

    private static void CheckIngest(World world, TableContent content, string[] laws, List<string> broken)
    {
        IngestRows rows = content.Ingest;
        Dictionary<string, Origin> origins = world.Origins.ToDictionary(static o => o.Id, StringComparer.Ordinal);
        for (int row = 0; row + 1 < rows.Start.Length; row++)
        {
            for (int i = rows.Start[row]; i < rows.Start[row + 1]; i++)
            {
                string id = content.Origins[rows.Origin[i]].Id;
                if (!origins.TryGetValue(id, out Origin? origin))
                {
                    broken.Add($"Publishers are sent to origin {id}, which is gone.");
                    continue;
                }
                bool reserved = world.Law.IsBound(origin.Jurisdiction) && origin.Jurisdiction != laws[row];
                if (reserved || !world.Law.Allows(laws[row], NodeKind.Origin, origin.Jurisdiction) || !world.Health.Of(origin).CanServe)
                    broken.Add($"A publisher under the law of {laws[row]} may not send to origin {origin.Id} ({origin.Jurisdiction}).");
            }
        }
    }

    /// <summary>Traffic never leaves what the law allows it: every entry, path and endpoint, and the answers while nothing and everything is down.</summary>
    private static void CheckLaw(World world, RoutingTable table, List<string> broken)
    {
        AuditReport audit = ResidencyAudit.Run(table, world, FailoverDepth.Bounds);
        if (audit.IsClean) return;
        broken.AddRange(audit.Violations.Take(Listed).Select(static v => v.Message));
        if (audit.ViolationCount > Listed) broken.Add(string.Create(CultureInfo.InvariantCulture, $"{audit.ViolationCount} violations of the law in all."));
    }
}
