using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TrafficDispatch.State.Facts;

/// <summary>SHA-256 over rows in order, each after its length, so that no two divisions into rows look the same.</summary>
internal sealed class RowsDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    public void Add(ReadOnlySpan<byte> row)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, row.Length);
        _hash.AppendData(length);
        _hash.AppendData(row);
        Rows++;
        Bytes += row.Length;
    }

    /// <summary>The digest in lower-case hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
