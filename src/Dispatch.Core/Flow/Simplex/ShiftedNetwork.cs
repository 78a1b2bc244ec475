using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>A network with its lower bounds shifted to zero: capacity <c>upper − lower</c>, supplies less what the lower
/// bounds already carry. The arcs' arrays stay the network's own; only the supplies are new.</summary>
internal sealed class ShiftedNetwork
{
    private const int BlockArcs = 4096;

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

    // In blocks, so that a plain one, without lower bounds and with capacities that add up in 64 bits, is measured four arcs at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure()
    {
        Extent extent = default;
        for (int start = 0; start < Network.ArcCount; start += BlockArcs)
        {
            int count = Math.Min(BlockArcs, Network.ArcCount - start);
            ReadOnlySpan<long> lower = Network.LowerBounds.Slice(start, count), upper = Network.UpperBounds.Slice(start, count);
            extent.AddCosts(Network.Costs.Slice(start, count));
            if (lower.ContainsAnyExcept(0L) || !extent.TryAddCapacities(upper)) MeasureOneByOne(start, start + count, ref extent);
        }

        CapacitySum = extent.Sum;
        GreatestCost = Int128.Max(extent.MostCost, -(Int128)extent.LeastCost);
        GreatestCapacity = Int128.Max(GreatestCapacity, extent.MostCapacity);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MeasureOneByOne(int start, int end, ref Extent extent)
    {
        ReadOnlySpan<long> lower = Network.LowerBounds, upper = Network.UpperBounds;
        for (int e = start; e < end; e++)
        {
            if (upper[e] != FlowNetwork.Unlimited) extent.Sum += (double)upper[e] - lower[e];
            if (lower[e] != 0) ShiftArc(e);
            else if (upper[e] != FlowNetwork.Unlimited) extent.MostCapacity = Math.Max(extent.MostCapacity, upper[e]);
        }
    }

    private void ShiftArc(int arc)
    {
        long lower = Network.LowerBounds[arc], upper = Network.UpperBounds[arc];
        HasLowerBounds = true;
        Supplies[Network.Tails[arc]] -= lower;
        Supplies[Network.Heads[arc]] += lower;
        if (upper != FlowNetwork.Unlimited) GreatestCapacity = Int128.Max(GreatestCapacity, (Int128)upper - lower);
    }

    /// <summary>The ends of costs and capacities and the sum of the latter.</summary>
    private struct Extent
    {
        private const long SmallCapacity = 1L << 40;

        public long LeastCost, MostCost, MostCapacity;
        public double Sum; // all terms are positive: right to one part in 10^9

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void AddCosts(ReadOnlySpan<long> costs)
        {
            Vector256<long> least = Vector256.Create(LeastCost), most = Vector256.Create(MostCost);
            int e = 0;
            for (; e + Vector256<long>.Count <= costs.Length; e += Vector256<long>.Count)
            {
                Vector256<long> four = Vector256.Create(costs[e..]);
                (least, most) = (Vector256.Min(least, four), Vector256.Max(most, four));
            }

            for (int i = 0; i < Vector256<long>.Count; i++) (LeastCost, MostCost) = (Math.Min(LeastCost, least[i]), Math.Max(MostCost, most[i]));
            for (; e < costs.Length; e++) (LeastCost, MostCost) = (Math.Min(LeastCost, costs[e]), Math.Max(MostCost, costs[e]));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool TryAddCapacities(ReadOnlySpan<long> capacities)
        {
            Vector256<long> most = Vector256<long>.Zero, sum = Vector256<long>.Zero, unlimited = Vector256.Create(FlowNetwork.Unlimited);
            int e = 0;
            for (; e + Vector256<long>.Count <= capacities.Length; e += Vector256<long>.Count)
            {
                Vector256<long> four = Vector256.Create(capacities[e..]);
                four = Vector256.AndNot(four, Vector256.Equals(four, unlimited));
                (most, sum) = (Vector256.Max(most, four), sum + four);
            }

            long greatest = 0, total = 0;
            for (int i = 0; i < Vector256<long>.Count; i++) greatest = Math.Max(greatest, most[i]);
            if (greatest >= SmallCapacity) return false; // the sum may have wrapped
            for (int i = 0; i < Vector256<long>.Count; i++) total += sum[i];
            for (; e < capacities.Length; e++)
            {
                if (capacities[e] == FlowNetwork.Unlimited) continue;
                if (capacities[e] >= SmallCapacity) return false;
                (greatest, total) = (Math.Max(greatest, capacities[e]), total + capacities[e]);
            }

            MostCapacity = Math.Max(MostCapacity, greatest);
            Sum += total;
            return true;
        }
    }
}
