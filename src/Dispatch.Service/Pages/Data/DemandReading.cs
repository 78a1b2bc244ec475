using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>
/// What the entries of the table in force ask for, and what its edges may serve: as the solve of this process took it, else as the facts say for the table's hour.
/// </summary>
internal static class DemandReading
{
    /// <summary>Mbit/s by entry; empty where there is neither a solve nor a world here. O(entries).</summary>
    public static ImmutableArray<long> DemandOf(ServingState state, World? world)
    {
        TableContent table = state.Table.Content;
        if (state.Plan is { } plan && plan.EntryDemandMbps.Length == table.Entries.Overflow.Length) return plan.EntryDemandMbps;
        return world is null ? [] : ByFacts(table, world);
    }

    /// <summary>Mbit/s by edge; −1 where nothing here knows an edge.</summary>
    public static long[] CapacityOf(ServingState state, World? world, TableHolder holder)
    {
        TableContent table = state.Table.Content;
        if (state.Plan is { } plan && plan.EdgeCapacityMbps.Length == table.EdgeCount) return [.. plan.EdgeCapacityMbps];
        long[] capacity = new long[table.EdgeCount];
        Array.Fill(capacity, -1);
        if (world is null) return capacity;
        World present = Outages.In(world, holder);
        for (int e = 0; e < capacity.Length; e++)
        {
            if (present.EdgeOrdinal(table.Edges[e].Id) is not (>= 0 and int now)) continue;
            NodeHealth health = present.Health.Of(present.Edges[now]);
            capacity[e] = new Gbps(present.Edges[now].Capacity.Value * (health.CanServe ? health.Factor : 0)).ToMbps().Value;
        }
        return capacity;
    }

    // The table's regions and services are found in the facts by id: either may be newer than the other.
    private static ImmutableArray<long> ByFacts(TableContent table, World world)
    {
        Snapshot snapshot = new(world, table.UtcHour);
        ServiceProfiles profiles = ServiceProfiles.Of(world);
        int slots = table.Regions.Length + 1;
        long[] demand = new long[table.Entries.Overflow.Length];
        foreach (TableService service in table.Services.DistinctBy(static s => s.Profile))
        {
            if (world.ServiceOrdinal(service.Id) is not (>= 0 and int now)) continue;
            double share = profiles.Profiles[profiles.OfService[now]].ShareOfDemand;
            for (int r = 0; r < table.Regions.Length; r++)
                if (world.RegionOrdinal(table.Regions[r].Id) is >= 0 and int region)
                    demand[service.Profile * slots + r] = new Gbps(snapshot.Demand(region).Value * share).ToMbps().Value;
        }
        return [.. demand];
    }
}
