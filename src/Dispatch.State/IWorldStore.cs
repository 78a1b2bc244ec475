using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>Where a world is read from. Thread-safe.</summary>
public interface IWorldReader
{
    /// <summary>The stamp of the world in force, cheap enough to poll; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer, or holds a schema that this build does not know.</exception>
    Task<WorldStamp?> StampAsync(CancellationToken cancellation);

    /// <summary>Reads the world in force: one that was written wholly, never parts of two.</summary>
    /// <remarks>Memory beyond the world itself is bounded by a few batches of a few MB.</remarks>
    /// <exception cref="StoreUnavailableException">The store gives no answer, or holds a schema that this build does not know.</exception>
    Task<WorldReading> ReadAsync(CancellationToken cancellation);
}

/// <summary>Where a world is kept. Thread-safe; of writers at the same time the later generation stays.</summary>
public interface IWorldStore : IWorldReader
{
    /// <summary>
    /// Writes a world. Tables that have not changed since the generation in force stay where they are, so that a feed which changes one
    /// table moves that table only. Nobody reads any of it before all of it is there.
    /// </summary>
    /// <param name="world">The world; it is checked first, and refused with every fault.</param>
    /// <param name="basis">The generation that the world was changed from, to refuse the write where another came between; null to write whatever is there.</param>
    /// <param name="cancellation">Gives up; then the world before stays in force.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<WorldWriting> WriteAsync(World world, long? basis, CancellationToken cancellation);
}
