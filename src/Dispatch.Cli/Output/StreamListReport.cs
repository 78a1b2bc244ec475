using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.State;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the registry of live streams.</summary>
internal static class StreamListReport
{
    /// <summary>A table, or one line of JSON; entries that cannot be read are warned of.</summary>
    public static void Write(Terminal terminal, StreamList list, bool asJson)
    {
        foreach (string fault in list.Faults) terminal.Error.WriteLine($"warning: {fault}");
        if (asJson) WriteJson(terminal.Output, list);
        else WriteText(terminal, list);
    }

    private static void WriteJson(TextWriter output, StreamList list) => JsonLine.WriteObject(output, json =>
    {
        json.WriteNumber("revision", list.Revision);
        json.WriteStartArray("streams");
        foreach (LiveStream s in list.Streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", s.Key);
            json.WriteString("origin_id", s.OriginId);
            json.WriteNumber("bitrate_mbps", s.BitrateMbps);
            json.WriteStartArray("variants_mbps");
            foreach (double rate in s.VariantMbps) json.WriteNumberValue(rate);
            json.WriteEndArray();
            if (s.Expires is { } end) json.WriteString("expires", end.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            else json.WriteNull("expires");
            json.WriteString("source", list.Sources.GetValueOrDefault(s.Key, ""));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteText(Terminal terminal, StreamList list)
    {
        if (list.Streams.IsEmpty)
        {
            terminal.Output.Write("no stream is registered\n");
            return;
        }
        Grid grid = PlainTable.New(terminal, "registered streams", "stream", "origin", "Mbit/s>", "until (UTC)", "registered by");
        foreach (LiveStream s in list.Streams)
            grid.Row(s.Key, s.OriginId, s.BitrateMbps.ToString("0.###", CultureInfo.InvariantCulture),
                s.Expires is { } end ? end.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "unregistered", list.Sources.GetValueOrDefault(s.Key, ""));
        PlainTable.Write(terminal, grid);
    }
}
