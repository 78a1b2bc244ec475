using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>What a plan comes to: volume, money and distance.</summary>
/// <param name="Demand">All that is asked for.</param>
/// <param name="Unserved">What nobody serves of it.</param>
/// <param name="CostMicroUsdPerHour">Money at marginal prices, micro-USD an hour; latency and unserved traffic not charged.</param>
/// <param name="MeanRtt">Mean round trip of served traffic, weighted by volume.</param>
/// <param name="P50Rtt">Half of the served traffic is at most this far.</param>
/// <param name="P95Rtt">95 % of the served traffic is at most this far.</param>
public sealed record PlanFigures(
    Mbps Demand, Mbps Unserved, Int128 CostMicroUsdPerHour, Microseconds MeanRtt, Microseconds P50Rtt, Microseconds P95Rtt)
{
    /// <summary>Sums a plan up. O(V log V) for V volumes.</summary>
    public static PlanFigures Of(TrafficPlan plan)
    {
        CostModel model = plan.Model;
        World world = model.Snapshot.World;
        long demand = 0, unserved = 0;
        Int128 cost = 0;
        List<(long RttMicroseconds, long Volume)> served = [];
        for (int g = 0; g < model.Groups.Count; g++)
        {
            demand += model.Groups[g].Demand;
            unserved += plan.Unserved(g);
            ReadOnlySpan<int> edges = plan.Edges(g);
            ReadOnlySpan<long> volumes = plan.Volumes(g);
            for (int i = 0; i < edges.Length; i++)
            {
                cost += (Int128)volumes[i] * world.Edges[edges[i]].Price.Marginal().Value;
                served.Add((world.Rtt[model.Groups[g].Region, edges[i]].ToMicroseconds().Value, volumes[i]));
            }
        }
        served.Sort();
        return new(model.ToMbps(demand), model.ToMbps(unserved), cost * model.ToMbps(1).Value, Mean(served), Quantile(served, 50), Quantile(served, 95));
    }

    private static Microseconds Mean(List<(long Rtt, long Volume)> served)
    {
        Int128 sum = 0, volume = 0;
        foreach ((long rtt, long v) in served)
        {
            sum += (Int128)rtt * v;
            volume += v;
        }
        return new(volume == 0 ? 0 : (long)(sum / volume));
    }

    private static Microseconds Quantile(List<(long Rtt, long Volume)> served, int percent)
    {
        Int128 total = 0, upTo = 0;
        foreach ((_, long v) in served) total += v;
        foreach ((long rtt, long v) in served)
        {
            upTo += v;
            if (upTo * 100 >= total * percent) return new(rtt);
        }
        return new(0);
    }
}
