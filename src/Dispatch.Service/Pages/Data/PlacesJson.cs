using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>
/// Who and where the regions and nodes of a table are, by its ordinals. It holds nothing that is secret: no price, no load. Facts that are newer or older than the
/// table are found by id; what they do not know has no place on the map.
/// </summary>
internal static class PlacesJson
{
    /// <summary>Writes it. O(regions + nodes + contracts).</summary>
    /// <param name="table">The table in force.</param>
    /// <param name="loaded">The facts; null where this process has none.</param>
    public static byte[] Of(TableContent table, LoadedWorld? loaded) => JsonBytes.Of(json =>
    {
        World? world = loaded?.World;
        json.WriteStartObject();
        json.WriteBoolean("located", world is not null);
        json.WriteObjects("regions", table.Regions, (j, r) => WriteRegion(j, r, world));
        json.WriteObjects("edges", table.Edges, (j, e) => WriteEdge(j, e, world));
        json.WriteObjects("relays", table.Relays, (j, r) => WriteNode(j, r.Id, r.City, r.Jurisdiction, r.FaultDomain, world?.RelayOrdinal(r.Id) is >= 0 and int at ? world.Relays[at].Place : null));
        json.WriteObjects("origins", table.Origins, (j, o) => WriteNode(j, o.Id, o.City, o.Jurisdiction, o.FaultDomain, world?.OriginOrdinal(o.Id) is >= 0 and int at ? world.Origins[at].Place : null));
        json.WriteObjects("services", table.Services, static (j, s) =>
        {
            j.WriteString("id", s.Id);
            j.WriteTexts("hosts", s.Hostnames);
            j.WriteNumber("ttl", s.TtlSeconds);
        });
        json.WriteObjects("contracts", world is null ? [] : world.Facts.Contracts, (j, c) => WriteContract(j, c, table));
        json.WriteEndObject();
    });

    private static void WriteRegion(Utf8JsonWriter json, TableRegion region, World? world)
    {
        json.WriteString("id", region.Id);
        json.WriteString("name", region.Name);
        json.WriteString("law", region.Jurisdiction);
        if (region.IsBound) json.WriteBoolean("bound", true);
        if (world?.RegionOrdinal(region.Id) is not (>= 0 and int at)) return;
        json.WriteString("country", world.Regions[at].Country);
        WritePoint(json, world.Regions[at].Place.Point);
    }

    private static void WriteEdge(Utf8JsonWriter json, TableEdge edge, World? world)
    {
        Edge? known = world?.EdgeOrdinal(edge.Id) is >= 0 and int at ? world.Edges[at] : null;
        json.WriteString("operator", edge.Operator);
        if (known is not null)
        {
            json.WriteString("site", known.SiteCode);
            if (known.IsThirdParty) json.WriteBoolean("cdn", true);
        }
        WriteNode(json, edge.Id, edge.City, edge.Jurisdiction, edge.FaultDomain, known?.Place);
    }

    private static void WriteNode(Utf8JsonWriter json, string id, string city, string law, string domain, Place? place)
    {
        json.WriteString("id", id);
        json.WriteString("city", city);
        json.WriteString("law", law);
        json.WriteString("domain", domain);
        if (place is null) return;
        json.WriteString("iso", place.Iso2);
        WritePoint(json, place.Point);
    }

    private static void WritePoint(Utf8JsonWriter json, GeoPoint point)
    {
        json.WriteNumber("lat", Math.Round(point.Latitude, 3));
        json.WriteNumber("lon", Math.Round(point.Longitude, 3));
    }

    private static void WriteContract(Utf8JsonWriter json, Contract contract, TableContent table)
    {
        json.WriteString("id", contract.Id);
        if (contract.ParentId is { } parent) json.WriteString("parent", parent);
        HashSet<string> held = [.. contract.Edges];
        json.WriteNumbers("edges", [.. Enumerable.Range(0, table.EdgeCount).Where(e => held.Contains(table.Edges[e].Id)).Select(static e => (long)e)]);
        json.WriteNumber("floor", contract.Floor.ToMbps().Value);
        if (contract.Ceiling is { } ceiling) json.WriteNumber("ceiling", ceiling.ToMbps().Value);
    }
}
