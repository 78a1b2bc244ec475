using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>What a tree arc is.</summary>
internal static class ArcKind
{
    /// <summary>A row's arc without a capacity of its own.</summary>
    public const int Free = -1;

    /// <summary>An arc between a node and the root that is not in the network.</summary>
    public const int Artificial = -2;

    /// <summary>Kinds from here down are bounded row arcs; kinds from 0 up are core arcs.</summary>
    private const int FirstBounded = -3;

    /// <summary>The kind of a bounded row arc.</summary>
    public static int Bounded(int index) => FirstBounded - index;

    /// <summary>True for bounded row arcs.</summary>
    public static bool IsBounded(int kind) => kind <= FirstBounded;

    /// <summary>Index of a bounded row arc.</summary>
    public static int BoundedIndex(int kind) => FirstBounded - kind;
}

/// <summary>The basic arc between a node and its parent, seen from the node.</summary>
/// <param name="Kind">A core arc's index, or one of <see cref="ArcKind"/>.</param>
/// <param name="Up">True when it points to the parent.</param>
/// <param name="Cost">Its rebased cost.</param>
/// <param name="ToParent">How much more can be pushed to the parent.</param>
/// <param name="FromParent">How much more can be pushed from the parent.</param>
internal readonly record struct TreeArc<T>(int Kind, bool Up, T Cost, long ToParent, long FromParent)
    where T : unmanaged
{
    /// <summary>An arc with this flow out of this capacity.</summary>
    public static TreeArc<T> Carrying(int kind, bool up, T cost, long flow, long capacity)
        => up ? new(kind, true, cost, capacity - flow, flow) : new(kind, false, cost, flow, capacity - flow);

    /// <summary>The same arc seen from its other end.</summary>
    public TreeArc<T> Turned => new(Kind, !Up, Cost, FromParent, ToParent);
}

/// <summary>One node of the tree.</summary>
internal struct CoreNode<T>
    where T : unmanaged
{
    /// <summary>Residuals of the arc to the parent.</summary>
    public long ToParent, FromParent;

    /// <summary>Links; −1 for none.</summary>
    public int Parent, Depth, FirstChild, Next, Previous;

    /// <summary>Kind of the arc to the parent.</summary>
    public int Kind;

    /// <summary>Cost of the arc to the parent.</summary>
    public T Cost;

    /// <summary>Whether that arc points to the parent.</summary>
    public bool Up;

    /// <summary>Flow of the arc to the parent.</summary>
    public readonly long Flow => Up ? FromParent : ToParent;

    /// <summary>The arc to the parent as a value.</summary>
    public TreeArc<T> Arc
    {
        readonly get => new(Kind, Up, Cost, ToParent, FromParent);
        set => (Kind, Up, Cost, ToParent, FromParent) = (value.Kind, value.Up, value.Cost, value.ToParent, value.FromParent);
    }
}

/// <summary>The basis tree over the core, the root (node 0) and the split rows, with its prices.</summary>
/// <remarks>
/// <para>Invariants: links form one tree rooted at 0; a node's price is its parent's plus (arc up) or less (arc down) the cost of
/// the arc between them; every price lies within ±<see cref="PriceLimit"/> or <see cref="PricesLeft"/> is set.</para>
/// <para>A row with a single basic arc is not in the tree (see <see cref="RowBasis{T}"/>); a row with several takes one of the
/// slots above the core nodes.</para>
/// </remarks>
internal sealed unsafe class CoreTree<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Pinned<CoreNode<T>> _nodes;
    private readonly Pinned<T> _prices;
    private readonly Pinned<byte> _heads;
    private readonly int[] _freeSlots;
    private readonly int[] _slotRows;
    private int _freeCount;

    /// <summary>Creates a tree of the root alone.</summary>
    /// <param name="heads">For each core node, the root included, 1 where entries of rows enter it.</param>
    public CoreTree(ReadOnlySpan<byte> heads)
    {
        int coreCount = CoreCount = heads.Length;
        int slots = coreCount + 2; // a basis splits rows at most as often as there are core nodes, and one more while it pivots
        (_nodes, _prices) = (new(coreCount + slots), new(coreCount + slots));
        (_freeSlots, _slotRows) = (new int[slots], new int[slots]);
        _heads = new Pinned<byte>(coreCount + slots);
        heads.CopyTo(_heads.Span);
        Clear();
    }

    /// <summary>Greatest absolute price that leaves every sum in range: see <see cref="CompactSimplex{T}"/>.</summary>
    public static T PriceLimit => T.One << (sizeof(T) * 8 - 3);

    /// <summary>Core nodes, the root included; slots of split rows follow.</summary>
    public int CoreCount { get; }

    /// <summary>The nodes.</summary>
    public CoreNode<T>* Nodes => _nodes.At;

    /// <summary>Cost from each node to the root, less its base price.</summary>
    public T* Prices => _prices.At;

    /// <summary>No price of a node that entries of rows enter is below this.</summary>
    public T LeastPrice { get; private set; }

    /// <summary>Set when a price left ±<see cref="PriceLimit"/>: the kernel must stop.</summary>
    public bool PricesLeft { get; private set; }

    /// <summary>Row of a slot.</summary>
    public int RowOf(int node) => _slotRows[node - CoreCount];

    /// <summary>True while a slot is free.</summary>
    public bool HasSlot => _freeCount > 0;

    /// <summary>Takes a slot for a row.</summary>
    public int TakeSlot(int row)
    {
        int slot = _freeSlots[--_freeCount];
        _slotRows[slot - CoreCount] = row;
        Nodes[slot].FirstChild = -1;
        return slot;
    }

    /// <summary>Gives a slot back.</summary>
    public void ReturnSlot(int slot)
    {
        Unlink(slot);
        _freeSlots[_freeCount++] = slot;
        _slotRows[slot - CoreCount] = -1;
    }

    /// <summary>Empties the tree down to the root.</summary>
    public void Clear()
    {
        for (int v = 0; v < _nodes.Length; v++) Nodes[v] = new CoreNode<T> { Parent = -1, FirstChild = -1, Next = -1, Previous = -1 };
        _freeCount = 0;
        for (int s = _freeSlots.Length - 1; s >= 0; s--)
        {
            _freeSlots[_freeCount++] = CoreCount + s;
            _slotRows[s] = -1;
        }

        _prices.Span.Clear();
        LeastPrice = T.Zero;
        PricesLeft = false;
    }

    /// <summary>Takes over another tree.</summary>
    public void CopyFrom(CoreTree<T> other)
    {
        other._nodes.Span.CopyTo(_nodes.Span);
        other._prices.Span.CopyTo(_prices.Span);
        other._freeSlots.CopyTo(_freeSlots.AsSpan());
        other._slotRows.CopyTo(_slotRows.AsSpan());
        (_freeCount, LeastPrice, PricesLeft) = (other._freeCount, other.LeastPrice, other.PricesLeft);
    }

    /// <summary>Hangs a node below a parent that has its price.</summary>
    public void Hang(int node, int parent, in TreeArc<T> arc)
    {
        Nodes[node].Arc = arc;
        Link(node, parent);
        Shift(node, unchecked((arc.Up ? Prices[parent] + arc.Cost : Prices[parent] - arc.Cost) - Prices[node]));
    }

    /// <summary>Moves the subtree below <paramref name="top"/>: it is turned to hang from <paramref name="entry"/> (inside it) by
    /// the given arc below <paramref name="parent"/> (outside it); its prices change by <paramref name="shift"/>.</summary>
    /// <returns>The arc that joined top to its old parent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TreeArc<T> Rehang(int entry, int top, int parent, TreeArc<T> arc, T shift)
    {
        for (int v = entry; ;)
        {
            TreeArc<T> old = Nodes[v].Arc;
            int oldParent = Nodes[v].Parent;
            Unlink(v);
            Nodes[v].Arc = arc;
            Link(v, parent);
            if (v == top)
            {
                Shift(entry, shift);
                return old;
            }

            (arc, parent, v) = (old.Turned, v, oldParent);
        }
    }

    /// <summary>Adds to the prices of a subtree and sets its depths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Shift(int top, T amount)
    {
        CoreNode<T>* nodes = Nodes;
        T* prices = Prices;
        byte* heads = _heads.At;
        T least = LeastPrice, most = T.Zero, lowest = T.Zero;
        int v = top;
        while (true)
        {
            CoreNode<T>* node = nodes + v;
            node->Depth = nodes[node->Parent].Depth + 1;
            T price = unchecked(prices[v] + amount); // both are within the limit's double
            prices[v] = price;
            if (price < least && heads[v] != 0) least = price;
            most = T.Max(most, price);
            lowest = T.Min(lowest, price);
            if (node->FirstChild >= 0)
            {
                v = node->FirstChild;
                continue;
            }

            while (v != top && nodes[v].Next < 0) v = nodes[v].Parent;
            if (v == top) break;
            v = nodes[v].Next;
        }

        LeastPrice = least;
        if (most > PriceLimit || lowest < -PriceLimit) PricesLeft = true;
    }

    /// <summary>Raises <see cref="LeastPrice"/> to what holds now. O(core).</summary>
    public void FindLeastPrice()
    {
        T least = T.Zero;
        for (int v = 0; v < CoreCount; v++) if (_heads.At[v] != 0) least = T.Min(least, Prices[v]);
        LeastPrice = least;
    }

    private void Link(int node, int parent)
    {
        CoreNode<T>* record = Nodes + node;
        int first = Nodes[parent].FirstChild;
        (record->Parent, record->Previous, record->Next) = (parent, -1, first);
        if (first >= 0) Nodes[first].Previous = node;
        Nodes[parent].FirstChild = node;
    }

    private void Unlink(int node)
    {
        CoreNode<T>* record = Nodes + node;
        if (record->Previous >= 0) Nodes[record->Previous].Next = record->Next;
        else Nodes[record->Parent].FirstChild = record->Next;
        if (record->Next >= 0) Nodes[record->Next].Previous = record->Previous;
    }
}
