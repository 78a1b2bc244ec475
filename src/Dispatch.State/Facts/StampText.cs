using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace TrafficDispatch.State.Facts;

/// <summary>The text form of a world's stamp: JSON, so that a person at a console of the store can read it too.</summary>
internal static class StampText
{
    public static byte[] Write(WorldStamp stamp)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("generation", stamp.Generation);
            json.WriteString("version", stamp.Version);
            json.WriteString("written_at", stamp.WrittenAt.ToString("O", CultureInfo.InvariantCulture));
            json.WriteStartArray("tables");
            foreach (TableStamp table in stamp.Tables) Write(json, table);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stamp.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static WorldStamp Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return new(
                root.GetProperty("generation").GetInt64(), root.GetProperty("version").GetString() ?? "", root.GetProperty("written_at").GetDateTimeOffset(),
                [.. root.GetProperty("tables").EnumerateArray().Select(ReadTable)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"the stamp cannot be read: {e.Message}", e);
        }
    }

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

    private static TableStamp ReadTable(JsonElement table)
    {
        TableStamp stamp = new(
            table.GetProperty("name").GetString() ?? "", table.GetProperty("generation").GetInt64(), table.GetProperty("rows").GetInt32(),
            table.GetProperty("bytes").GetInt64(), table.GetProperty("sha256").GetString() ?? "");
        bool isSound = stamp is { Rows: >= 0, Bytes: >= 0, Generation: > 0, Checksum.Length: 64 };
        return isSound ? stamp : throw new InvalidDataException($"the stamp's table '{stamp.Name}' is none");
    }
}
