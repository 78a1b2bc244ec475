using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>What came of a load.</summary>
/// <param name="World">The world.</param>
/// <param name="Stamp">What is in Redis now.</param>
/// <param name="BytesMoved">Bytes of tables that were sent.</param>
/// <param name="Compared">True where it was read back and is the same; false where another load came between.</param>
/// <param name="Writing">Time to write.</param>
/// <param name="Reading">Time to read back.</param>
internal sealed record LoadResult(World World, WorldStamp Stamp, long BytesMoved, bool Compared, TimeSpan Writing, TimeSpan Reading);

/// <summary>Writes what was loaded.</summary>
internal static class LoadReport
{
    /// <summary>One JSON object.</summary>
    public static void WriteJson(TextWriter output, RedisSettings settings, LoadResult result) => JsonLine.WriteObject(output, json =>
    {
        json.WriteString("redis", string.Join(',', settings.Endpoints));
        json.WriteString("prefix", settings.Prefix);
        json.WriteNumber("generation", result.Stamp.Generation);
        json.WriteString("world_version", result.Stamp.Version);
        foreach ((string name, int count) in Counts(result.World)) json.WriteNumber(name, count);
        json.WriteNumber("rows", result.Stamp.Rows);
        json.WriteNumber("bytes", result.Stamp.Bytes);
        json.WriteNumber("bytes_moved", result.BytesMoved);
        json.WriteBoolean("compared", result.Compared);
        json.WriteMilliseconds("write_ms", result.Writing);
        json.WriteMilliseconds("read_ms", result.Reading);
        json.WriteStartArray("tables");
        foreach (TableStamp table in result.Stamp.Tables) Write(json, table);
        json.WriteEndArray();
    });

    /// <summary>A table of tables, and what they hold.</summary>
    public static void WriteText(Terminal terminal, RedisSettings settings, LoadResult result)
    {
        Grid grid = PlainTable.New(terminal, $"{settings.Prefix} at {string.Join(',', settings.Endpoints)}", "table", "rows>", "bytes>", "generation>", "SHA-256");
        foreach (TableStamp table in result.Stamp.Tables)
            grid.Row(table.Name, Text(table.Rows), Text(table.Bytes), Text(table.Generation), table.Checksum[..16]);
        PlainTable.Write(terminal, grid);
        terminal.Output.Write($"world {result.Stamp.Version}: {string.Join(", ", Counts(result.World).Select(static c => $"{Text(c.Count)} {c.Name}"))}\n");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"generation {result.Stamp.Generation} is in force: {result.Stamp.Bytes} bytes in {result.Stamp.Rows} rows, of which {result.BytesMoved} bytes were sent in {result.Writing.TotalMilliseconds:F0} ms\n"));
        terminal.Output.Write(result.Compared
            ? string.Create(CultureInfo.InvariantCulture, $"read back in {result.Reading.TotalMilliseconds:F0} ms: the same in every field\n")
            : "another load came between: what was read back is that load's\n");
    }

    private static (string Name, int Count)[] Counts(World world) =>
    [
        ("regions", world.Regions.Length), ("edges", world.Edges.Length), ("relays", world.Relays.Length), ("origins", world.Origins.Length),
        ("services", world.Services.Length), ("prefixes", world.Facts.Prefixes.Length),
    ];

    private static void Write(Utf8JsonWriter json, TableStamp table)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteNumber("generation", table.Generation);
        json.WriteNumber("rows", table.Rows);
        json.WriteNumber("bytes", table.Bytes);
        json.WriteString("sha256", table.Checksum);
        json.WriteEndObject();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
