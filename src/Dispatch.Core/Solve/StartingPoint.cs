using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Columns;

namespace TrafficDispatch.Solve;

/// <summary>Where a solve ended, to keep and to start a later one from: candidates of every group, basis, and prices of the capacity tree.</summary>
/// <remarks>
/// It holds no cost, demand or capacity of its own: a solve that starts here prices the candidates for its own snapshot, leaves out what is no
/// longer allowed, repairs the basis and prices all other edges as ever. A start can cost pivots, never correctness. It is passed over where groups
/// or edges are others than those it was made for. Of several optima another may be found than without: it belongs to the input of a
/// solve. Same snapshot, options and start, same result. Immutable and thread-safe.
/// </remarks>
public sealed class StartingPoint
{
    /// <summary>Candidates of more than this many times the wanted ones a group have gathered over many solves: a fresh start is better then.</summary>
    private const int MostGathered = 2;

    private readonly byte[] _shape;
    private readonly int _moreEdges;

    internal StartingPoint(SolveStart start, byte[] shape, int moreEdges = 0) => (Start, _shape, _moreEdges) = (start, shape, moreEdges);

    internal SolveStart Start { get; }

    internal ReadOnlySpan<byte> Shape => _shape;

    /// <summary>Writes it: a header, 2 or 4 bytes a candidate and one for its arcs, the basis, and a SHA-256 of all before it.</summary>
    /// <exception cref="InvalidOperationException">The solver gave no basis or more than 255 arcs a candidate; neither comes up.</exception>
    public void Write(IBufferWriter<byte> output) => StartingPointCodec.Write(this, output);

    /// <summary>Reads what <see cref="Write"/> wrote. O(bytes).</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="start">The starting point; null where the bytes are none.</param>
    /// <param name="fault">What is wrong with them; empty otherwise.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StartingPoint? start, out string fault) =>
        StartingPointCodec.TryRead(bytes, out start, out fault);

    /// <summary>The same for a world that has edges and contracts more, each behind those that were there. Not for keeping.</summary>
    /// <param name="before">The world that it was made for.</param>
    /// <param name="edges">How many edges more.</param>
    /// <param name="contracts">How many contracts more.</param>
    internal StartingPoint WithMore(World before, int edges, int contracts)
    {
        int firstContract = before.Edges.Length, end = firstContract + before.Facts.Contracts.Length;
        return edges == 0 && contracts == 0 ? this : new(Start.WithMoreNodes(end, contracts).WithMoreNodes(firstContract, edges), _shape, edges);
    }

    /// <summary>Where a solve of the model may start; null where this is of no use to it.</summary>
    internal SolveStart? For(CostModel model)
    {
        if (!_shape.AsSpan().SequenceEqual(ShapeOf(model, model.Snapshot.World.Edges.Length - _moreEdges)) || !Fits(model)) return null;
        CandidateRows rows = CandidateRows.Again(model, Start.Arcs.Rows);
        bool isCrowded = rows.Count > (long)MostGathered * model.Options.Candidates * model.Groups.Count;
        return isCrowded ? null : Start with { Rows = rows };
    }

    /// <summary>Names groups and edges in their order: what ordinals in a start stand for.</summary>
    internal static byte[] ShapeOf(CostModel model) => ShapeOf(model, model.Snapshot.World.Edges.Length);

    private static byte[] ShapeOf(CostModel model, int edges)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Edge edge in model.Snapshot.World.Edges.Take(edges)) Add(hash, edge.Id);
        foreach (var region in model.Snapshot.World.Regions) Add(hash, region.Id);
        Span<byte> group = stackalloc byte[8];
        foreach (ClientGroup g in model.Groups)
        {
            BinaryPrimitives.WriteInt32LittleEndian(group, g.Region);
            BinaryPrimitives.WriteInt32LittleEndian(group[4..], g.Profile);
            hash.AppendData(group);
        }
        return hash.GetHashAndReset();
    }

    // The checksum vouches for the bytes, not for the sense of a writer's; ordinals are held against this model before they are used.
    private bool Fits(CostModel model)
    {
        ArcPlaces arcs = Start.Arcs;
        int edges = model.Snapshot.World.Edges.Length;
        if (arcs.Rows.GroupCount != model.Groups.Count || arcs.Tree.Length != model.Tree.NodeCount + 1 || Start.TreePrices.Length != model.Tree.NodeCount) return false;
        if (arcs.PeeringCount != model.Peering.Length || Start.Basis is { } basis && basis.ArcCount != arcs.Count) return false;
        for (int g = 0; g < arcs.Rows.GroupCount; g++)
        {
            int last = -1;
            foreach (int e in arcs.Rows.Edges(g))
            {
                if (e <= last || e >= edges) return false;
                last = e;
            }
        }
        return true;
    }

    private static void Add(IncrementalHash hash, string id)
    {
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(id));
        hash.AppendData([0]);
    }
}
