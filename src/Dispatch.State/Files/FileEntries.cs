using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace TrafficDispatch.State.Files;

/// <summary>Small entries in one JSON file, field by field; each change counts up the topic's revision and is announced.</summary>
internal sealed class FileEntries(StateFiles files, FileAnnouncements announcements, string name, Topic topic) : IEntries
{
    // Of what is taken out the newest are remembered.
    private const int MostTaken = 1000;

    private readonly string _takenName = name.Replace(".json", ".taken", StringComparison.Ordinal);

    /// <inheritdoc/>
    public Task<long> PutAsync(string field, byte[] value, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        List<string> taken = ReadTaken();
        if (taken.Remove(field)) WriteTaken(taken);
        SortedDictionary<string, byte[]> entries = Read();
        entries[field] = value;
        return Write(entries);
    }, cancellation);

    /// <inheritdoc/>
    public Task<bool> GiveBackAsync(string field, byte[] value, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        SortedDictionary<string, byte[]> entries = Read();
        return !ReadTaken().Contains(field) && entries.TryAdd(field, value) && Write(entries) > 0;
    }, cancellation);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string field, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        SortedDictionary<string, byte[]> entries = Read();
        if (!entries.Remove(field)) return false;
        WriteTaken([.. ReadTaken().Where(taken => taken != field), field]);
        return Write(entries) > 0;
    }, cancellation);

    /// <inheritdoc/>
    public Task<(long Revision, ImmutableArray<(string Field, byte[] Value)> Entries)> ListAsync(CancellationToken cancellation) => files.AloneAsync(
        () => (announcements.Last(topic).Sequence, Read().Select(static e => (e.Key, e.Value)).ToImmutableArray()), cancellation);

    private long Write(SortedDictionary<string, byte[]> entries)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            foreach ((string field, byte[] value) in entries)
            {
                json.WritePropertyName(field);
                json.WriteRawValue(value);
            }
            json.WriteEndObject();
        }
        files.Write(name, bytes.WrittenSpan);
        return announcements.Announce(topic, null);
    }

    // A field a line; a field holds no line break.
    private List<string> ReadTaken() => files.Read(_takenName) is { } text ? [.. Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries)] : [];

    private void WriteTaken(List<string> fields) => files.Write(_takenName, Encoding.UTF8.GetBytes(string.Join('\n', fields.TakeLast(MostTaken))));

    /// <exception cref="StoreUnavailableException">The file is damaged: what people and probers said must not silently be taken back.</exception>
    private SortedDictionary<string, byte[]> Read()
    {
        SortedDictionary<string, byte[]> entries = new(StringComparer.Ordinal);
        if (files.Read(name) is not { } text) return entries;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            foreach (JsonProperty entry in document.RootElement.EnumerateObject()) entries[entry.Name] = Encoding.UTF8.GetBytes(entry.Value.GetRawText());
            return entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new StoreUnavailableException(StoreTrouble.Failed, $"'{files.PathOf(name)}' is damaged: {e.Message} Correct or delete it.", e);
        }
    }
}
