using System.Collections.Immutable;

namespace TrafficDispatch.State;

/// <summary>
/// What people changed, a line of JSON each, where processes share a store. In a folder there is nothing to share: the process's own file is all there is.
/// Thread-safe.
/// </summary>
public interface IChangeLog
{
    /// <summary>Most lines that are kept; beyond, the oldest leave.</summary>
    const int Kept = 10_000;

    /// <summary>Adds a line.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task AppendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation);

    /// <summary>The latest lines, newest first.</summary>
    /// <param name="most">How many, at least 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The lines; null where lines are not shared.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<ImmutableArray<byte[]>?> LatestAsync(int most, CancellationToken cancellation);
}

/// <summary>No shared log.</summary>
internal sealed class NoChangeLog : IChangeLog
{
    /// <inheritdoc/>
    public Task AppendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ImmutableArray<byte[]>?> LatestAsync(int most, CancellationToken cancellation) => Task.FromResult<ImmutableArray<byte[]>?>(null);
}
