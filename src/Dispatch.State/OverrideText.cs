using System.Buffers;
using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>Overrides of health as JSON, and the rules that they keep.</summary>
internal static class OverrideText
{
    private const int LongestName = 200, LongestReason = 1000;

    /// <summary>Names the target and the source: what a source says of a target replaces what it said before.</summary>
    public static string Field(HealthScope scope, string id, string source) => $"{scope.ToString().ToLowerInvariant()}|{id}|{source}";

    /// <summary>Checks an override.</summary>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    public static void Check(HealthOverride entry)
    {
        HealthStatement said = entry.Statement;
        foreach (string name in (ReadOnlySpan<string>)[said.Id, entry.Source])
            if (name.Length is 0 or > LongestName || name.Any(static c => char.IsControl(c) || c == '|'))
                throw new ArgumentException($"'{name}': an id and a source have 1 to {LongestName} characters, none of them a line end or a bar.", nameof(entry));
        if (entry.Reason.Length > LongestReason) throw new ArgumentException($"A reason has at most {LongestReason} characters.", nameof(entry));
        if (!(said.Factor >= 0 && said.Factor <= 1)) throw new ArgumentException($"The factor {said.Factor} must be from 0 to 1.", nameof(entry));
        if (!Enum.IsDefined(said.Scope) || !Enum.IsDefined(said.State)) throw new ArgumentException("The scope and the state must be known ones.", nameof(entry));
    }

    public static byte[] Write(HealthOverride entry)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("scope", entry.Statement.Scope.ToString());
            json.WriteString("id", entry.Statement.Id);
            json.WriteString("state", entry.Statement.State.ToString());
            json.WriteNumber("factor", entry.Statement.Factor);
            json.WriteString("source", entry.Source);
            json.WriteString("reason", entry.Reason);
            json.WriteString("set_at", entry.SetAt.ToString("O", CultureInfo.InvariantCulture));
            if (entry.Until is { } until) json.WriteString("until", until.ToString("O", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads an override; null with the reason where it is none.</summary>
    public static HealthOverride? Read(byte[] text, string field, List<string> faults)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            HealthStatement said = new(
                Enum.Parse<HealthScope>(Text(root, "scope")), Text(root, "id"), Enum.Parse<HealthState>(Text(root, "state")), root.GetProperty("factor").GetDouble());
            HealthOverride entry = new(
                said, Text(root, "source"), Text(root, "reason"), root.GetProperty("set_at").GetDateTimeOffset(),
                root.TryGetProperty("until", out JsonElement until) ? until.GetDateTimeOffset() : null);
            Check(entry);
            if (Field(said.Scope, said.Id, entry.Source) == field) return entry;
            faults.Add($"override '{field}': speaks of '{Field(said.Scope, said.Id, entry.Source)}'");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            faults.Add($"override '{field}': {e.Message}");
        }
        return null;
    }

    /// <summary>Puts a list together: entries of which the time is over are left out.</summary>
    public static OverrideList List(long revision, IEnumerable<(string Field, byte[] Value)> entries, DateTimeOffset now)
    {
        List<string> faults = [], damaged = [];
        List<HealthOverride> held = [];
        foreach ((string field, byte[] value) in entries)
        {
            if (Read(value, field, faults) is not { } entry) damaged.Add(field);
            else if (entry.HoldsAt(now)) held.Add(entry);
        }
        IEnumerable<HealthOverride> ordered = held.OrderBy(static o => o.Statement.Scope)
            .ThenBy(static o => o.Statement.Id, StringComparer.Ordinal).ThenBy(static o => o.Source, StringComparer.Ordinal);
        return new(revision, [.. ordered], [.. faults]) { Damaged = [.. damaged] };
    }

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");
}
