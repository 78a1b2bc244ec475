using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>Traffic of one region to one edge, all services together.</summary>
/// <param name="Region">Ordinal of the region in the table.</param>
/// <param name="Edge">Ordinal of the edge.</param>
/// <param name="Mbps">Mbit/s, above 0.</param>
internal readonly record struct TrafficFlow(int Region, int Edge, long Mbps);

/// <summary>What clients are sent where just now, by the ordinals of one table. Immutable.</summary>
/// <param name="EntryDemand">What each entry asks for, Mbit/s; empty where nobody here knows.</param>
/// <param name="EdgeLoad">What each edge serves, Mbit/s; empty where the demand is unknown.</param>
/// <param name="EdgeCapacity">What each edge may serve, Mbit/s; −1 for an edge that the facts here do not know.</param>
/// <param name="RegionDemand">What each region asks for, Mbit/s; empty where the demand is unknown.</param>
/// <param name="RegionUnserved">What nobody serves of it, Mbit/s.</param>
/// <param name="Flows">All flows, greatest first.</param>
/// <param name="Failover">Name of the failover in force; empty for none.</param>
internal sealed record TrafficView(
    ImmutableArray<long> EntryDemand, long[] EdgeLoad, long[] EdgeCapacity, long[] RegionDemand, long[] RegionUnserved, ImmutableArray<TrafficFlow> Flows, string Failover)
{
    /// <summary>True where loads and flows are known.</summary>
    public bool IsKnown => !EntryDemand.IsEmpty;

    /// <summary>Works it out. O(entries × their edges + flows · log flows).</summary>
    /// <param name="routing">The table.</param>
    /// <param name="down">Bits of the nodes that are down or drained, as an overlay has them.</param>
    /// <param name="demand">What each entry asks for; empty where nobody here knows.</param>
    /// <param name="capacity">What each edge may serve.</param>
    public static TrafficView Of(RoutingTable routing, ReadOnlySpan<ulong> down, ImmutableArray<long> demand, long[] capacity)
    {
        TableContent table = routing.Content;
        EntryShares shares = new(routing, down);
        string failover = shares.Failover >= 0 ? table.Failovers.Name[shares.Failover] : "";
        if (demand.IsEmpty) return new(demand, [], capacity, [], [], [], failover);
        int regions = table.Regions.Length;
        long[] load = new long[table.EdgeCount], asked = new long[regions], unserved = new long[regions];
        List<TrafficFlow> flows = [];
        Dictionary<int, long> ofRegion = [];
        for (int r = 0; r < regions; r++)
        {
            ofRegion.Clear();
            for (int p = 0; p < table.Entries.Profiles; p++)
            {
                int entry = p * (regions + 1) + r;
                asked[r] += demand[entry];
                unserved[r] += Split(demand[entry], shares.Read(entry), ofRegion);
            }
            foreach ((int edge, long mbps) in ofRegion)
            {
                load[edge] += mbps;
                if (mbps > 0) flows.Add(new(r, edge, mbps));
            }
        }
        flows.Sort(static (a, b) => (b.Mbps, a.Region, a.Edge).CompareTo((a.Mbps, b.Region, b.Edge)));
        return new(demand, load, capacity, asked, unserved, [.. flows], failover);
    }

    /// <summary>Gives each edge its part of a demand, to the nearest, so that the parts add up.</summary>
    /// <returns>What is left unserved.</returns>
    public static long Split(long demand, ReadOnlySpan<(int Edge, int Weight)> shares, Dictionary<int, long> into)
    {
        long given = 0;
        int weight = 0;
        foreach ((int edge, int share) in shares)
        {
            weight += share;
            long upTo = (long)(((Int128)demand * weight + Shares.Whole / 2) / Shares.Whole);
            into[edge] = into.GetValueOrDefault(edge) + upTo - given;
            given = upTo;
        }
        return demand - given;
    }
}
