using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Columns;

namespace TrafficDispatch.Solve;

/// <summary>The byte form of <see cref="StartingPoint"/>, version 1, little-endian.</summary>
internal static class StartingPointCodec
{
    private const uint Magic = 0x54534454; // "TDST"
    private const int Version = 1, ShapeBytes = 32, HashBytes = 32, NarrowEdges = 1 << 16;

    public static void Write(StartingPoint point, IBufferWriter<byte> output)
    {
        SolveStart start = point.Start;
        ArcPlaces arcs = start.Arcs;
        CandidateRows rows = arcs.Rows;
        using MemoryStream bytes = new();
        using BinaryWriter to = new(bytes);
        bool isNarrow = true;
        for (int g = 0; g < rows.GroupCount; g++)
            if (rows.Edges(g) is [.., >= NarrowEdges]) isNarrow = false;
        to.Write(Magic);
        foreach (int field in (ReadOnlySpan<int>)[Version, rows.GroupCount, arcs.PeeringCount, arcs.Tree.Length, start.IsWide ? 1 : 0, isNarrow ? 1 : 0]) to.Write(field);
        to.Write(point.Shape);
        for (int g = 0; g < rows.GroupCount; g++)
        {
            ReadOnlySpan<int> edges = rows.Edges(g);
            to.Write(edges.Length);
            foreach (int e in edges)
                if (isNarrow) to.Write((ushort)e);
                else to.Write(e);
            for (int i = 0; i < edges.Length; i++) to.Write(checked((byte)Length(arcs.OfCandidate(g, i))));
        }
        for (int node = 0; node + 1 < arcs.Tree.Length; node++) to.Write(arcs.Tree[node + 1] - arcs.Tree[node]);
        foreach (long price in start.TreePrices) to.Write(price);
        to.Write(start.Basis is not null);
        to.Flush();
        start.Basis?.Write(bytes);
        ReadOnlySpan<byte> body = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        output.Write(body);
        output.Write(SHA256.HashData(body));
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StartingPoint? point, out string fault)
    {
        point = null;
        fault = "starting point: cut short";
        if (bytes.Length < 4 + HashBytes) return false;
        fault = "starting point: field magic: this is none";
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic) return false;
        ReadOnlySpan<byte> body = bytes[..^HashBytes];
        fault = "starting point: field checksum: the bytes were altered or cut short";
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes[^HashBytes..])) return false;
        try
        {
            using MemoryStream stream = new(body.ToArray());
            using BinaryReader from = new(stream);
            point = Read(from);
            fault = "";
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or ArgumentException)
        {
            fault = $"starting point: {e.Message}";
            return false;
        }
    }

    private static StartingPoint Read(BinaryReader from)
    {
        _ = from.ReadUInt32();
        int version = from.ReadInt32();
        if (version != Version) throw new InvalidDataException($"field version: {version} is unknown, only {Version} can be read");
        (int groups, int peering, int tree, bool isWide, bool isNarrow) = (from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadInt32() == 1, from.ReadInt32() == 1);
        if (groups < 0 || peering < 0 || tree < 1) throw new InvalidDataException($"field counts: {groups} groups, {peering} peering caps, {tree} places in the tree");
        byte[] shape = from.ReadBytes(ShapeBytes);
        List<int> starts = [0], edges = [], firstArc = [0];
        for (int g = 0; g < groups; g++)
        {
            int count = from.ReadInt32();
            for (int i = 0; i < count; i++) edges.Add(isNarrow ? from.ReadUInt16() : from.ReadInt32());
            for (int i = 0; i < count; i++) firstArc.Add(firstArc[^1] + from.ReadByte());
            starts.Add(edges.Count);
        }
        int[] treeArcs = new int[tree];
        treeArcs[0] = firstArc[^1] + peering;
        for (int node = 1; node < tree; node++) treeArcs[node] = treeArcs[node - 1] + NotNegative(from.ReadInt32());
        long[] prices = new long[tree - 1];
        for (int node = 0; node < prices.Length; node++) prices[node] = from.ReadInt64();
        FlowBasis? basis = from.ReadBoolean() ? FlowBasis.Read(from.BaseStream) : null;
        CandidateRows rows = CandidateRows.Kept([.. starts], [.. edges]);
        return new(new SolveStart(new ArcPlaces(rows, [.. firstArc], treeArcs), basis, prices, isWide), shape);
    }

    private static int NotNegative(int count) => count >= 0 ? count : throw new InvalidDataException($"field tree: {count} arcs");

    private static int Length((int First, int End) arcs) => arcs.End - arcs.First;
}
