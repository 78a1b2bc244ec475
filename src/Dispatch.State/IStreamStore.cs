using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>The streams registered at run time, besides those of the world.</summary>
/// <param name="Revision">Grows with every change; 0 before the first.</param>
/// <param name="Streams">In order of their keys; those whose time is over are left out.</param>
/// <param name="Faults">Entries that cannot be read, a line each.</param>
public sealed record StreamList(long Revision, ImmutableArray<LiveStream> Streams, ImmutableArray<string> Faults)
{
    /// <summary>Who registered each stream, by key; streams of which nobody said so are left out.</summary>
    public ImmutableSortedDictionary<string, string> Sources { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>The registry of live streams. Thread-safe.</summary>
public interface IStreamStore
{
    /// <summary>Registers a stream, in place of one with the same key; announced on <see cref="Topic.Streams"/>.</summary>
    /// <returns>The new revision.</returns>
    /// <exception cref="ArgumentException">A part breaks its rule: key and origin 1 to 200 characters, rates finite and above 0, variants sum to the bitrate.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<long> PutAsync(LiveStream stream, CancellationToken cancellation) => PutAsync(stream, "", cancellation);

    /// <summary>Registers a stream as <see cref="PutAsync(LiveStream, CancellationToken)"/> does, and keeps who said so.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="source">Who says it, for instance <c>operator:ana</c> or <c>srs:og-1</c>; at most 200 characters, empty for nobody in particular.</param>
    /// <param name="cancellation">Gives up; it may still be registered.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<long> PutAsync(LiveStream stream, string source, CancellationToken cancellation);

    /// <summary>Takes a stream out.</summary>
    /// <returns>False where there is none with that key.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> RemoveAsync(string key, CancellationToken cancellation);

    /// <summary>The streams on air.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<StreamList> ListAsync(CancellationToken cancellation);
}
