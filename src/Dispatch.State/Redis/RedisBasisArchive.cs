using System.Collections.Immutable;

namespace TrafficDispatch.State.Redis;

/// <summary>Starting bases in Redis.</summary>
internal sealed class RedisBasisArchive(RedisArchive archive) : IBasisArchive
{
    /// <inheritdoc/>
    public Task<FencedWrite> SaveAsync(ArchivedBasis basis, FencingToken token, CancellationToken cancellation)
    {
        BasisRules.Check(basis);
        return archive.PutAsync(basis.Table, basis.Basis, basis.Snapshot, token, cancellation);
    }

    /// <inheritdoc/>
    public async Task<BasisReading> LatestAsync(CancellationToken cancellation)
    {
        ImmutableArray<ArchiveEntry> entries = await archive.ListAsync(cancellation).ConfigureAwait(false);
        if (entries is not [ArchiveEntry newest, ..]) return new(null, []);
        (byte[]? content, string fault) = await archive.FetchAsync(newest, cancellation).ConfigureAwait(false);
        return content is null ? new(null, [$"basis of table {newest.Version}: {fault}"]) : new(new(newest.Version, newest.Note, content), []);
    }
}
