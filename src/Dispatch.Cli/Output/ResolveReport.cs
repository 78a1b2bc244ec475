using System.Globalization;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes which edges serve a client.</summary>
internal static class ResolveReport
{
    private const double WholeWeight = 16384;

    /// <summary>One JSON object, fields named as in the protocol; texts that the service leaves empty are null.</summary>
    public static void WriteJson(TextWriter output, ResolveReply reply) => JsonLine.WriteObject(output, json =>
    {
        ReplyJson.WriteVersions(json, reply.TableEpoch, reply.TableVersion, reply.OverlayVersion);
        json.WriteStartArray("edges");
        foreach (EdgeChoice edge in reply.Edges)
        {
            json.WriteStartObject();
            json.WriteString("id", edge.Id);
            json.WriteNumber("weight", edge.Weight);
            ReplyJson.WriteEndpoints(json, edge.Endpoints);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("ttl", reply.Ttl);
        json.WriteNumber("scope_prefix_len", reply.ScopePrefixLen);
        json.WriteTextOrNull("region_id", reply.RegionId);
        json.WriteString("reason_code", ReplyJson.Name(reply.ReasonCode));
        json.WriteString("reason", reply.Reason);
        json.WriteTextOrNull("service", reply.Service);
        json.WriteTextOrNull("network", reply.Network);
        json.WriteTextOrNull("fallback_host", reply.FallbackHost);
    });

    /// <summary>A table of edges, the reason, and what the answer holds for.</summary>
    public static void WriteText(Terminal terminal, ResolveReply reply)
    {
        Grid table = PlainTable.New(terminal, $"edges of service {reply.Service}", "", "edge", "share of clients>", "endpoints");
        for (int i = 0; i < reply.Edges.Count; i++)
        {
            EdgeChoice edge = reply.Edges[i];
            string share = edge.Weight == 0 ? "backup" : (100 * edge.Weight / WholeWeight).ToString("F2", CultureInfo.InvariantCulture) + " %";
            table.Row((i + 1).ToString(CultureInfo.InvariantCulture), edge.Id, share, ReplyJson.Text(edge.Endpoints));
        }
        if (reply.Edges.Count > 0) PlainTable.Write(terminal, table);
        if (reply.FallbackHost.Length > 0) terminal.Output.Write($"fallback host: {reply.FallbackHost}\n");
        terminal.Output.Write($"reason: {reply.Reason} ({ReplyJson.Name(reply.ReasonCode)})\n");
        terminal.Output.Write($"region: {Known(reply.RegionId)}; network: {Known(reply.Network)}\n");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"holds for: {reply.Ttl} s, scope /{reply.ScopePrefixLen}; table {reply.TableEpoch}.{reply.TableVersion}, overlay {reply.OverlayVersion}\n"));
    }

    private static string Known(string text) => text.Length == 0 ? "none" : text;
}
