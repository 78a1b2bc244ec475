using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Sweeps;

/// <summary>The file of a sweep: a line that names the sweep, then a line of JSON for each case that is done, written as it is done.</summary>
/// <remarks>A last line that was cut short is dropped, and its case is run again. Used by one sweep at a time.</remarks>
/// <param name="path">The file; made where it is not there.</param>
public sealed class SweepJournal(string path)
{
    private const string Format = "dispatch-sweep-1";

    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Rows of an earlier run of the same sweep; begins the file where there was none.</summary>
    internal ImmutableArray<SweepRow> Open(string fingerprint)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length == 0)
            {
                File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{{\"format\":\"{Format}\",\"sweep\":\"{fingerprint}\"}}\n"));
                return [];
            }
            return Read(fingerprint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SweepJournalException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Writes a row behind the others.</summary>
    internal void Append(SweepRow row)
    {
        _line.Clear();
        using (Utf8JsonWriter json = new(_line)) SweepRowJson.Write(json, row);
        _line.Write("\n"u8);
        try
        {
            using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write(_line.WrittenSpan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SweepJournalException($"{path}: {e.Message}", e);
        }
    }

    private ImmutableArray<SweepRow> Read(string fingerprint)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        string[] lines = Encoding.UTF8.GetString(bytes, 0, end).Split('\n');
        string head = $"{{\"format\":\"{Format}\",\"sweep\":\"{fingerprint}\"}}";
        if (lines[0] != head)
        {
            throw new SweepJournalException(lines[0].StartsWith($"{{\"format\":\"{Format}\"", StringComparison.Ordinal)
                ? $"{path}:1: it belongs to another sweep: world, hour, demand, scenarios or program have changed since. Begin with a new file."
                : $"{path}:1: it is no journal of a sweep. Begin with a new file.");
        }
        // What was being written when the run ended comes again, on a line of its own.
        if (end < bytes.Length) using (FileStream file = new(path, FileMode.Open, FileAccess.Write)) file.SetLength(end);
        return [.. lines.Skip(1).SkipLast(1).Select((line, i) => SweepRowJson.Read(line) ?? throw new SweepJournalException($"{path}:{i + 2}: it is no row of a sweep. Begin with a new file."))];
    }
}

/// <summary>A sweep's journal cannot be used; the message names file, line and reason.</summary>
public sealed class SweepJournalException : Exception
{
    /// <inheritdoc/>
    public SweepJournalException()
    {
    }

    /// <inheritdoc/>
    public SweepJournalException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public SweepJournalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Rows as JSON: exact integers, units in the names.</summary>
internal static class SweepRowJson
{
    public static void Write(Utf8JsonWriter json, SweepRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        if (row.Figures is { } f)
        {
            foreach ((string name, Int128 value) in ((string, Int128)[])
                [("demand_mbps", f.Demand.Value), ("unserved_mbps", f.Unserved.Value), ("cost_micro_usd_per_hour", f.CostMicroUsdPerHour), ("mean_rtt_us", f.MeanRtt.Value),
                 ("p50_rtt_us", f.P50Rtt.Value), ("p95_rtt_us", f.P95Rtt.Value), ("p99_rtt_us", f.P99Rtt.Value), ("moved_mbps", row.Moved.Value), ("unserved_more_mbps", row.UnservedMore.Value)])
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value.ToString(CultureInfo.InvariantCulture));
            }
            json.WriteBoolean("absorbed", row.IsAbsorbed);
        }
        else
        {
            json.WriteStartArray("faults");
            foreach (string fault in row.Faults) json.WriteStringValue(fault);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    public static SweepRow? Read(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            string name = row.GetProperty("name").GetString() ?? "";
            if (row.TryGetProperty("faults", out JsonElement faults)) return new(name, null, Mbps.Zero, Mbps.Zero, false, [.. faults.EnumerateArray().Select(static f => f.GetString() ?? "")]);
            PlanFigures figures = new(
                new(Long("demand_mbps")), new(Long("unserved_mbps")), Int128.Parse(row.GetProperty("cost_micro_usd_per_hour").GetRawText(), CultureInfo.InvariantCulture),
                new(Long("mean_rtt_us")), new(Long("p50_rtt_us")), new(Long("p95_rtt_us")), new(Long("p99_rtt_us")));
            return new(name, figures, new(Long("moved_mbps")), new(Long("unserved_more_mbps")), row.GetProperty("absorbed").GetBoolean(), []);

            long Long(string key) => row.GetProperty(key).GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
