using System.Numerics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>The capacity of an arc after the shift, without capacities that can never bind.</summary>
/// <remarks>An arc out of a node that nothing enters carries at most the node's supply; a capacity from there on is redundant
/// and counts as infinite. Dispatch networks bound each arc out of a group by the group's demand: kept, every fully used
/// arc would be saturated and most pivots degenerate. Any flow is feasible with such a capacity if and only if without it,
/// and a reduced cost that is not negative satisfies both, so flow and prices prove the original optimum too. Only nodes
/// without entering arcs qualify: along a cycle the argument would be circular.</remarks>
internal sealed class ArcCapacity<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly FlowArcs _arcs;
    private readonly Int128[] _supplies;

    /// <summary>Marks the nodes that arcs enter. O(n + m).</summary>
    public ArcCapacity(ShiftedNetwork shifted)
    {
        _arcs = shifted.Network.Arcs;
        _supplies = shifted.Supplies;
        Entered = new bool[_supplies.Length];
        foreach (int head in _arcs.Heads) Entered[head] = true;
    }

    /// <summary>For each node, whether an arc enters it.</summary>
    public bool[] Entered { get; }

    /// <summary>Capacity of an arc, or <see cref="Arithmetic{T}.Infinite"/>.</summary>
    public T Of(int arc)
    {
        long upper = _arcs.Upper[arc], lower = _arcs.Lower[arc];
        if (upper == FlowNetwork.Unlimited) return Arithmetic<T>.Infinite;
        T capacity = unchecked(T.CreateTruncating(upper) - T.CreateTruncating(lower)); // below the mark: Arithmetic<T>
        int tail = _arcs.Tails[arc];
        return !Entered[tail] && Int128.CreateTruncating(capacity) >= _supplies[tail] ? Arithmetic<T>.Infinite : capacity;
    }
}
