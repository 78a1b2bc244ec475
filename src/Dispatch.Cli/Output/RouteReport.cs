using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes over which relays a node fetches a stream.</summary>
internal static class RouteReport
{
    /// <summary>One JSON object, fields named as in the protocol, times in milliseconds.</summary>
    public static void WriteJson(TextWriter output, RouteReply reply) => JsonLine.WriteObject(output, json =>
    {
        ReplyJson.WriteVersions(json, reply.TableEpoch, reply.TableVersion, reply.OverlayVersion);
        json.WriteStartArray("paths");
        foreach (UpstreamPath path in reply.Paths) WritePath(json, path);
        json.WriteEndArray();
        json.WriteNumber("ttl", reply.Ttl);
        json.WriteString("reason_code", ReplyJson.Name(reply.ReasonCode));
        json.WriteString("reason", reply.Reason);
        if (reply.LastResort is null) json.WriteNull("last_resort");
        else
        {
            json.WritePropertyName("last_resort");
            WritePath(json, reply.LastResort);
        }
        if (reply.ExpiresUnixMs == 0) json.WriteNull("expires");
        else json.WriteString("expires", Moment(reply.ExpiresUnixMs));
        json.WriteNumber("bitrate_mbps", reply.BitrateKbps / 1000.0);
        json.WriteNumber("path_version", reply.PathVersion);
    });

    /// <summary>A table of paths and the reason.</summary>
    public static void WriteText(Terminal terminal, RouteReply reply)
    {
        Grid table = PlainTable.New(terminal, "upstream paths", "", "hops", "round trip, ms>", "weight, ms>", "depth>", "disjoint", "first endpoint");
        for (int i = 0; i < reply.Paths.Count; i++) Row(table, reply.Paths[i], Rank(reply.Paths[i], i));
        if (reply.LastResort is not null) Row(table, reply.LastResort, "last");
        if (reply.Paths.Count > 0) PlainTable.Write(terminal, table);
        terminal.Output.Write($"reason: {reply.Reason} ({ReplyJson.Name(reply.ReasonCode)})\n");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"holds for: {reply.Ttl} s; table {reply.TableEpoch}.{reply.TableVersion}, overlay {reply.OverlayVersion}\n"));
    }

    private static string Rank(UpstreamPath path, int at) =>
        path.LastResort ? "last" : (at + 1).ToString(CultureInfo.InvariantCulture) + (path.Planned ? " (plan)" : "");

    private static void Row(Grid table, UpstreamPath path, string rank) => table.Row(
        rank, string.Join(" > ", path.Hops.Select(static h => h.NodeId)), (path.RttUs / 1000.0).ToString("F1", CultureInfo.InvariantCulture),
        (path.WeightUs / 1000.0).ToString("F1", CultureInfo.InvariantCulture), path.Depth.ToString(CultureInfo.InvariantCulture), path.Disjoint ? "yes" : "no",
        path.Hops.Count > 0 ? ReplyJson.Text(path.Hops[0].Endpoints) : "");

    private static string Moment(ulong unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(unixMilliseconds, 253_402_300_799_999)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WritePath(Utf8JsonWriter json, UpstreamPath path)
    {
        json.WriteStartObject();
        json.WriteString("origin_id", path.OriginId);
        json.WriteNumber("rtt_ms", path.RttUs / 1000.0);
        json.WriteBoolean("disjoint", path.Disjoint);
        json.WriteStartArray("hops");
        foreach (Hop hop in path.Hops)
        {
            json.WriteStartObject();
            json.WriteString("node_id", hop.NodeId);
            json.WriteNumber("rtt_ms", hop.RttUs / 1000.0);
            ReplyJson.WriteEndpoints(json, hop.Endpoints);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("weight_ms", path.WeightUs / 1000.0);
        json.WriteNumber("depth", path.Depth);
        json.WriteBoolean("planned", path.Planned);
        json.WriteBoolean("last_resort", path.LastResort);
        json.WriteBoolean("current", path.Current);
        json.WriteEndObject();
    }
}
