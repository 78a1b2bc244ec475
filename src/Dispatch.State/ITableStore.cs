using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.State;

/// <summary>A table that a store holds.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Bytes">Its length.</param>
public sealed record StoredTable(TableVersion Version, long Bytes);

/// <summary>How the published tables stand, cheap enough to poll.</summary>
/// <param name="Highest">The highest version ever published; <see cref="TableVersion.None"/> where there is none or the store lost it.</param>
/// <param name="Confirmed">The version that a leader last held to be right; <see cref="TableVersion.None"/> where none did.</param>
/// <param name="ConfirmedAgo">How long ago that was, by the store's clock, at least 0.</param>
/// <param name="Leader">Who holds the lease on solving; empty where nobody does.</param>
public sealed record TablesStanding(TableVersion Highest, TableVersion Confirmed, TimeSpan ConfirmedAgo, string Leader);

/// <summary>What came of fetching a table.</summary>
/// <param name="Table">Its bytes, as they were put; null where they cannot be had.</param>
/// <param name="Fault">Why not; empty otherwise.</param>
public sealed record TableFetch(EncodedTable? Table, string Fault);

/// <summary>The last few published tables. A table is there wholly or not at all. Thread-safe.</summary>
public interface ITableStore
{
    /// <summary>Publishes a table: stores it, makes it the newest, and announces it on <see cref="Topic.Tables"/>.</summary>
    /// <param name="table">The table.</param>
    /// <param name="token">The leader's token.</param>
    /// <param name="cancellation">Gives up; where the last step was not reached nothing is published.</param>
    /// <returns>Whether it was stored; refused where the version is not above every version that the store has seen.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer. Ask <see cref="HighestAsync"/> what holds.</exception>
    Task<FencedWrite> PutAsync(EncodedTable table, FencingToken token, CancellationToken cancellation);

    /// <summary>The highest version ever published here; <see cref="TableVersion.None"/> where there is none or the store lost it.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<TableVersion> HighestAsync(CancellationToken cancellation);

    /// <summary>
    /// True where the store runs since after it was last written to, so that it may have forgotten the latest versions: it may have come back with
    /// an older file, or be a replica that had not heard of them. It then takes a version of a new epoch only.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> MayHaveForgottenAsync(CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>Notes that the leader holds a table to be right now: it published it, or a solve gave the same content again.</summary>
    /// <returns>Whether it was noted; <see cref="FencedWrite.NotNewer"/> where it is not the highest version here: the store has forgotten it.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FencedWrite> ConfirmAsync(TableVersion version, FencingToken token, CancellationToken cancellation);

    /// <summary>How the tables stand, of one moment.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer, or holds a schema that this build does not know.</exception>
    Task<TablesStanding> StandingAsync(CancellationToken cancellation);

    /// <summary>The tables that are kept, newest first.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<ImmutableArray<StoredTable>> ListAsync(CancellationToken cancellation);

    /// <summary>Fetches the bytes of one table. Reading them is left to the caller, who knows on which thread there is time for it.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<TableFetch> FetchAsync(TableVersion version, CancellationToken cancellation);
}
