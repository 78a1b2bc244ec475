using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Reads back from a table who serves whom, so that a solve can be held to a table whose solve nobody remembers.</summary>
public static class TablePlan
{
    /// <summary>The plan that a table's shares make of today's demand. Shares are exact to 1/16384; volumes are rounded so that they add up.</summary>
    /// <param name="table">The table that clients are being sent by. Its regions, edges and services are found again by id.</param>
    /// <param name="snapshot">Today's demand.</param>
    /// <returns>
    /// A plan in the terms of the snapshot. Without volumes: groups whose region, or whose services, the table does not know, and edges that
    /// are gone or that the table knew to be down, since nobody was being sent there but as a last good answer. O(groups × edges of an entry).
    /// </returns>
    /// <exception cref="OverflowException">Demand, capacity or cost is beyond 64-bit integers.</exception>
    public static TrafficPlan Read(TableContent table, Snapshot snapshot)
    {
        FullCost model = new(snapshot, SolveOptions.Default);
        World world = snapshot.World;
        int[] edgeNow = [.. table.Edges.Select(e => e.State == HealthState.Up ? world.EdgeOrdinal(e.Id) : -1)];
        int[] profileThen = Profiles(table, world, model.Profiles);
        Dictionary<string, int> regionThen = Enumerable.Range(0, table.Regions.Length).ToDictionary(r => table.Regions[r].Id, StringComparer.Ordinal);
        TrafficPlan.Builder plan = new(model);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            ClientGroup group = model.Groups[g];
            bool known = regionThen.TryGetValue(world.Regions[group.Region].Id, out int region) && profileThen[group.Profile] >= 0;
            int entry = known ? profileThen[group.Profile] * (table.Regions.Length + 1) + region : -1;
            Add(plan, g, group.Demand, table.Entries, entry, edgeNow);
        }
        return plan.Build();
    }

    /// <summary>By today's profile the table's: that of the first service that both know; −1 where there is none.</summary>
    private static int[] Profiles(TableContent table, World world, ServiceProfiles profiles)
    {
        Dictionary<string, int> then = table.Services.ToDictionary(static s => s.Id, static s => s.Profile, StringComparer.Ordinal);
        int[] found = new int[profiles.Profiles.Length];
        Array.Fill(found, -1);
        for (int s = 0; s < world.Services.Length; s++)
        {
            int profile = profiles.OfService[s];
            if (found[profile] < 0 && then.TryGetValue(world.Services[s].Id, out int known)) found[profile] = known;
        }
        return found;
    }

    private static void Add(TrafficPlan.Builder plan, int group, long demand, EntryRows rows, int entry, int[] edgeNow)
    {
        SortedDictionary<int, long> volumes = [];
        long served = 0, given = 0;
        int weight = 0;
        for (int i = entry < 0 ? 0 : rows.Start[entry]; entry >= 0 && i < rows.Start[entry + 1] && rows.Weight[i] > 0; i++)
        {
            weight += rows.Weight[i];
            // To the nearest: a table that was made from today's demand gives back its volumes, and they its shares.
            long upTo = (long)(((Int128)demand * weight + Shares.Whole / 2) / Shares.Whole), volume = upTo - given;
            given = upTo;
            if (edgeNow[rows.Edge[i]] < 0 || volume == 0) continue;
            volumes[edgeNow[rows.Edge[i]]] = volume;
            served += volume;
        }
        plan.Add(group, [.. volumes.Keys], [.. volumes.Values], demand - served);
    }
}
