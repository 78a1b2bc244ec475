using System.Collections.Immutable;
using System.Security.Cryptography;
using TrafficDispatch.State.Facts;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Files;

/// <summary>Starting bases as files: snapshot, basis and a SHA-256 of both.</summary>
internal sealed class FileBasisArchive(StateFiles files, FileLeaseStore lease, int kept) : IBasisArchive
{
    private const string Prefix = "basis-", Suffix = ".bin";

    /// <inheritdoc/>
    public Task<FencedWrite> SaveAsync(ArchivedBasis basis, FencingToken token, CancellationToken cancellation)
    {
        BasisRules.Check(basis);
        byte[] body = RowWriter.Build(r =>
        {
            r.Text(basis.Snapshot);
            r.Int(basis.Basis.Length);
            r.Bytes(basis.Basis.Span);
        });
        return files.AloneAsync(() =>
        {
            if (!lease.Holds(token)) return FencedWrite.StaleToken;
            if (List() is [TableVersion newest, ..] && newest >= basis.Table) return FencedWrite.NotNewer;
            files.Write(NameOf(basis.Table), [.. SHA256.HashData(body), .. body]);
            foreach (TableVersion old in List().Skip(kept)) File.Delete(files.PathOf(NameOf(old)));
            return FencedWrite.Stored;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<BasisReading> LatestAsync(CancellationToken cancellation)
    {
        if (StateFiles.Try(List) is not [TableVersion newest, ..] || files.Read(NameOf(newest)) is not { } bytes) return Task.FromResult(new BasisReading(null, []));
        return Task.FromResult(Read(newest, bytes));
    }

    private static BasisReading Read(TableVersion version, byte[] bytes)
    {
        byte[] body = bytes.Length > SHA256.HashSizeInBytes ? bytes[SHA256.HashSizeInBytes..] : [];
        if (body.Length == 0 || !bytes.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(body)))
            return new(null, [$"basis of table {version}: does not have its checksum"]);
        using RowReader row = new(body);
        string snapshot = row.Text();
        return new(new(version, snapshot, row.Bytes(row.Int())), []);
    }

    private static string NameOf(TableVersion version) => Prefix + VersionText.Of(version) + Suffix;

    private ImmutableArray<TableVersion> List()
    {
        List<TableVersion> found = [];
        foreach (string path in Directory.EnumerateFiles(files.Folder, Prefix + "*" + Suffix))
            if (VersionText.TryRead(Path.GetFileName(path)[Prefix.Length..^Suffix.Length], out TableVersion version)) found.Add(version);
        return [.. found.OrderByDescending(static v => v)];
    }
}
