using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>The arcs between core nodes, as a list: the network's in its order, then the demand arcs.</summary>
internal sealed class CoreArcList
{
    /// <summary>Gathers them. O(n + m).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CoreArcList(CompactShape shape)
    {
        FlowArcs arcs = shape.Network.Arcs;
        int inner = arcs.Tails.Length - shape.RowArcCount, demands = 0;
        if (!shape.HasSingleSink)
            for (int v = 0; v < shape.Places.Length; v++) if (shape.Places[v] >= 0 && shape.Supplies[v] < 0) demands++;
        Count = inner + demands;
        (Tails, Heads, Arcs, Costs, Capacities) = (new int[Count], new int[Count], new int[Count], new long[Count], new long[Count]);
        int at = 0;
        for (int v = 0; v < shape.Places.Length; v++)
        {
            if (shape.Places[v] < 0) continue;
            for (int i = shape.ArcsByTail.Start(v); i < shape.ArcsByTail.Start(v + 1); i++) Arcs[at++] = shape.ArcsByTail.Arc(i);
        }

        Array.Sort(Arcs, 0, at);
        for (int a = 0; a < at; a++)
        {
            int e = Arcs[a];
            (Tails[a], Heads[a]) = (shape.Places[arcs.Tails[e]], shape.Places[arcs.Heads[e]]);
            (Costs[a], Capacities[a]) = (arcs.Costs[e], ShiftedSupplies.Capacity(shape.Network, e));
        }

        for (int v = 0; v < shape.Places.Length && demands > 0; v++)
        {
            if (shape.Places[v] < 0 || shape.Supplies[v] >= 0) continue;
            (Tails[at], Heads[at], Arcs[at], Costs[at], Capacities[at]) = (shape.Places[v], 0, -1, 0, -shape.Supplies[v]);
            at++;
        }
    }

    /// <summary>Number of arcs.</summary>
    public int Count { get; }

    /// <summary>Core node each leaves.</summary>
    public int[] Tails { get; }

    /// <summary>Core node each enters.</summary>
    public int[] Heads { get; }

    /// <summary>Index in the network; −1 for demand arcs.</summary>
    public int[] Arcs { get; }

    /// <summary>Costs, not rebased.</summary>
    public long[] Costs { get; }

    /// <summary>Capacities after the shift.</summary>
    public long[] Capacities { get; }
}

/// <summary>A tree of cheap paths from every core node to the root, each arc with some capacity: the first basis of the core, and
/// the base of its prices.</summary>
/// <remarks>Dijkstra's method with negative costs taken as zero: any tree would do, a tree of shortest paths saves pivots.
/// O((n + m) log n) over the core. Nodes that cannot reach the root hang on artificial arcs.</remarks>
internal sealed class FreeFlowTree
{
    /// <summary>Grows the tree.</summary>
    public FreeFlowTree(CompactShape shape)
    {
        Arcs = new CoreArcList(shape);
        int nodes = shape.CoreCount;
        (ArcOf, Prices) = (new int[nodes], new long[nodes]);
        Array.Fill(ArcOf, -1);
        Order = Grow(nodes);
        foreach (int v in Order)
        {
            if (ArcOf[v] >= 0) Prices[v] = Prices[Arcs.Heads[ArcOf[v]]] + Arcs.Costs[ArcOf[v]];
            GreatestPrice = Math.Max(GreatestPrice, Math.Abs(Prices[v]));
        }
    }

    /// <summary>The arcs between core nodes.</summary>
    public CoreArcList Arcs { get; }

    /// <summary>Index in <see cref="Arcs"/> of each node's arc towards the root; −1 for the root and where there is none.</summary>
    public int[] ArcOf { get; }

    /// <summary>Cost of each node's path; 0 where there is none. Below 2^60 · core nodes by the caller's check.</summary>
    public long[] Prices { get; }

    /// <summary>Greatest absolute price.</summary>
    public long GreatestPrice { get; }

    /// <summary>All nodes but the root, each after the node its arc enters.</summary>
    public int[] Order { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int[] Grow(int nodes)
    {
        var into = new Simplex.ArcRows(Arcs.Heads, nodes);
        var distance = new long[nodes];
        Array.Fill(distance, long.MaxValue);
        var done = new bool[nodes];
        var order = new List<int>(nodes);
        var queue = new PriorityQueue<int, (long Distance, int Node)>();
        distance[0] = 0;
        queue.Enqueue(0, (0, 0));
        while (queue.TryDequeue(out int v, out _))
        {
            if (done[v]) continue;
            done[v] = true;
            if (v != 0) order.Add(v);
            for (int i = into.Start(v); i < into.Start(v + 1); i++)
            {
                int a = into.Arc(i), tail = Arcs.Tails[a];
                long through = distance[v] + Math.Max(0, Arcs.Costs[a]);
                if (Arcs.Capacities[a] == 0 || through >= distance[tail] || done[tail]) continue;
                (distance[tail], ArcOf[tail]) = (through, a);
                queue.Enqueue(tail, (through, tail));
            }
        }

        for (int v = 1; v < nodes; v++) if (!done[v]) order.Add(v);
        return [.. order];
    }
}
