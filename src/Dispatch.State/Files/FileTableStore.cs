using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Files;

/// <summary>Published tables as files. The newest is always kept, so its name tells the highest version.</summary>
internal sealed class FileTableStore(StateFiles files, FileLeaseStore lease, FileAnnouncements announcements, int kept, TimeProvider time) : ITableStore
{
    private const string Confirmed = "confirmed";

    private readonly TableFolder _folder = new(files.Folder, kept);

    /// <inheritdoc/>
    public Task<FencedWrite> PutAsync(EncodedTable table, FencingToken token, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        if (!lease.Holds(token)) return FencedWrite.StaleToken;
        if (_folder.List() is [StoredTable newest, ..] && newest.Version >= table.Version) return FencedWrite.NotNewer;
        _folder.Save(table);
        announcements.Announce(Topic.Tables, table.Version.ToString());
        return FencedWrite.Stored;
    }, cancellation);

    /// <inheritdoc/>
    public Task<TableVersion> HighestAsync(CancellationToken cancellation) =>
        Task.FromResult(StateFiles.Try(() => _folder.List() is [StoredTable newest, ..] ? newest.Version : TableVersion.None));

    /// <inheritdoc/>
    public Task<FencedWrite> ConfirmAsync(TableVersion version, FencingToken token, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        if (!lease.Holds(token)) return FencedWrite.StaleToken;
        if (_folder.List() is not [StoredTable newest, ..] || newest.Version != version) return FencedWrite.NotNewer;
        files.Write(Confirmed, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{VersionText.Of(version)} {time.GetUtcNow().UtcTicks}")));
        return FencedWrite.Stored;
    }, cancellation);

    /// <inheritdoc/>
    public async Task<TablesStanding> StandingAsync(CancellationToken cancellation)
    {
        TableVersion highest = await HighestAsync(cancellation).ConfigureAwait(false);
        string[] parts = Encoding.UTF8.GetString(files.Read(Confirmed) ?? []).Split(' ');
        bool isKnown = VersionText.TryRead(parts[0], out TableVersion confirmed) & long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long at);
        TimeSpan ago = new(Math.Max(0, time.GetUtcNow().UtcTicks - at));
        return isKnown ? new(highest, confirmed, ago, lease.Holder()) : new(highest, TableVersion.None, TimeSpan.Zero, lease.Holder());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTable>> ListAsync(CancellationToken cancellation) => Task.FromResult(StateFiles.Try(_folder.List));

    /// <inheritdoc/>
    public Task<TableFetch> FetchAsync(TableVersion version, CancellationToken cancellation) => Task.FromResult(_folder.Fetch(version));
}
