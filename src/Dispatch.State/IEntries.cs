using System.Collections.Immutable;

namespace TrafficDispatch.State;

/// <summary>Small entries that anyone may put and take; each change counts up a topic's revision and is announced.</summary>
internal interface IEntries
{
    /// <summary>Puts an entry.</summary>
    /// <returns>The new revision.</returns>
    Task<long> PutAsync(string field, byte[] value, CancellationToken cancellation);

    /// <summary>Puts an entry that the store has lost, unless there is one by now or it was taken out since.</summary>
    /// <returns>False where nothing was put.</returns>
    Task<bool> GiveBackAsync(string field, byte[] value, CancellationToken cancellation);

    /// <summary>Takes an entry out.</summary>
    /// <returns>False where there is none.</returns>
    Task<bool> RemoveAsync(string field, CancellationToken cancellation);

    /// <summary>All entries and the revision, of one moment.</summary>
    Task<(long Revision, ImmutableArray<(string Field, byte[] Value)> Entries)> ListAsync(CancellationToken cancellation);
}
