using System.Collections.Frozen;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Serving;

/// <summary>
/// The streams registered at run time as this process knows them now, ahead of the next table: a stream is routed to its origin from the moment it is
/// registered on, and not only once a solve has planned it. Asking takes no lock and allocates nothing. Thread-safe.
/// </summary>
internal sealed class StreamDirectory
{
    private static readonly FrozenDictionary<string, LiveStream> Empty = new Dictionary<string, LiveStream>(StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);

    private FrozenDictionary<string, LiveStream> _streams = Empty;

    /// <summary>How many there are; expired ones that were not left out yet among them.</summary>
    public int Count => Volatile.Read(ref _streams).Count;

    /// <summary>The stream of a key, unless its time is over; null where none is registered.</summary>
    public LiveStream? Find(string key, DateTimeOffset now) =>
        Volatile.Read(ref _streams).TryGetValue(key, out LiveStream? stream) && (stream.Expires is not { } end || end > now) ? stream : null;

    /// <summary>Takes the registry as it is now. O(streams).</summary>
    public void Note(IReadOnlyCollection<LiveStream> streams) =>
        Volatile.Write(ref _streams, streams.Count == 0 ? Empty : streams.ToFrozenDictionary(static s => s.Key, StringComparer.Ordinal));
}
