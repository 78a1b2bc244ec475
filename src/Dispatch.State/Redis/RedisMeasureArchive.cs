using System.Collections.Immutable;

namespace TrafficDispatch.State.Redis;

/// <summary>The lasting measures in Redis: an archive whose versions only count.</summary>
internal sealed class RedisMeasureArchive(RedisArchive archive) : IMeasureArchive
{
    /// <inheritdoc/>
    public async Task<FencedWrite> SaveAsync(KeptMeasures measures, FencingToken token, CancellationToken cancellation)
    {
        MeasureRules.Check(measures);
        Table.TableVersion next = (await archive.HighestAsync(cancellation).ConfigureAwait(false)).Next();
        return await archive.PutAsync(next, measures.Book, measures.Note, token, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<MeasuresReading> LatestAsync(CancellationToken cancellation)
    {
        ImmutableArray<string> faults = [];
        foreach (ArchiveEntry entry in await archive.ListAsync(cancellation).ConfigureAwait(false))
        {
            (byte[]? content, string fault) = await archive.FetchAsync(entry, cancellation).ConfigureAwait(false);
            if (content is not null) return new(new(entry.Note, content), faults);
            faults = faults.Add($"measures {entry.Version}: {fault}");
        }
        return new(null, faults);
    }
}
