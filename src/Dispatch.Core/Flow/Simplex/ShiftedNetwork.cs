using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>A network with its lower bounds shifted to zero: capacity <c>upper − lower</c>, supplies less what the lower
/// bounds already carry. The arcs' arrays stay the network's own; only the supplies are new.</summary>
internal sealed class ShiftedNetwork
{
    /// <summary>Shifts a network and measures it. O(n + m).</summary>
    public ShiftedNetwork(FlowNetwork network)
    {
        Network = network;
        Supplies = new Int128[network.NodeCount];
        for (int v = 0; v < Supplies.Length; v++) SupplySum += Supplies[v] = network.Supplies[v];
        Measure();
        foreach (Int128 supply in Supplies) if (supply > 0) TotalSupply += supply;
    }

    /// <summary>The network as given.</summary>
    public FlowNetwork Network { get; }

    /// <summary>Supplies after the shift.</summary>
    public Int128[] Supplies { get; }

    /// <summary>Sum of the supplies; a network with another sum than zero is infeasible.</summary>
    public Int128 SupplySum { get; }

    /// <summary>Sum of the positive supplies after the shift.</summary>
    public Int128 TotalSupply { get; }

    /// <summary>Greatest absolute cost of an arc.</summary>
    public Int128 GreatestCost { get; private set; }

    /// <summary>Greatest finite capacity after the shift.</summary>
    public Int128 GreatestCapacity { get; private set; }

    /// <summary>True when some lower bound is not zero.</summary>
    public bool HasLowerBounds { get; private set; }

    /// <summary>Sum of the finite capacities after the shift, to one part in 10^9.</summary>
    public double CapacitySum { get; private set; }

    /// <summary>True when 64 bits provably hold every price and every finite residual (see <see cref="Arithmetic{T}"/>).</summary>
    public bool FitsLong
    {
        get
        {
            Int128 mark = Arithmetic<long>.Infinite;
            return ((Int128)4 * Network.NodeCount + 8) * (GreatestCost + 1) < mark && GreatestCapacity < mark && TotalSupply < mark;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure()
    {
        ReadOnlySpan<long> lower = Network.LowerBounds, upper = Network.UpperBounds, costs = Network.Costs;
        long least = 0, most = 0, widest = 0;
        double sum = 0; // all terms are positive: right to one part in 10^9
        for (int e = 0; e < costs.Length; e++)
        {
            least = Math.Min(least, costs[e]);
            most = Math.Max(most, costs[e]);
            if (upper[e] != FlowNetwork.Unlimited) sum += (double)upper[e] - lower[e];
            if (lower[e] != 0) ShiftArc(e);
            else if (upper[e] != FlowNetwork.Unlimited) widest = Math.Max(widest, upper[e]);
        }

        CapacitySum = sum;

        GreatestCost = Int128.Max(most, -(Int128)least);
        GreatestCapacity = Int128.Max(GreatestCapacity, widest);
    }

    private void ShiftArc(int arc)
    {
        long lower = Network.LowerBounds[arc], upper = Network.UpperBounds[arc];
        HasLowerBounds = true;
        Supplies[Network.Tails[arc]] -= lower;
        Supplies[Network.Heads[arc]] += lower;
        if (upper != FlowNetwork.Unlimited) GreatestCapacity = Int128.Max(GreatestCapacity, (Int128)upper - lower);
    }
}
