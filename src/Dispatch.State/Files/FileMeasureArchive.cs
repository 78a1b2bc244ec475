using System.Security.Cryptography;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Files;

/// <summary>The lasting measures as <c>measures.bin</c>, and those before them as <c>measures.bin.last</c>: note, book and a SHA-256 of both.</summary>
internal sealed class FileMeasureArchive(StateFiles files, FileLeaseStore lease) : IMeasureArchive
{
    private const string Name = "measures.bin", Last = Name + ".last";

    /// <inheritdoc/>
    public Task<FencedWrite> SaveAsync(KeptMeasures measures, FencingToken token, CancellationToken cancellation)
    {
        MeasureRules.Check(measures);
        byte[] body = RowWriter.Build(r =>
        {
            r.Text(measures.Note);
            r.Int(measures.Book.Length);
            r.Bytes(measures.Book.Span);
        });
        return files.AloneAsync(() =>
        {
            if (!lease.Holds(token)) return FencedWrite.StaleToken;
            // The copy is only taken of what can be read: damaged measures must not push out the last good ones.
            if (files.Read(Name) is { } before && Read(before) is not null) files.Write(Last, before);
            files.Write(Name, [.. SHA256.HashData(body), .. body]);
            return FencedWrite.Stored;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<MeasuresReading> LatestAsync(CancellationToken cancellation)
    {
        List<string> faults = [];
        foreach (string name in (string[])[Name, Last])
        {
            if (files.Read(name) is not { } bytes) continue;
            if (Read(bytes) is { } measures) return Task.FromResult(new MeasuresReading(measures, [.. faults]));
            faults.Add($"{name}: does not have its checksum");
        }
        return Task.FromResult(new MeasuresReading(null, [.. faults]));
    }

    private static KeptMeasures? Read(byte[] bytes)
    {
        byte[] body = bytes.Length > SHA256.HashSizeInBytes ? bytes[SHA256.HashSizeInBytes..] : [];
        if (body.Length == 0 || !bytes.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(body))) return null;
        using RowReader row = new(body);
        return new(row.Text(), row.Bytes(row.Int()));
    }
}
