using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Tells the rows of a network from its core.</summary>
/// <remarks>
/// <para>A <em>row</em> is a node that no arc enters and whose supply, after the shift of lower bounds, is not negative: flow
/// only leaves it. All other nodes are the <em>core</em>; core node 0 is the root of every basis. Where a single core node
/// takes all flow, it is the root. Otherwise the root is a node of its own, which each taking node reaches by a
/// <em>demand arc</em> of cost zero and the capacity of what it takes: a flow to the root then fills them all.</para>
/// <para>O(n + m).</para>
/// </remarks>
internal sealed class CompactShape
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactShape(ShiftedSupplies shifted, bool[] entered)
    {
        (Network, Supplies, HasLowerBounds) = (shifted.Network, shifted.Supplies, shifted.HasLowerBounds);
        Places = new int[Supplies.Length];
        int rows = 0;
        for (int v = 0; v < Places.Length; v++) if (!entered[v]) rows++;
        RowNodes = new int[rows];
        int sink = SingleSink(entered);
        int row = 0, core = 1;
        for (int v = 0; v < Places.Length; v++)
        {
            if (!entered[v])
            {
                Places[v] = ~row;
                RowNodes[row++] = v;
            }
            else Places[v] = v == sink ? 0 : core++;
        }

        CoreCount = core;
        ArcsByTail = new Simplex.ArcRows(Network.Arcs.Tails, Network.NodeCount);
        foreach (int v in RowNodes) RowArcCount += ArcsByTail.Start(v + 1) - ArcsByTail.Start(v);
    }

    /// <summary>The network.</summary>
    public FlowNetwork Network { get; }

    /// <summary>Supplies after the shift of lower bounds.</summary>
    public long[] Supplies { get; }

    /// <summary>True when some lower bound is not zero.</summary>
    public bool HasLowerBounds { get; }

    /// <summary>For each node its core index, or the complement of its row.</summary>
    public int[] Places { get; }

    /// <summary>The node of each row, ascending.</summary>
    public int[] RowNodes { get; }

    /// <summary>Number of core nodes, the root included.</summary>
    public int CoreCount { get; }

    /// <summary>Nodes on the longest path of a basis, or of a way that meets each node once: between two rows lies a core node.</summary>
    public int PathNodes => Math.Min(Network.NodeCount, 2 * CoreCount + 2);

    /// <summary>Arcs that leave rows.</summary>
    public int RowArcCount { get; }

    /// <summary>True when the root is the one node that takes flow.</summary>
    public bool HasSingleSink => SinkCount == 1;

    /// <summary>Core nodes that take flow.</summary>
    public int SinkCount { get; private set; }

    /// <summary>Arcs grouped by the node they leave.</summary>
    public Simplex.ArcRows ArcsByTail { get; }

    /// <summary>Splits a network; null when a row lacks flow, which no flow can serve.</summary>
    public static CompactShape? TryOf(ShiftedSupplies shifted)
    {
        bool[] entered = new bool[shifted.Supplies.Length];
        MarkHeads(shifted.Network.Arcs.Heads, entered);
        for (int v = 0; v < entered.Length; v++) if (!entered[v] && shifted.Supplies[v] < 0) return null;
        return new CompactShape(shifted, entered);
    }

    /// <summary>What each core node supplies; what it takes is the capacity of its demand arc, or the root's.</summary>
    public long[] CoreSupplies()
    {
        var supplies = new long[CoreCount];
        for (int v = 0; v < Places.Length; v++) if (Places[v] > 0) supplies[Places[v]] = Math.Max(0, Supplies[v]);
        return supplies;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MarkHeads(int[] heads, bool[] entered)
    {
        foreach (int head in heads) entered[head] = true;
    }

    private int SingleSink(bool[] entered)
    {
        int sink = -1;
        for (int v = 0; v < Supplies.Length; v++)
        {
            if (!entered[v] || Supplies[v] >= 0) continue;
            SinkCount++;
            sink = v;
        }

        return SinkCount == 1 ? sink : -1;
    }
}
