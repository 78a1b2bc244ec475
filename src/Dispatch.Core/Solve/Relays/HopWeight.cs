using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// The weight of a hop in whole microseconds: W = (1 + loss) · RTT · f(utilisation) + 2 · jitter, after LiveNet (SIGCOMM'22 §4.3). f is 1 up to
/// 60 % of the capacity, then rises in convex steps; a node adds <see cref="NodeMicroseconds"/> · (f − 1) for its own utilisation.
/// </summary>
/// <remarks>
/// Twice the jitter, because a player's buffer has to cover the variation on both sides of the mean. The same steps price the flow (each
/// segment of capacity at its own f) and rank paths (the whole hop at the f of the present load).
/// </remarks>
internal static class HopWeight
{
    /// <summary>What a relay or origin at rest would add if it had a queue: the scale of its congestion charge.</summary>
    public const long NodeMicroseconds = 10_000;

    /// <summary>Charged on top for each unit beyond capacity, so that no detour is too long to avoid an overload.</summary>
    public const long OverloadMicroseconds = 10_000_000;

    /// <summary>Jitter counts so many times.</summary>
    private const int JitterTimes = 2;

    /// <summary>Where each step begins, in thousandths of the capacity.</summary>
    private static ReadOnlySpan<int> Begins => [0, 600, 800, 950, 1000];

    /// <summary>f of each step, in thousandths; the last is overload.</summary>
    private static ReadOnlySpan<int> Factors => [1000, 1500, 3000, 8000, 100_000];

    /// <summary>Number of steps, overload included.</summary>
    public static int Steps => Begins.Length;

    /// <summary>The part of a link's weight that utilisation multiplies.</summary>
    public static long Base(Link link) => checked((long)Math.Round((1.0 + link.Loss) * link.Rtt.Value * 1000.0, MidpointRounding.ToEven));

    /// <summary>The part that utilisation does not touch.</summary>
    public static long Jitter(Link link) => JitterTimes * link.Jitter.ToMicroseconds().Value;

    /// <summary>f in thousandths at a load; 1000 where the capacity is not known.</summary>
    /// <param name="load">kbit/s.</param>
    /// <param name="capacity">kbit/s; negative where nobody says.</param>
    public static int FactorAt(long load, long capacity)
    {
        if (capacity < 0) return Factors[0];
        int step = Steps - 1;
        while (step > 0 && load < BeginOf(step, capacity)) step--;
        return Factors[step];
    }

    /// <summary>What a unit in a step costs beyond the first step's, for something whose own weight is <paramref name="weight"/>.</summary>
    public static long Extra(int step, long weight) =>
        weight * (Factors[step] - Factors[0]) / 1000 + (step == Steps - 1 ? OverloadMicroseconds : 0);

    /// <summary>Where a step begins, kbit/s.</summary>
    public static long BeginOf(int step, long capacity) =>
        capacity <= long.MaxValue / 1000 ? capacity * Begins[step] / 1000 : capacity / 1000 * Begins[step];
}

/// <summary>
/// The convex cost of loading something that already carries a load: widths and charges of its steps. Immutable.
/// </summary>
/// <param name="capacity">kbit/s; negative for no bound.</param>
/// <param name="present">Load already there, kbit/s.</param>
/// <param name="weight">What utilisation multiplies, microseconds.</param>
internal readonly struct CapacitySteps(long capacity, long present, long weight)
{
    /// <summary>Adds one arc a step from tail to head; the last has no bound, so that a flow always exists and overload shows.</summary>
    public void AddArcs(FlowNetworkBuilder network, int tail, int head)
    {
        if (capacity < 0)
        {
            network.AddArc(tail, head, 0, FlowNetwork.Unlimited, 0);
            return;
        }
        for (int step = 0; step < HopWeight.Steps; step++)
        {
            long width = Width(step);
            if (width > 0) network.AddArc(tail, head, 0, width, HopWeight.Extra(step, weight));
        }
    }

    /// <summary>What so much more load costs beyond the first step's price.</summary>
    public Int128 Cost(long added)
    {
        if (capacity < 0) return 0;
        Int128 cost = 0;
        for (int step = 0; step < HopWeight.Steps && added > 0; step++)
        {
            long taken = Math.Min(added, Width(step));
            cost += (Int128)taken * HopWeight.Extra(step, weight);
            added -= taken;
        }
        return cost;
    }

    private long Width(int step)
    {
        if (step == HopWeight.Steps - 1) return FlowNetwork.Unlimited;
        long from = Math.Max(HopWeight.BeginOf(step, capacity), present);
        return Math.Max(0, HopWeight.BeginOf(step + 1, capacity) - from);
    }
}
