using System.Numerics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Everything that changes while the kernel works: the tree, the leaves, and where the other arcs rest.</summary>
/// <remarks>About 24 bytes a row, 115 a core node (slots of split rows included) and 40 a core arc. The rows' entries are not part of it, so that any number of
/// bases can share them: copying a basis of 50,000 rows takes a tenth of a millisecond.</remarks>
internal sealed class CompactBasis<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Makes a basis without a single arc; a start fills it.</summary>
    public CompactBasis(CompactNetwork<T> network)
    {
        Tree = new CoreTree<T>(network.RowHeads);
        Rows = new RowBasis<T>(network.Rows.Count);
        (Core, Bounded) = (network.Core.Clone(), network.Bounded.Clone());
        LowerCost = network.LowerCost;
    }

    /// <summary>The tree over core and split rows.</summary>
    public CoreTree<T> Tree { get; }

    /// <summary>The leaves.</summary>
    public RowBasis<T> Rows { get; }

    /// <summary>Core arcs with their states.</summary>
    public ArcColumns<T> Core { get; }

    /// <summary>Bounded row arcs with their states.</summary>
    public ArcColumns<T> Bounded { get; }

    /// <summary>True for a first basis that has not been solved yet.</summary>
    public bool IsCold { get; set; }

    /// <summary>What the lower bounds of all arcs cost.</summary>
    public Int128 LowerCost { get; set; }

    /// <summary>Takes over another basis of the same network. O(n), no allocation.</summary>
    public void CopyFrom(CompactBasis<T> other)
    {
        Tree.CopyFrom(other.Tree);
        Rows.CopyFrom(other.Rows);
        Core.CopyFrom(other.Core);
        Bounded.CopyFrom(other.Bounded);
        (IsCold, LowerCost) = (other.IsCold, other.LowerCost);
    }
}
