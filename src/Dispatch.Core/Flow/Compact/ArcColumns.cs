using System.Numerics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Where an arc stands with regard to the basis. The sign says which sign of reduced cost is at rest there.</summary>
internal static class ArcState
{
    /// <summary>Out of the basis, at its lower bound: at rest when its reduced cost is not negative.</summary>
    public const int Lower = 1;

    /// <summary>In the basis: its reduced cost is zero.</summary>
    public const int Basic = 0;

    /// <summary>Out of the basis, at its upper bound: at rest when its reduced cost is not positive.</summary>
    public const int Upper = -1;
}

/// <summary>Arcs priced one by one: those of the core, with two core ends, or the bounded ones of rows.</summary>
/// <remarks>Parallel columns; costs are rebased like <see cref="RowBlocks{T}"/>: cost + base(head) − base(tail).</remarks>
internal sealed unsafe class ArcColumns<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Pinned<int> _tails, _heads, _states, _arcs;
    private readonly Pinned<T> _costs;
    private readonly Pinned<long> _capacities;

    /// <summary>Allocates columns.</summary>
    public ArcColumns(int count)
    {
        Count = count;
        (_tails, _heads, _states, _arcs) = (new(count), new(count), new(count), new(count));
        (_costs, _capacities) = (new(count), new(count));
    }

    /// <summary>Number of arcs.</summary>
    public int Count { get; }

    /// <summary>The node each leaves: a core index, or a row for bounded row arcs.</summary>
    public int* Tails => _tails.At;

    /// <summary>The core node each enters.</summary>
    public int* Heads => _heads.At;

    /// <summary>Rebased costs.</summary>
    public T* Costs => _costs.At;

    /// <summary>Capacities after the shift; <see cref="ShiftedSupplies.Unlimited"/> for none.</summary>
    public long* Capacities => _capacities.At;

    /// <summary>An <see cref="ArcState"/> each.</summary>
    public int* States => _states.At;

    /// <summary>Index in the network; −1 for demand arcs.</summary>
    public int* Arcs => _arcs.At;

    /// <summary>Fills one line; the arc starts at its lower bound.</summary>
    public void Set(int index, int tail, int head, T cost, long capacity, int arc)
    {
        (Tails[index], Heads[index], Costs[index]) = (tail, head, cost);
        (Capacities[index], States[index], Arcs[index]) = (capacity, ArcState.Lower, arc);
    }

    /// <summary>Where a network's arc stands. The arcs rise, but for demand arcs at the end. O(log n).</summary>
    public int IndexOf(int arc)
    {
        int low = 0, high = Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Arcs[middle] >= 0 && Arcs[middle] < arc) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>A copy with arrays of its own.</summary>
    public ArcColumns<T> Clone()
    {
        var copy = new ArcColumns<T>(Count);
        _tails.Span.CopyTo(copy._tails.Span);
        _heads.Span.CopyTo(copy._heads.Span);
        _arcs.Span.CopyTo(copy._arcs.Span);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Takes over costs, capacities and states of the same arcs.</summary>
    public void CopyFrom(ArcColumns<T> other)
    {
        other._costs.Span.CopyTo(_costs.Span);
        other._capacities.Span.CopyTo(_capacities.Span);
        other._states.Span.CopyTo(_states.Span);
    }
}
