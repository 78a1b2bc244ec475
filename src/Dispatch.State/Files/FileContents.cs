using System.Collections.Immutable;
using System.Security.Cryptography;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Files;

/// <summary>Contents as files: a SHA-256, then the content.</summary>
/// <param name="files">The folder.</param>
/// <param name="lease">Whose holder may write.</param>
/// <param name="name">What the files' names begin with.</param>
/// <param name="kept">How many stay, at least 1.</param>
internal sealed class FileContents(StateFiles files, FileLeaseStore lease, string name, int kept) : IContents
{
    private const string Suffix = ".bin";

    /// <inheritdoc/>
    public Task<FencedWrite> PutAsync(TableVersion version, ReadOnlyMemory<byte> content, FencingToken token, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        if (!lease.Holds(token)) return FencedWrite.StaleToken;
        if (List() is [TableVersion newest, ..] && newest >= version) return FencedWrite.NotNewer;
        files.Write(NameOf(version), [.. SHA256.HashData(content.Span), .. content.Span]);
        foreach (TableVersion old in List().Skip(kept)) File.Delete(files.PathOf(NameOf(old)));
        return FencedWrite.Stored;
    }, cancellation);

    /// <inheritdoc/>
    public Task<(TableVersion Version, byte[]? Content, string Fault)?> NewestAsync(CancellationToken cancellation) => Task.FromResult(Newest());

    private (TableVersion Version, byte[]? Content, string Fault)? Newest()
    {
        if (StateFiles.Try(List) is not [TableVersion newest, ..] || files.Read(NameOf(newest)) is not { } bytes) return null;
        byte[] content = bytes.Length >= SHA256.HashSizeInBytes ? bytes[SHA256.HashSizeInBytes..] : [];
        bool isWhole = bytes.AsSpan(0, Math.Min(bytes.Length, SHA256.HashSizeInBytes)).SequenceEqual(SHA256.HashData(content));
        return isWhole ? (newest, content, "") : (newest, null, "does not have its checksum");
    }

    private string NameOf(TableVersion version) => $"{name}-{VersionText.Of(version)}{Suffix}";

    private ImmutableArray<TableVersion> List()
    {
        List<TableVersion> found = [];
        foreach (string path in Directory.EnumerateFiles(files.Folder, name + "-*" + Suffix))
            if (VersionText.TryRead(Path.GetFileName(path)[(name.Length + 1)..^Suffix.Length], out TableVersion version)) found.Add(version);
        return [.. found.OrderByDescending(static v => v)];
    }
}
