using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.State;

/// <summary>Where the solve of a table ended, and the next one starts: with the next table's snapshot it gives that table again.</summary>
/// <param name="Table">The table that the solve made.</param>
/// <param name="Snapshot">Names the snapshot, for instance by the world's version and the hour. 1 to 500 characters.</param>
/// <param name="Basis">The starting point as <c>StartingPoint.Write</c> gives it; opaque here.</param>
public sealed record ArchivedBasis(TableVersion Table, string Snapshot, ReadOnlyMemory<byte> Basis);

/// <summary>What came of reading an archived basis.</summary>
/// <param name="Found">The basis; null where there is none or it is damaged.</param>
/// <param name="Faults">What is wrong with it, a line each.</param>
public sealed record BasisReading(ArchivedBasis? Found, ImmutableArray<string> Faults);

/// <summary>Starting bases of the last solves. A lost one costs time, never correctness. Thread-safe.</summary>
public interface IBasisArchive
{
    /// <summary>Archives a basis; the newest few are kept.</summary>
    /// <returns>Whether it was stored; <see cref="FencedWrite.NotNewer"/> where one of that table or a newer one is there.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FencedWrite> SaveAsync(ArchivedBasis basis, FencingToken token, CancellationToken cancellation);

    /// <summary>The basis of the newest table.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<BasisReading> LatestAsync(CancellationToken cancellation);
}
