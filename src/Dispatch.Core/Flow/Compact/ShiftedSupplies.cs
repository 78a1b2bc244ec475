using System.Runtime.CompilerServices;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Compact;

/// <summary>A network whose shifted supplies, capacities and costs are proven to fit the compact kernel.</summary>
/// <remarks>The flow of an arc in any basis is at most the sum of all positive supplies and all finite capacities. The kernel
/// takes networks in which that sum is below 2^60: a residual of 2^61 (<see cref="Unlimited"/>) then stays above 2^60 whatever
/// flows, and no sum of two wraps. Of costs it asks that (4t + 8)(C + 1) is below 2^60 with C the greatest absolute cost and t the
/// nodes on the longest path of a basis: no price, and no sum of a price, a base price and a cost, then leaves 64 bits.</remarks>
internal sealed class ShiftedSupplies
{
    /// <summary>The capacity that stands for "no bound".</summary>
    public const long Unlimited = 1L << 61;

    /// <summary>A residual from here on belongs to an arc without bound.</summary>
    public const long Most = 1L << 60;

    private ShiftedSupplies(ShiftedNetwork shifted, Int128 sum)
    {
        Headroom = (long)((Most - sum) / 16);
        Network = shifted.Network;
        Supplies = Array.ConvertAll(shifted.Supplies, static s => (long)s);
        (GreatestCost, HasLowerBounds) = ((long)shifted.GreatestCost, shifted.HasLowerBounds);
    }

    /// <summary>The network as given.</summary>
    public FlowNetwork Network { get; }

    /// <summary>Supplies after the shift.</summary>
    public long[] Supplies { get; }

    /// <summary>How much more the sum may grow before it must be looked at again, a sixteenth of the way to the bound.</summary>
    public long Headroom { get; }

    /// <summary>True when some lower bound is not zero.</summary>
    public bool HasLowerBounds { get; }

    /// <summary>Greatest absolute cost of an arc.</summary>
    public long GreatestCost { get; }

    /// <summary>Narrows supplies; null when the bound above does not hold.</summary>
    public static ShiftedSupplies? TryOf(ShiftedNetwork shifted)
    {
        Int128 sum = shifted.TotalSupply + (Int128)Math.Min(shifted.CapacitySum * 1.000001, Most);
        return shifted.GreatestCost < Most && sum < Most ? new ShiftedSupplies(shifted, sum) : null;
    }

    /// <summary>True when costs are in range for bases whose paths have at most this many nodes.</summary>
    public bool CostsFit(int pathNodes) => ((Int128)4 * pathNodes + 8) * (GreatestCost + 1) < Most;

    /// <summary>Capacity of an arc after the shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Capacity(FlowNetwork network, int arc)
    {
        long upper = network.Arcs.Upper[arc];
        return upper == FlowNetwork.Unlimited ? Unlimited : upper - network.Arcs.Lower[arc];
    }
}
