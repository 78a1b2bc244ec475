using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;
using PlanFigures = TrafficDispatch.Solve.PlanFigures;

namespace TrafficDispatch.Service.Control;

/// <summary>Says what two tables would do otherwise with the same demand.</summary>
internal static class TableComparison
{
    /// <summary>Compares. O(entries + groups × edges).</summary>
    /// <param name="from">The table before.</param>
    /// <param name="to">The table after.</param>
    /// <param name="snapshot">Whose demand and prices; null where no world is known, and then only entries are compared.</param>
    /// <param name="most">Most rows of each list.</param>
    public static DiffReply Of(RoutingTable from, RoutingTable to, Snapshot? snapshot, int most)
    {
        DiffReply reply = new() { From = NameOf(from.Version), To = NameOf(to.Version), SameContent = from.ContentHash == to.ContentHash };
        AddEntries(reply, from.Content, to.Content);
        reply.OnlyInFrom.Add(Missing(from.Content, to.Content).Take(most));
        reply.OnlyInTo.Add(Missing(to.Content, from.Content).Take(most));
        if (snapshot is not null) AddTraffic(reply, TablePlan.Read(from.Content, snapshot), TablePlan.Read(to.Content, snapshot), most);
        return reply;
    }

    /// <summary>A version in a message.</summary>
    public static TableName NameOf(TableVersion version) => new() { Epoch = (ulong)version.Epoch, Number = (ulong)version.Number };

    /// <summary>Entries are compared by the ids of service, region and edge: ordinals are only valid within a table.</summary>
    private static void AddEntries(DiffReply reply, TableContent from, TableContent to)
    {
        Dictionary<string, int> regionsAfter = Ordinals(to.Regions.Select(static r => r.Id)), servicesAfter = Ordinals(to.Services.Select(static s => s.Id));
        foreach (TableService before in from.Services.DistinctBy(static s => s.Profile))
        {
            if (!servicesAfter.TryGetValue(before.Id, out int service)) continue;
            for (int r = 0; r < from.Regions.Length; r++)
            {
                if (!regionsAfter.TryGetValue(from.Regions[r].Id, out int region)) continue;
                reply.Entries++;
                if (!Weights(from, before.Profile, r).SequenceEqual(Weights(to, to.Services[service].Profile, region))) reply.EntriesChanged++;
            }
        }
    }

    private static IEnumerable<(string Edge, int Weight)> Weights(TableContent table, int profile, int region)
    {
        int entry = profile * (table.Regions.Length + 1) + region;
        return Enumerable.Range(table.Entries.Start[entry], table.Entries.Start[entry + 1] - table.Entries.Start[entry]).Where(i => table.Entries.Weight[i] > 0)
            .Select(i => (table.Edges[table.Entries.Edge[i]].Id, (int)table.Entries.Weight[i])).OrderBy(static e => e.Id, StringComparer.Ordinal);
    }

    private static Dictionary<string, int> Ordinals(IEnumerable<string> ids) => ids.Select(static (id, i) => (id, i)).ToDictionary(static p => p.id, static p => p.i, StringComparer.Ordinal);

    private static IEnumerable<string> Missing(TableContent from, TableContent to) =>
    [
        .. from.Regions.Select(static r => "region:" + r.Id).Except(to.Regions.Select(static r => "region:" + r.Id), StringComparer.Ordinal),
        .. from.Edges.Select(static e => "edge:" + e.Id).Except(to.Edges.Select(static e => "edge:" + e.Id), StringComparer.Ordinal),
        .. from.Services.Select(static s => "service:" + s.Id).Except(to.Services.Select(static s => "service:" + s.Id), StringComparer.Ordinal),
    ];

    private static void AddTraffic(DiffReply reply, TrafficPlan before, TrafficPlan after, int most)
    {
        CostModel model = before.Model;
        World world = model.Snapshot.World;
        (PlanFigures was, PlanFigures will) = (PlanFigures.Of(before), PlanFigures.Of(after));
        long moved = 0;
        List<GroupChange> groups = [];
        for (int g = 0; g < model.Groups.Count; g++)
        {
            long left = 0;
            foreach (int e in before.Edges(g)) left += Math.Max(0, before.Volume(g, e) - after.Volume(g, e));
            if (left == 0) continue;
            moved += left;
            groups.Add(new GroupChange
            {
                RegionId = world.Regions[model.Groups[g].Region].Id,
                ClassId = model is FullCost full ? world.Classes[full.Profiles.Profiles[model.Groups[g].Profile].Class].Id : "",
                DemandMbps = model.ToMbps(model.Groups[g].Demand).Value,
                MovedMbps = model.ToMbps(left).Value,
            });
        }
        (reply.UtcHour, reply.WorldVersion, reply.DemandMbps, reply.MovedMbps) = ((uint)model.Snapshot.UtcHour, world.Version, was.Demand.Value, model.ToMbps(moved).Value);
        reply.MovedPercent = was.Demand.Value == 0 ? 0 : 100.0 * reply.MovedMbps / was.Demand.Value;
        (reply.UnservedBeforeMbps, reply.UnservedAfterMbps) = (was.Unserved.Value, will.Unserved.Value);
        (reply.CostBeforeMicroUsdPerHour, reply.CostAfterMicroUsdPerHour) = ((long)was.CostMicroUsdPerHour, (long)will.CostMicroUsdPerHour);
        reply.Groups.Add(groups.OrderByDescending(static c => c.MovedMbps).Take(most));
        LoadChange[] edges = [.. before.EdgeLoads().Zip(after.EdgeLoads(), (b, a) => (b, a)).Select((l, e) => Change(world.Edges[e].Id, model.ToMbps(l.b).Value, model.ToMbps(l.a).Value))];
        reply.Edges.Add(Largest(edges, most));
        reply.Operators.Add(Largest(edges.Zip(world.Edges, static (c, e) => (e.Operator, Change: c)).GroupBy(static c => c.Operator)
            .Select(static o => Change(o.Key, o.Sum(static c => c.Change.BeforeMbps), o.Sum(static c => c.Change.AfterMbps))), most));
    }

    private static LoadChange Change(string id, long before, long after) => new() { Id = id, BeforeMbps = before, AfterMbps = after };

    private static IEnumerable<LoadChange> Largest(IEnumerable<LoadChange> changes, int most) => changes.Where(static c => c.BeforeMbps != c.AfterMbps)
        .OrderByDescending(static c => Math.Abs(c.AfterMbps - c.BeforeMbps)).ThenBy(static c => c.Id, StringComparer.Ordinal).Take(most);
}
