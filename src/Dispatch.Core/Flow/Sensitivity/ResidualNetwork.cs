using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow;

/// <summary>What an optimal flow leaves open: each arc forward while below its upper bound, backward while above its lower.</summary>
/// <remarks>Forward arcs are found by their tail in the network's own columns. Only arcs above their lower bound can be taken
/// backward, and a basic flow has few of them: their list by head is all that is built. A residual arc is coded as the arc's
/// index forward and its complement backward. O(n + m) time; memory 8 bytes a run of arcs with one tail (see
/// <see cref="ArcRuns"/>), 4 an arc above its lower bound, 8 a node. Immutable.</remarks>
internal sealed class ResidualNetwork
{
    private readonly int[] _backwardStart;
    private readonly int[] _backward;
    private readonly FlowSolution _solution;

    /// <summary>Indexes an optimal flow of a network.</summary>
    public ResidualNetwork(FlowNetwork network, FlowSolution solution)
    {
        (Network, _solution) = (network, solution);
        Arcs = network.Arcs;
        Runs = new ArcRuns(Arcs.Tails, network.NodeCount);
        _backwardStart = new int[network.NodeCount + 1];
        _backward = ListBackward(Arcs, solution.Flow, _backwardStart);
    }

    /// <summary>The network.</summary>
    public FlowNetwork Network { get; }

    /// <summary>Its columns.</summary>
    public FlowArcs Arcs { get; }

    /// <summary>The arcs leaving each node.</summary>
    public ArcRuns Runs { get; }

    /// <summary>Flow of each arc.</summary>
    public ReadOnlySpan<long> Flow => _solution.Flow;

    /// <summary>The arcs into a node whose flow is above the lower bound.</summary>
    public ReadOnlySpan<int> BackwardFrom(int node) => _backward.AsSpan(_backwardStart[node].._backwardStart[node + 1]);

    /// <summary>Units by which the flow of an arc may rise; <see cref="FlowNetwork.Unlimited"/> also for 2^63 − 1 and more.</summary>
    public long RoomAbove(int arc)
        => Arcs.Upper[arc] == FlowNetwork.Unlimited ? FlowNetwork.Unlimited : Difference(Arcs.Upper[arc], Flow[arc]);

    /// <summary>Units by which the flow of an arc may fall; 2^63 − 1 also for more.</summary>
    public long RoomBelow(int arc) => Difference(Flow[arc], Arcs.Lower[arc]);

    /// <summary>The difference of two bounds, greater first, held at 2^63 − 1.</summary>
    public static long Difference(long greater, long less) => (long)Int128.Min((Int128)greater - less, long.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] ListBackward(FlowArcs arcs, ReadOnlySpan<long> flow, int[] start)
    {
        for (int e = 0; e < flow.Length; e++) if (flow[e] > arcs.Lower[e]) start[arcs.Heads[e] + 1]++;
        for (int v = 1; v < start.Length; v++) start[v] += start[v - 1];
        int[] next = start[..^1], list = new int[start[^1]];
        for (int e = 0; e < flow.Length; e++) if (flow[e] > arcs.Lower[e]) list[next[arcs.Heads[e]]++] = e;
        return list;
    }
}
