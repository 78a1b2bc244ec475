using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>The streams registered at run time, besides those of the world.</summary>
/// <param name="Revision">Grows with every change; 0 before the first.</param>
/// <param name="Streams">In order of their keys; those whose time is over are left out.</param>
/// <param name="Faults">Entries that cannot be read, a line each.</param>
public sealed record StreamList(long Revision, ImmutableArray<LiveStream> Streams, ImmutableArray<string> Faults);

/// <summary>The registry of live streams. Thread-safe.</summary>
public interface IStreamStore
{
    /// <summary>Registers a stream, in place of one with the same key; announced on <see cref="Topic.Streams"/>.</summary>
    /// <returns>The new revision.</returns>
    /// <exception cref="ArgumentException">A part breaks its rule: key and origin 1 to 200 characters, rates finite and above 0, variants sum to the bitrate.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<long> PutAsync(LiveStream stream, CancellationToken cancellation);

    /// <summary>Takes a stream out.</summary>
    /// <returns>False where there is none with that key.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> RemoveAsync(string key, CancellationToken cancellation);

    /// <summary>The streams on air.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<StreamList> ListAsync(CancellationToken cancellation);
}
