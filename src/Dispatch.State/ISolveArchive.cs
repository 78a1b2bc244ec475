using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.State;

/// <summary>What a solve read and where it ended, filed under the table that was made from it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Snapshot">What the solve read, without prefixes, which no solve reads; null where it is no longer there.</param>
/// <param name="Start">Where the next solve starts, as <c>StartingPoint.Write</c> gives it; opaque here.</param>
public sealed record ArchivedSolve(TableVersion Table, Snapshot? Snapshot, ReadOnlyMemory<byte> Start);

/// <summary>What came of reading an archived solve.</summary>
/// <param name="Found">The solve; null where there is none or it is damaged.</param>
/// <param name="Faults">What is wrong with it or with its snapshot, a line each.</param>
public sealed record SolveReading(ArchivedSolve? Found, ImmutableArray<string> Faults);

/// <summary>
/// The solve behind the newest table: whoever leads next starts where it ended and holds its own input against what it read. A lost one costs
/// time and the comparison, never correctness. Thread-safe.
/// </summary>
public interface ISolveArchive
{
    /// <summary>Archives a solve: its snapshot, of which tables that have not changed stay where they are, then what names it.</summary>
    /// <returns>Whether it was stored; <see cref="FencedWrite.NotNewer"/> where one of that table or a newer one is there.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FencedWrite> SaveAsync(ArchivedSolve solve, FencingToken token, CancellationToken cancellation);

    /// <summary>The solve of the newest table.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<SolveReading> LatestAsync(CancellationToken cancellation);
}
