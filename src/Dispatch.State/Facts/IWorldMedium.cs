namespace TrafficDispatch.State.Facts;

/// <summary>What came of the step that puts a world in force.</summary>
internal enum PublishOutcome
{
    /// <summary>It is in force.</summary>
    Stored,

    /// <summary>Another world than the expected one is in force.</summary>
    Changed,

    /// <summary>A newer generation is in force.</summary>
    Newer,

    /// <summary>A table that the stamp lists is not there.</summary>
    Missing,
}

/// <summary>Where the tables of a world lie: what differs between Redis and a folder.</summary>
internal interface IWorldMedium
{
    /// <summary>The stamp in force as text; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">There is no answer, or another schema.</exception>
    Task<byte[]?> StampAsync(CancellationToken cancellation);

    /// <summary>A generation above all before it, which nobody else has.</summary>
    Task<long> NextGenerationAsync(CancellationToken cancellation);

    /// <summary>Writes a table of a generation as a draft that nobody reads.</summary>
    Task<long> WriteAsync(long generation, string table, int rows, Func<int, byte[]> row, CancellationToken cancellation);

    /// <summary>Reads a table's rows in order; null for one that is not there.</summary>
    IAsyncEnumerable<byte[]?> ReadAsync(TableStamp table, CancellationToken cancellation);

    /// <summary>In one step: checks that every listed table is there, and puts the stamp in force.</summary>
    /// <returns>The outcome, with the generation in force or the missing table.</returns>
    Task<(PublishOutcome Outcome, string Detail)> PublishAsync(WorldStamp stamp, long? basis, CancellationToken cancellation);
}
