using System.Globalization;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes which origins a publisher may send to.</summary>
internal static class IngestReport
{
    /// <summary>One JSON object, fields named as in the protocol, times in milliseconds, rates in Mbit/s.</summary>
    public static void WriteJson(TextWriter output, IngestReply reply) => JsonLine.WriteObject(output, json =>
    {
        ReplyJson.WriteVersions(json, reply.TableEpoch, reply.TableVersion, reply.OverlayVersion);
        json.WriteStartArray("origins");
        foreach (IngestOrigin origin in reply.Origins)
        {
            json.WriteStartObject();
            json.WriteString("id", origin.Id);
            json.WriteNumber("weight_ms", origin.WeightUs / 1000.0);
            json.WriteNumber("rtt_ms", origin.RttUs / 1000.0);
            json.WriteNumber("room_mbps", origin.RoomKbps / 1000.0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("ttl", reply.Ttl);
        json.WriteTextOrNull("region_id", reply.RegionId);
        json.WriteString("reason_code", ReplyJson.Name(reply.ReasonCode));
        json.WriteString("reason", reply.Reason);
    });

    /// <summary>A table of origins and the reason.</summary>
    public static void WriteText(Terminal terminal, IngestReply reply)
    {
        Grid table = PlainTable.New(terminal, "origins to publish to", "", "origin", "round trip, ms>", "weight, ms>", "room, Gbit/s>");
        for (int i = 0; i < reply.Origins.Count; i++)
        {
            IngestOrigin origin = reply.Origins[i];
            table.Row((i + 1).ToString(CultureInfo.InvariantCulture), origin.Id, (origin.RttUs / 1000.0).ToString("F1", CultureInfo.InvariantCulture),
                (origin.WeightUs / 1000.0).ToString("F1", CultureInfo.InvariantCulture), (origin.RoomKbps / 1e6).ToString("F1", CultureInfo.InvariantCulture));
        }
        if (reply.Origins.Count > 0) PlainTable.Write(terminal, table);
        terminal.Output.Write($"reason: {reply.Reason} ({ReplyJson.Name(reply.ReasonCode)})\n");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"holds for: {reply.Ttl} s; table {reply.TableEpoch}.{reply.TableVersion}, overlay {reply.OverlayVersion}\n"));
    }
}
