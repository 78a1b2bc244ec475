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
    });

    /// <summary>A table of paths and the reason.</summary>
    public static void WriteText(Terminal terminal, RouteReply reply)
    {
        Grid table = PlainTable.New(terminal, "upstream paths", "", "hops", "round trip, ms>", "disjoint", "first endpoint");
        for (int i = 0; i < reply.Paths.Count; i++)
        {
            UpstreamPath path = reply.Paths[i];
            table.Row((i + 1).ToString(CultureInfo.InvariantCulture), string.Join(" > ", path.Hops.Select(static h => h.NodeId)),
                (path.RttUs / 1000.0).ToString("F1", CultureInfo.InvariantCulture), path.Disjoint ? "yes" : "no",
                path.Hops.Count > 0 ? ReplyJson.Text(path.Hops[0].Endpoints) : "");
        }
        if (reply.Paths.Count > 0) PlainTable.Write(terminal, table);
        terminal.Output.Write($"reason: {reply.Reason} ({ReplyJson.Name(reply.ReasonCode)})\n");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"holds for: {reply.Ttl} s; table {reply.TableEpoch}.{reply.TableVersion}, overlay {reply.OverlayVersion}\n"));
    }

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
        json.WriteEndObject();
    }
}
