using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>Overrides of health as entries.</summary>
internal sealed class OverrideStore(IEntries entries, TimeProvider time) : IOverrideStore
{
    /// <inheritdoc/>
    public Task<long> PutAsync(HealthOverride entry, CancellationToken cancellation)
    {
        OverrideText.Check(entry);
        return entries.PutAsync(OverrideText.Field(entry.Statement.Scope, entry.Statement.Id, entry.Source), OverrideText.Write(entry), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> GiveBackAsync(HealthOverride entry, CancellationToken cancellation) => entries.GiveBackAsync(entry.Name, OverrideText.Write(entry), cancellation);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(HealthScope scope, string id, string source, CancellationToken cancellation) =>
        entries.RemoveAsync(OverrideText.Field(scope, id, source), cancellation);

    /// <inheritdoc/>
    public async Task<OverrideList> ListAsync(CancellationToken cancellation)
    {
        var (revision, held) = await entries.ListAsync(cancellation).ConfigureAwait(false);
        return OverrideText.List(revision, held, time.GetUtcNow());
    }
}

/// <summary>Streams registered at run time, as entries.</summary>
internal sealed class StreamStore(IEntries entries, TimeProvider time) : IStreamStore
{
    /// <inheritdoc/>
    public Task<long> PutAsync(LiveStream stream, string source, CancellationToken cancellation)
    {
        StreamText.Check(stream, source);
        return entries.PutAsync(stream.Key, StreamText.Write(stream, source), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string key, CancellationToken cancellation) => entries.RemoveAsync(key, cancellation);

    /// <inheritdoc/>
    public async Task<StreamList> ListAsync(CancellationToken cancellation)
    {
        var (revision, held) = await entries.ListAsync(cancellation).ConfigureAwait(false);
        return StreamText.List(revision, held, time.GetUtcNow());
    }
}
