using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>Everything about one edge: whom it serves, what its room is worth, and what happens if it dies, alone or with its fault domain.</summary>
internal static class EdgeJson
{
    private const int MostServed = 200, MostTakers = 12;

    /// <summary>Writes it. O(entries + flows).</summary>
    /// <param name="moment">The moment; it has a table.</param>
    /// <param name="edge">Ordinal of the edge.</param>
    /// <param name="showsAll">True with money and prices.</param>
    public static byte[] Of(PageMoment moment, int edge, bool showsAll) => JsonBytes.Of(json =>
    {
        TableContent table = moment.State!.Table.Content;
        json.WriteStartObject();
        json.WriteString("id", table.Edges[edge].Id);
        json.WriteString("table", moment.State.Table.Version.ToString());
        json.WriteString("state", NodeStates.Word(NodeStates.Of(moment.State, edge)));
        json.WriteTexts("said", moment.Status.Overlay.Where(o => Names(o.Kind, o.Id, table.Edges[edge])).Select(static o => $"{o.Source}: {o.Kind} {o.Id} {o.State}"));
        WriteServed(json, moment, edge);
        if (showsAll) WritePrices(json, moment, edge);
        if (moment.Traffic.IsKnown) WriteDeaths(json, moment, edge);
        json.WriteEndObject();
    });

    private static bool Names(string kind, string id, TableEdge edge) => kind switch
    {
        "edge" => id == edge.Id,
        "domain" => id == edge.FaultDomain,
        "operator" => id == edge.Operator,
        _ => false,
    };

    /// <summary>Pairs of region and Mbit/s, greatest first.</summary>
    private static void WriteServed(Utf8JsonWriter json, PageMoment moment, int edge)
    {
        TrafficFlow[] served = [.. moment.Traffic.Flows.Where(f => f.Edge == edge)];
        json.WriteNumber("regions", served.Length);
        json.WriteNumbers("serves", [.. served.Take(MostServed).SelectMany(static f => (long[])[f.Region, f.Mbps])]);
    }

    private static void WritePrices(Utf8JsonWriter json, PageMoment moment, int edge)
    {
        TableContent table = moment.State!.Table.Content;
        if (moment.State.Plan is { } plan && plan.EdgeRoomPrice.Length == table.EdgeCount)
        {
            json.WriteNumber("room", plan.EdgeRoomPrice[edge]);
            json.WriteNumber("door", plan.EdgeDoorPrice[edge]);
        }
        if (moment.World is not { } world || world.EdgeOrdinal(table.Edges[edge].Id) is not (>= 0 and int now)) return;
        json.WriteNumber("price", world.Edges[now].Price.Marginal().Value);
        bool isBilled = world.Facts.Contracts.Any(c => !c.Tiers.IsEmpty && c.Edges.Contains(world.Edges[now].Id));
        json.WriteBoolean("billedByContract", isBilled);
        if (!isBilled && moment.Traffic.IsKnown) json.WriteNumber("microUsdPerHour", world.Edges[now].Price.Marginal().Value * moment.Traffic.EdgeLoad[edge]);
    }

    private static void WriteDeaths(Utf8JsonWriter json, PageMoment moment, int edge)
    {
        TableContent table = moment.State!.Table.Content;
        string domain = table.Edges[edge].FaultDomain;
        int[] fellows = [.. Enumerable.Range(0, table.EdgeCount).Where(e => table.Edges[e].FaultDomain == domain)];
        json.WriteStartArray("deaths");
        if (NodeStates.Of(moment.State, edge) == HealthState.Up) WriteDeath(json, moment, "edge:" + table.Edges[edge].Id, [edge]);
        int[] alive = [.. fellows.Where(e => NodeStates.Of(moment.State, e) == HealthState.Up)];
        if (fellows.Length > 1 && alive.Length > 0) WriteDeath(json, moment, "domain:" + domain, alive);
        json.WriteEndArray();
    }

    private static void WriteDeath(Utf8JsonWriter json, PageMoment moment, string name, int[] edges)
    {
        ulong[] down = new ulong[(moment.State!.Table.Content.NodeCount + 63) / 64];
        ReadOnlySpan<ulong> now = moment.State.Overlay.Down;
        now[..Math.Min(now.Length, down.Length)].CopyTo(down);
        foreach (int e in edges) down[e >> 6] |= 1UL << (e & 63);
        TrafficView before = moment.Traffic, after = TrafficView.Of(moment.State.Table, down, before.EntryDemand, before.EdgeCapacity);
        (int Edge, long Mbps)[] takers = [.. Enumerable.Range(0, after.EdgeLoad.Length).Select(e => (e, after.EdgeLoad[e] - before.EdgeLoad[e])).Where(static t => t.Item2 > 0)
            .OrderByDescending(static t => t.Item2)];
        long unserved = after.RegionUnserved.Sum() - before.RegionUnserved.Sum();
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteTexts("edges", edges.Select(e => moment.State.Table.Content.Edges[e].Id));
        json.WriteString("failover", after.Failover);
        json.WriteNumber("freed", edges.Sum(e => before.EdgeLoad[e]));
        json.WriteNumber("unserved", Math.Max(0, unserved));
        json.WriteNumber("takerCount", takers.Length);
        json.WriteNumbers("takers", [.. takers.Take(MostTakers).SelectMany(static t => (long[])[t.Edge, t.Mbps])]);
        json.WriteNumbers("stranded", [.. Enumerable.Range(0, after.RegionUnserved.Length).Select(r => (r, Mbps: after.RegionUnserved[r] - before.RegionUnserved[r]))
            .Where(static r => r.Mbps > 0).OrderByDescending(static r => r.Mbps).Take(MostTakers).SelectMany(static r => (long[])[r.r, r.Mbps])]);
        json.WriteEndObject();
    }
}
