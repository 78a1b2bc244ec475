using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace TrafficDispatch.State;

/// <summary>The freeze as the one entry of its topic.</summary>
internal sealed class FreezeStore(IEntries entries) : IFreezeStore
{
    private const string Field = "freeze";
    private const int LongestBy = 200, LongestReason = 1000;

    /// <inheritdoc/>
    public Task<long> PutAsync(PublishFreeze freeze, CancellationToken cancellation)
    {
        Check(freeze);
        return entries.PutAsync(Field, Write(freeze), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(CancellationToken cancellation) => entries.RemoveAsync(Field, cancellation);

    /// <inheritdoc/>
    public async Task<FreezeReading> ReadAsync(CancellationToken cancellation)
    {
        (long revision, ImmutableArray<(string Field, byte[] Value)> held) = await entries.ListAsync(cancellation).ConfigureAwait(false);
        foreach ((string field, byte[] value) in held)
            if (field == Field) return Read(value, revision);
        return new(revision, null, "");
    }

    private static void Check(PublishFreeze freeze)
    {
        if (freeze.By.Length is 0 or > LongestBy || freeze.By.Any(char.IsControl)) throw new ArgumentException($"Whoever freezes has a name of 1 to {LongestBy} characters on one line.", nameof(freeze));
        if (freeze.Reason.Length > LongestReason) throw new ArgumentException($"A reason has at most {LongestReason} characters.", nameof(freeze));
    }

    private static byte[] Write(PublishFreeze freeze)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("by", freeze.By);
            json.WriteString("reason", freeze.Reason);
            json.WriteString("set_at", freeze.SetAt.ToString("O", CultureInfo.InvariantCulture));
            if (freeze.Until is { } until) json.WriteString("until", until.ToString("O", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static FreezeReading Read(byte[] text, long revision)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            PublishFreeze freeze = new(
                root.GetProperty("by").GetString() ?? "", root.GetProperty("reason").GetString() ?? "", root.GetProperty("set_at").GetDateTimeOffset(),
                root.TryGetProperty("until", out JsonElement until) ? until.GetDateTimeOffset() : null);
            Check(freeze);
            return new(revision, freeze, "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return new(revision, null, $"the freeze cannot be read: {e.Message}");
        }
    }
}
