using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>What is basic in each row. A row with a single basic arc is an implicit leaf of the tree: the core node its arc
/// enters, the arc's cost and its flow say all; a row with several is a node of the tree.</summary>
internal sealed unsafe class RowBasis<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Pinned<int> _anchors, _kinds;
    private readonly Pinned<T> _offsets;
    private readonly Pinned<long> _flows;

    /// <summary>Allocates room for rows.</summary>
    public RowBasis(int rows)
    {
        Count = rows;
        (_anchors, _kinds, _offsets, _flows) = (new(rows), new(rows), new(rows), new(rows));
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>The core node a leaf's arc enters, or the slot of a split row.</summary>
    public int* Anchors => _anchors.At;

    /// <summary>Rebased cost of a leaf's arc; 0 for a split row. A row's price is its anchor's price plus this.</summary>
    public T* Offsets => _offsets.At;

    /// <summary>Flow of a leaf's arc; of no meaning for a split row.</summary>
    public long* Flows => _flows.At;

    /// <summary>Kind of a leaf's arc: never a core arc; for a split row anything but <see cref="ArcKind.Free"/>.</summary>
    public int* Kinds => _kinds.At;

    /// <summary>Takes over the leaves of another basis.</summary>
    public void CopyFrom(RowBasis<T> other)
    {
        other._anchors.Span.CopyTo(_anchors.Span);
        other._kinds.Span.CopyTo(_kinds.Span);
        other._offsets.Span.CopyTo(_offsets.Span);
        other._flows.Span.CopyTo(_flows.Span);
    }

    /// <summary>Makes a row a leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetLeaf(int row, int head, T cost, long flow, int kind)
        => (Anchors[row], Offsets[row], Flows[row], Kinds[row]) = (head, cost, flow, kind);

    /// <summary>Makes a row a node of the tree.</summary>
    public void SetSlot(int row, int slot) => (Anchors[row], Offsets[row], Kinds[row]) = (slot, T.Zero, ArcKind.Artificial);
}
