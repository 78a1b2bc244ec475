using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>Registered streams as JSON, and the rules that they keep.</summary>
internal static class StreamText
{
    private const int LongestName = 200;
    private const double MostMbps = 1e9, Tolerance = 1e-6;

    /// <summary>Checks a stream.</summary>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    public static void Check(LiveStream stream, string source)
    {
        if (source.Length > LongestName || source.Any(char.IsControl)) throw new ArgumentException($"'{source}': a source has at most {LongestName} characters, none of them a line end.", nameof(source));
        foreach (string name in (ReadOnlySpan<string>)[stream.Key, stream.OriginId])
            if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
                throw new ArgumentException($"'{name}': a key and an origin have 1 to {LongestName} characters, none of them a line end.", nameof(stream));
        foreach (double rate in stream.VariantMbps.Add(stream.BitrateMbps))
            if (!(rate > 0 && rate <= MostMbps)) throw new ArgumentException($"The rate {rate} must be above 0 and at most {MostMbps}.", nameof(stream));
        double sum = stream.VariantMbps.Sum();
        if (!stream.VariantMbps.IsEmpty && Math.Abs(sum - stream.BitrateMbps) > Tolerance * stream.BitrateMbps)
            throw new ArgumentException($"The variants sum to {sum}, not to the bitrate {stream.BitrateMbps}.", nameof(stream));
    }

    public static byte[] Write(LiveStream stream, string source)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("origin", stream.OriginId);
            json.WriteNumber("bitrate_mbps", stream.BitrateMbps);
            json.WriteStartArray("variants_mbps");
            foreach (double rate in stream.VariantMbps) json.WriteNumberValue(rate);
            json.WriteEndArray();
            if (stream.Expires is { } end) json.WriteString("expires", end.ToString("O", CultureInfo.InvariantCulture));
            if (source.Length > 0) json.WriteString("source", source);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stream; null with the reason where it is none.</summary>
    public static (LiveStream Stream, string Source)? Read(byte[] text, string key, List<string> faults)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            LiveStream stream = new(key, root.GetProperty("origin").GetString() ?? "", root.GetProperty("bitrate_mbps").GetDouble())
            {
                VariantMbps = [.. root.GetProperty("variants_mbps").EnumerateArray().Select(static r => r.GetDouble())],
                Expires = root.TryGetProperty("expires", out JsonElement end) ? end.GetDateTimeOffset() : null,
            };
            string source = root.TryGetProperty("source", out JsonElement who) ? who.GetString() ?? "" : "";
            Check(stream, source);
            return (stream, source);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            faults.Add($"stream '{key}': {e.Message}");
            return null;
        }
    }

    /// <summary>Puts a list together: streams of which the time is over are left out.</summary>
    public static StreamList List(long revision, IEnumerable<(string Field, byte[] Value)> entries, DateTimeOffset now)
    {
        List<string> faults = [];
        (LiveStream Stream, string Source)[] held =
        [
            .. entries.Select(e => Read(e.Value, e.Field, faults)).OfType<(LiveStream Stream, string Source)>()
                .Where(s => s.Stream.Expires is not { } end || end > now).OrderBy(static s => s.Stream.Key, StringComparer.Ordinal),
        ];
        return new(revision, [.. held.Select(static s => s.Stream)], [.. faults])
        {
            Sources = held.Where(static s => s.Source.Length > 0).ToImmutableSortedDictionary(static s => s.Stream.Key, static s => s.Source, StringComparer.Ordinal),
        };
    }
}
