using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TrafficDispatch.Flow;

/// <summary>Where each arc of a network stands in an optimal basis: the start of the next solve, to keep and to load.</summary>
/// <remarks>
/// <para>Arcs that are in neither list rest at their lower bound. A basis says nothing about flows or prices: these follow from
/// the network it is loaded into, which may have other costs, bounds and supplies than the one it was saved from. Whatever does
/// not fit is repaired; a basis can cost pivots, never correctness.</para>
/// <para>The same network, basis and edits give the same flow, on any machine. Immutable.</para>
/// </remarks>
public sealed class FlowBasis
{
    private const uint Magic = 0x53424446; // "FDBS"
    private const int Version = 1;
    private const int HeaderBytes = 24;
    private const int HashBytes = 32;

    private readonly int[] _basic;
    private readonly int[] _atUpper;

    /// <summary>Creates a basis.</summary>
    /// <param name="nodeCount">Nodes of the network it belongs to.</param>
    /// <param name="arcCount">Arcs of that network.</param>
    /// <param name="basic">Arcs in the basis, strictly ascending.</param>
    /// <param name="atUpper">Arcs out of it that rest at their upper bound, strictly ascending.</param>
    /// <exception cref="ArgumentException">A list is not strictly ascending, or names an arc that is not there.</exception>
    public FlowBasis(int nodeCount, int arcCount, ReadOnlySpan<int> basic, ReadOnlySpan<int> atUpper)
    {
        Check(basic, arcCount, nameof(basic));
        Check(atUpper, arcCount, nameof(atUpper));
        (NodeCount, ArcCount, _basic, _atUpper) = (nodeCount, arcCount, basic.ToArray(), atUpper.ToArray());
    }

    /// <summary>Nodes of the network it was saved from.</summary>
    public int NodeCount { get; }

    /// <summary>Arcs of the network it was saved from.</summary>
    public int ArcCount { get; }

    /// <summary>Arcs in the basis, ascending.</summary>
    public ReadOnlySpan<int> Basic => _basic;

    /// <summary>Arcs out of the basis at their upper bound, ascending.</summary>
    public ReadOnlySpan<int> AtUpper => _atUpper;

    /// <summary>Writes the basis: 4 bytes an arc named, a header and a SHA-256 of all before it.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] bytes = new byte[HeaderBytes + 4 * (_basic.Length + _atUpper.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        int at = 4;
        foreach (int field in (ReadOnlySpan<int>)[Version, NodeCount, ArcCount, _basic.Length, _atUpper.Length, .. _basic, .. _atUpper])
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), field);
            at += 4;
        }

        stream.Write(bytes);
        stream.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream is cut short, altered, of another kind or version.</exception>
    public static FlowBasis Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = new byte[HeaderBytes];
        Fill(stream, header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic) throw new InvalidDataException("basis: field magic: this is no flow basis");
        int[] fields = Numbers(header.AsSpan(4));
        if (fields[0] != Version) throw new InvalidDataException($"basis: field version: {fields[0]} is unknown, only {Version} can be read");
        (int nodes, int arcs, int basic, int upper) = (fields[1], fields[2], fields[3], fields[4]);
        if (nodes < 0 || arcs < 0 || basic < 0 || upper < 0 || basic > arcs || upper > arcs - basic)
            throw new InvalidDataException($"basis: field counts: {nodes} nodes, {arcs} arcs, {basic} basic, {upper} at upper do not go together");
        byte[] lists = ReadLists(stream, 4L * ((long)basic + upper));
        byte[] hash = new byte[HashBytes];
        Fill(stream, hash);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(header);
        sum.AppendData(lists);
        if (!sum.GetHashAndReset().AsSpan().SequenceEqual(hash)) throw new InvalidDataException("basis: field checksum: the bytes were altered");
        int[] named = Numbers(lists);
        try
        {
            return new FlowBasis(nodes, arcs, named.AsSpan(0, basic), named.AsSpan(basic));
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"basis: {fault.Message}", fault);
        }
    }

    // Grows with what arrives, not with what the header claims.
    private static byte[] ReadLists(Stream stream, long length)
    {
        using var lists = new MemoryStream();
        byte[] chunk = new byte[1 << 16];
        for (long left = length; left > 0;)
        {
            int count = stream.Read(chunk, 0, (int)Math.Min(left, chunk.Length));
            if (count == 0) throw new InvalidDataException($"basis: cut short, {left} bytes of arcs are missing");
            lists.Write(chunk, 0, count);
            left -= count;
        }

        return lists.ToArray();
    }

    private static void Fill(Stream stream, byte[] bytes)
    {
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count < bytes.Length) throw new InvalidDataException($"basis: cut short, {bytes.Length - count} bytes are missing");
    }

    private static int[] Numbers(ReadOnlySpan<byte> bytes)
    {
        int[] numbers = new int[bytes.Length / 4];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        return numbers;
    }

    private static void Check(ReadOnlySpan<int> arcs, int arcCount, string list)
    {
        for (int i = 0; i < arcs.Length; i++)
            if (arcs[i] < 0 || arcs[i] >= arcCount || (i > 0 && arcs[i] <= arcs[i - 1]))
                throw new ArgumentException($"field {list}: value {arcs[i]} at {i} is not above the one before and below {arcCount} arcs", list);
    }
}
