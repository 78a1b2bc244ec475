using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>
/// Keeps a world on a medium. A writer puts its tables under a generation of its own, where nobody looks, and then in one step has the medium
/// check that all are there and set the stamp that names them. A reader takes the stamp and holds each table against the checksum in it,
/// so it gets exactly what that stamp names, or knows that it did not. Thread-safe.
/// </summary>
internal sealed class WorldStore(IWorldMedium medium, TimeProvider time) : IWorldStore
{
    private const int Attempts = 5;

    /// <summary>Called before each step of a write; tests end the writer there.</summary>
    public Action? BeforeStep { get; init; }

    /// <inheritdoc/>
    public async Task<WorldStamp?> StampAsync(CancellationToken cancellation)
    {
        if (await medium.StampAsync(cancellation).ConfigureAwait(false) is not { } text) return null;
        try
        {
            return StampText.Read(text);
        }
        catch (InvalidDataException e)
        {
            throw new StoreUnavailableException(StoreTrouble.Failed, $"The world in the store: {e.Message}. Load the world again.", e);
        }
    }

    /// <inheritdoc/>
    public async Task<WorldReading> ReadAsync(CancellationToken cancellation)
    {
        WorldStamp? stamp = await StampAsync(cancellation).ConfigureAwait(false);
        for (int attempt = 1; stamp is not null; attempt++)
        {
            WorldReading reading = await FactsReading.RunAsync(stamp, medium.ReadAsync, cancellation).ConfigureAwait(false);
            if (reading.World is not null || attempt == Attempts) return reading;
            // A table that is gone or altered is a fault only while its stamp still holds: a newer world may have taken its place meanwhile.
            WorldStamp? after = await StampAsync(cancellation).ConfigureAwait(false);
            if (stamp.IsSameAs(after)) return reading;
            stamp = after;
        }
        return new(null, null, []);
    }

    /// <inheritdoc/>
    public async Task<WorldWriting> WriteAsync(World world, long? basis, CancellationToken cancellation)
    {
        ImmutableArray<StateFault> faults = FactsCheck.Run(world.Facts);
        if (!faults.IsEmpty) return new(null, "the world breaks rules", faults, 0);
        BeforeStep?.Invoke();
        WorldStamp? held = await HeldAsync(cancellation).ConfigureAwait(false);
        (PublishOutcome outcome, WorldWriting written) = await TryWriteAsync(world, held, basis, cancellation).ConfigureAwait(false);
        // A table that was to be taken over may have been evicted, or have gone with a newer world: then everything is sent.
        if (outcome == PublishOutcome.Missing) (_, written) = await TryWriteAsync(world, null, basis, cancellation).ConfigureAwait(false);
        return written;
    }

    private async Task<(PublishOutcome Outcome, WorldWriting Written)> TryWriteAsync(World world, WorldStamp? held, long? basis, CancellationToken cancellation)
    {
        BeforeStep?.Invoke();
        long generation = await medium.NextGenerationAsync(cancellation).ConfigureAwait(false);
        ImmutableArray<TableStamp>.Builder tables = ImmutableArray.CreateBuilder<TableStamp>();
        long moved = 0;
        foreach (FactsTable table in FactsTables.All)
        {
            if (table.RowsOf(world.Facts) is not { } rows) continue;
            TableStamp made = Digest(table, world.Facts, rows, generation);
            TableStamp? same = held?.Tables.FirstOrDefault(t => t.Name == made.Name && t.Checksum == made.Checksum && t.Rows == rows);
            tables.Add(same ?? made);
            if (same is null) moved += await medium.WriteAsync(generation, table.Name, rows, r => table.Row(world.Facts, r), cancellation).ConfigureAwait(false);
        }
        WorldStamp stamp = new(generation, world.Version, time.GetUtcNow(), tables.ToImmutable());
        BeforeStep?.Invoke();
        (PublishOutcome outcome, string detail) = await medium.PublishAsync(stamp, basis, cancellation).ConfigureAwait(false);
        return (outcome, Written(outcome, detail, stamp, basis, moved));
    }

    private static WorldWriting Written(PublishOutcome outcome, string detail, WorldStamp stamp, long? basis, long moved) => outcome switch
    {
        PublishOutcome.Stored => new(stamp, "", [], moved),
        PublishOutcome.Changed => new(null, $"the world in force is generation {detail}, not {basis} that this one was changed from", [], moved),
        PublishOutcome.Newer => new(null, $"a newer world came between: generation {detail} is in force, this is {stamp.Generation}", [], moved),
        _ => new(null, $"{detail} is not in the store any more: was it evicted?", [], moved),
    };

    /// <summary>The stamp to take tables over from; one that cannot be read is as none, since the write replaces it.</summary>
    private async Task<WorldStamp?> HeldAsync(CancellationToken cancellation)
    {
        if (await medium.StampAsync(cancellation).ConfigureAwait(false) is not { } text) return null;
        try
        {
            return StampText.Read(text);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static TableStamp Digest(FactsTable table, WorldFacts facts, int rows, long generation)
    {
        using RowsDigest digest = new();
        for (int r = 0; r < rows; r++) digest.Add(table.Row(facts, r));
        return new(table.Name, generation, rows, digest.Bytes, digest.Finish());
    }
}
