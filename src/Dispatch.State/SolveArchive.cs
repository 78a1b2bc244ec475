using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State;

/// <summary>Solves in any store: the snapshot's facts as a world of their own, and a content that names them.</summary>
/// <param name="worlds">Where the facts lie, apart from the world in force.</param>
/// <param name="contents">The rest.</param>
internal sealed class SolveArchive(WorldStore worlds, IContents contents) : ISolveArchive
{
    /// <inheritdoc/>
    public async Task<FencedWrite> SaveAsync(ArchivedSolve solve, FencingToken token, CancellationToken cancellation)
    {
        WorldStamp? stamp = null;
        if (solve.Snapshot is { } snapshot)
        {
            // Not fenced: a writer that was overtaken here is refused below, and its facts are then named by nothing.
            WorldWriting written = await worlds.WriteAsync(new(snapshot.World.Facts with { Prefixes = [] }), null, cancellation).ConfigureAwait(false);
            stamp = written.Stamp;
        }
        return await contents.PutAsync(solve.Table, SolveText.Write(solve, stamp), token, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<SolveReading> LatestAsync(CancellationToken cancellation)
    {
        if (await contents.NewestAsync(cancellation).ConfigureAwait(false) is not { } newest) return new(null, []);
        string name = $"solve of table {newest.Version}";
        if (newest.Content is not { } bytes) return new(null, [$"{name}: {newest.Fault}"]);
        if (SolveText.Read(bytes) is not { } text) return new(null, [$"{name}: cannot be read, another build may have written it"]);
        ArchivedSolve found = new(newest.Version, null, text.Start);
        if (text.Stamp is not { } stamp) return new(found, []);
        WorldReading reading = await worlds.ReadAsync(cancellation).ConfigureAwait(false);
        if (!stamp.IsSameAs(reading.Stamp)) return new(found, [$"{name}: its snapshot is no longer there"]);
        if (reading.World is not { } world) return new(found, [.. reading.Faults.Select(fault => $"{name}: {fault}")]);
        return new(found with { Snapshot = text.SnapshotOf(world) }, []);
    }
}
