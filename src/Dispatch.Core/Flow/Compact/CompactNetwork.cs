using System.Numerics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>A network in the kernel's own arrays: rows in blocks, bounded row arcs and core arcs in columns, all rebased.</summary>
/// <remarks>Base prices are near what prices will be: the costs to the root along <see cref="FreeFlowTree"/> for a first solve, the
/// prices of the last optimum for re-solves. Never written after building. About 8 bytes (32-bit) or 12 (64-bit) a row arc.</remarks>
internal sealed unsafe class CompactNetwork<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Pinned<int> _boundedStarts;
    private Pinned<T>? _cheapest;
    private HeadIndex<T>? _index;

    /// <summary>Fills the arrays. O(n + m).</summary>
    /// <param name="shape">Rows and core.</param>
    /// <param name="arcs">The arcs between core nodes.</param>
    /// <param name="basePrices">Base price of each core node; the root's is 0.</param>
    /// <param name="artificialCost">Cost of an artificial arc: see CompactRun.</param>
    public CompactNetwork(CompactShape shape, CoreArcList arcs, long[] basePrices, T artificialCost)
    {
        (Shape, BasePrices, ArtificialCost) = (shape, basePrices, artificialCost);
        int rows = shape.RowNodes.Length;
        Supplies = new long[rows];
        int[] entries = new int[rows];
        for (int r = 0; r < rows; r++)
        {
            int v = shape.RowNodes[r];
            Supplies[r] = shape.Supplies[v];
            entries[r] = shape.ArcsByTail.Start(v + 1) - shape.ArcsByTail.Start(v);
        }

        Rows = new RowBlocks<T>(entries);
        RowHeads = new byte[shape.CoreCount];
        _boundedStarts = new Pinned<int>(rows + 1);
        Bounded = FillRows();
        SecondEntries = new Pinned<T>(rows);
        Core = FillCore(arcs);
        LowerCost = CostOfLowerBounds();
    }

    /// <summary>Rows and core of the network.</summary>
    public CompactShape Shape { get; }

    /// <summary>What each core node's price in the kernel must be raised by.</summary>
    public long[] BasePrices { get; }

    /// <summary>Cost of an artificial arc.</summary>
    public T ArtificialCost { get; }

    /// <summary>What each row sends.</summary>
    public long[] Supplies { get; }

    /// <summary>Row arcs that can carry all of their row's supply.</summary>
    public RowBlocks<T> Rows { get; }

    /// <summary>For each core node, 1 where an entry of <see cref="Rows"/> enters it.</summary>
    public byte[] RowHeads { get; }

    /// <summary>Cost of each row's cheapest free entry.</summary>
    public Pinned<T> CheapestEntries => _cheapest ?? FindCheapest();

    /// <summary>The rows near each head.</summary>
    public HeadIndex<T> Index => _index ??= new HeadIndex<T>(Rows, Shape.CoreCount);

    /// <summary>Cost of each row's second cheapest free entry.</summary>
    public Pinned<T> SecondEntries { get; }

    /// <summary>Row arcs that cannot, by row.</summary>
    public ArcColumns<T> Bounded { get; }

    /// <summary>Each row's first bounded arc; the next row's is its end.</summary>
    public int* BoundedStarts => _boundedStarts.At;

    /// <summary>Core arcs: the network's in its order, then demand arcs.</summary>
    public ArcColumns<T> Core { get; }

    /// <summary>What the lower bounds of all arcs cost.</summary>
    public Int128 LowerCost { get; }

    /// <summary>True when every free entry of a row can carry so much.</summary>
    public bool Carries(int row, long supply)
    {
        int v = Shape.RowNodes[row];
        for (int position = Shape.ArcsByTail.Start(v); position < Shape.ArcsByTail.Start(v + 1); position++)
        {
            long capacity = ShiftedSupplies.Capacity(Shape.Network, Shape.ArcsByTail.Arc(position));
            if (capacity >= Supplies[row] && capacity < supply) return false;
        }

        return true;
    }

    // Only sessions ask; the first kernel of a network does, before any fork of it lives on another thread.
    private Pinned<T> FindCheapest()
    {
        var cheapest = new Pinned<T>(Rows.Count);
        for (int r = 0; r < Rows.Count; r++)
        {
            int block = Rows.Starts[r];
            (cheapest.At[r], SecondEntries.At[r]) = block < Rows.Starts[r + 1]
                ? (Rows.Costs(block)[0], Rows.Costs(block)[1])
                : (RowBlocks<T>.PadCost, RowBlocks<T>.PadCost);
        }

        return _cheapest = cheapest;
    }

    private Int128 CostOfLowerBounds()
    {
        FlowArcs arcs = Shape.Network.Arcs;
        Int128 cost = 0;
        if (Shape.HasLowerBounds)
            for (int e = 0; e < arcs.Lower.Length; e++) cost += Math.BigMul(arcs.Lower[e], arcs.Costs[e]);
        return cost;
    }

    private ArcColumns<T> FillRows()
    {
        (int Place, T Base)[] nodes = PlacesAndBases();
        (int Row, int Arc)[] bounded = [.. new RowFill<T>(Shape, Rows, Supplies, RowHeads, nodes).Bounded];
        FlowArcs arcs = Shape.Network.Arcs;
        var columns = new ArcColumns<T>(bounded.Length);
        for (int b = 0, r = 0; r <= Rows.Count; r++)
        {
            BoundedStarts[r] = b;
            for (; b < bounded.Length && bounded[b].Row == r; b++)
            {
                int e = bounded[b].Arc;
                (int place, T basePrice) = nodes[arcs.Heads[e]];
                columns.Set(b, r, place, T.CreateTruncating(arcs.Costs[e]) + basePrice, ShiftedSupplies.Capacity(Shape.Network, e), e);
            }
        }

        return columns;
    }

    private (int Place, T Base)[] PlacesAndBases()
    {
        var nodes = new (int Place, T Base)[Shape.Places.Length];
        for (int v = 0; v < nodes.Length; v++)
            if (Shape.Places[v] >= 0) nodes[v] = (Shape.Places[v], T.CreateTruncating(BasePrices[Shape.Places[v]]));
        return nodes;
    }

    private ArcColumns<T> FillCore(CoreArcList list)
    {
        var columns = new ArcColumns<T>(list.Count);
        for (int a = 0; a < list.Count; a++)
        {
            long cost = list.Costs[a] + BasePrices[list.Heads[a]] - BasePrices[list.Tails[a]];
            columns.Set(a, list.Tails[a], list.Heads[a], T.CreateTruncating(cost), list.Capacities[a], list.Arcs[a]);
        }

        return columns;
    }
}
