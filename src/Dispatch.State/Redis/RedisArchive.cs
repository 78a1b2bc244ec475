using System.Collections.Immutable;
using System.Globalization;
using StackExchange.Redis;
using TrafficDispatch.State.Facts;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Redis;

/// <summary>What an archive lists.</summary>
/// <param name="Version">The version that it is filed under.</param>
/// <param name="Token">Number of the token that wrote it, a part of its key: a stale leader never writes into another's content.</param>
/// <param name="Rows">Rows of the content.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Checksum">SHA-256 over its rows.</param>
/// <param name="Note">What else is to be known of it.</param>
internal sealed record ArchiveEntry(TableVersion Version, long Token, int Rows, long Bytes, string Checksum, string Note);

/// <summary>
/// Large contents filed by version, of which the newest few are kept: first the rows as a draft, then one step that holds the token and the
/// version against what is there, lists the content and announces it.
/// </summary>
internal sealed class RedisArchive(RedisConnection connection, string name, int kept, bool announces) : IContents
{
    private const int RowBytes = 512 << 10;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Called before each step of a write; tests end the writer there.</summary>
    public Action? BeforeStep { get; init; }

    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public Task<FencedWrite> PutAsync(TableVersion version, ReadOnlyMemory<byte> content, FencingToken token, CancellationToken cancellation) =>
        PutAsync(version, content, "", token, cancellation);

    /// <summary>Files a content with a note of at most a few hundred characters.</summary>
    public async Task<FencedWrite> PutAsync(TableVersion version, ReadOnlyMemory<byte> content, string note, FencingToken token, CancellationToken cancellation)
    {
        BeforeStep?.Invoke();
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        int rows = (content.Length + RowBytes - 1) / RowBytes;
        using RowsDigest digest = new();
        for (int r = 0; r < rows; r++) digest.Add(RowOf(content, r).Span);
        ArchiveEntry entry = new(version, token.Number, rows, content.Length, digest.Finish(), note);
        RedisRows sender = new(connection) { BeforeStep = BeforeStep };
        await sender.WriteAsync(Content(entry), rows, r => RowOf(content, r).ToArray(), cancellation).ConfigureAwait(false);
        BeforeStep?.Invoke();
        return await PublishAsync(entry, token, cancellation).ConfigureAwait(false);
    }

    /// <summary>The highest version that was ever listed.</summary>
    public async Task<TableVersion> HighestAsync(CancellationToken cancellation)
    {
        if (!await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false)) return TableVersion.None;
        string? text = await connection.CallAsync(db => db.StringGetAsync(Keys.ArchiveHighest(name)), cancellation).ConfigureAwait(false);
        return text is not null && VersionText.TryRead(text, out TableVersion version) ? version : TableVersion.None;
    }

    /// <summary>True where the server runs since after the highest version was written.</summary>
    public async Task<bool> MayHaveForgottenAsync(CancellationToken cancellation) =>
        (int)await connection.EvaluateAsync(RedisScripts.MayHaveForgotten, [Keys.ArchiveHighest(name), Keys.ArchiveRun(name)], [], cancellation).ConfigureAwait(false) == 1;

    /// <summary>What is kept, newest first.</summary>
    public async Task<ImmutableArray<ArchiveEntry>> ListAsync(CancellationToken cancellation)
    {
        if (!await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false)) return [];
        HashEntry[] listed = await connection.CallAsync(db => db.HashGetAllAsync(Keys.Archive(name)), cancellation).ConfigureAwait(false);
        return [.. listed.Select(static e => ReadEntry((string)e.Name!, (string)e.Value!)).OfType<ArchiveEntry>().OrderByDescending(static e => e.Version)];
    }

    /// <summary>Reads a content; null, and what is wrong, where it is not there wholly.</summary>
    public async Task<(byte[]? Content, string Fault)> FetchAsync(ArchiveEntry entry, CancellationToken cancellation)
    {
        using RowsDigest digest = new();
        using MemoryStream content = new();
        await foreach (byte[]? row in new RedisRows(connection).ReadAsync(Content(entry), entry.Rows, entry.Bytes, cancellation).ConfigureAwait(false))
        {
            if (row is null) return (null, $"row {digest.Rows} of {entry.Rows} is not there");
            digest.Add(row);
            if (digest.Bytes > entry.Bytes) return (null, "holds more bytes than are listed");
            content.Write(row);
        }
        return digest.Finish() == entry.Checksum ? (content.ToArray(), "") : (null, "does not have the checksum that is listed");
    }

    /// <inheritdoc/>
    public async Task<(TableVersion Version, byte[]? Content, string Fault)?> NewestAsync(CancellationToken cancellation)
    {
        if (await ListAsync(cancellation).ConfigureAwait(false) is not [ArchiveEntry newest, ..]) return null;
        (byte[]? content, string fault) = await FetchAsync(newest, cancellation).ConfigureAwait(false);
        return (newest.Version, content, fault);
    }

    private async Task<FencedWrite> PublishAsync(ArchiveEntry entry, FencingToken token, CancellationToken cancellation)
    {
        RedisKey[] keys = [Keys.Lease, Keys.Archive(name), Keys.ArchiveHighest(name), Content(entry), Keys.Announced, Keys.ArchiveRun(name)];
        RedisValue[] values =
        [
            token.Number, token.Holder, VersionText.Of(entry.Version), entry.Rows, WriteEntry(entry), kept, (long)Grace.TotalMilliseconds,
            Keys.ArchiveContents(name), announces ? Keys.Channel : "", entry.Version.ToString(),
        ];
        RedisResult answer = await connection.EvaluateAsync(RedisScripts.PublishArchived, keys, values, cancellation).ConfigureAwait(false);
        return (string)answer! switch
        {
            "stored" => FencedWrite.Stored,
            "notnewer" => FencedWrite.NotNewer,
            "0" => FencedWrite.StaleToken,
            _ => throw new StoreUnavailableException(StoreTrouble.Failed, $"Redis lost rows of {Content(entry)} before it was published: were they evicted?"),
        };
    }

    private RedisKey Content(ArchiveEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{Keys.ArchiveContents(name)}{VersionText.Of(entry.Version)}:{entry.Token}");

    private static ReadOnlyMemory<byte> RowOf(ReadOnlyMemory<byte> content, int row) =>
        content[(row * RowBytes)..Math.Min(content.Length, (row + 1) * RowBytes)];

    private static string WriteEntry(ArchiveEntry e) => string.Create(CultureInfo.InvariantCulture, $"{e.Token} {e.Rows} {e.Bytes} {e.Checksum} {e.Note}");

    private static ArchiveEntry? ReadEntry(string version, string text)
    {
        string[] parts = text.Split(' ', 5);
        bool isEntry = parts.Length == 5
            & VersionText.TryRead(version, out TableVersion filed)
            & long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long token)
            & int.TryParse(parts.ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            & long.TryParse(parts.ElementAtOrDefault(2), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes);
        return isEntry ? new(filed, token, rows, bytes, parts[3], parts[4]) : null;
    }
}
