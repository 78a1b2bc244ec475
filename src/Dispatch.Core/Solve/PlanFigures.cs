using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>What a plan comes to: volume, money and distance.</summary>
/// <param name="Demand">All that is asked for.</param>
/// <param name="Unserved">What nobody serves of it.</param>
/// <param name="CostMicroUsdPerHour">Money at marginal prices, contracts billed above what is paid for anyway, micro-USD an hour; latency and
/// unserved traffic not charged.</param>
/// <param name="MeanRtt">Mean round trip of served traffic, weighted by volume.</param>
/// <param name="P50Rtt">Half of the served traffic is at most this far.</param>
/// <param name="P95Rtt">95 % of the served traffic is at most this far.</param>
/// <param name="P99Rtt">99 % of the served traffic is at most this far.</param>
public sealed record PlanFigures(
    Mbps Demand, Mbps Unserved, Int128 CostMicroUsdPerHour, Microseconds MeanRtt, Microseconds P50Rtt, Microseconds P95Rtt, Microseconds P99Rtt)
{
    /// <summary>What somebody serves.</summary>
    public Mbps Served => Demand - Unserved;

    /// <summary>Money for each Gbit/s that is served, micro-USD an hour, rounded down; 0 where nothing is served.</summary>
    public Int128 CostMicroUsdPerServedGbpsHour => Served.Value == 0 ? 0 : CostMicroUsdPerHour * 1000 / Served.Value;

    /// <summary>Sums a plan up. O(V log V) for V volumes.</summary>
    public static PlanFigures Of(TrafficPlan plan)
    {
        PlanTally tally = new(plan.Model, new PlanBill(plan));
        for (int g = 0; g < plan.Model.Groups.Count; g++) tally.Add(plan, g);
        return tally.Sum();
    }

    /// <summary>Sums a plan up class by class. O(V log V) for V volumes.</summary>
    /// <returns>Every class of the world, in its order; empty under the reference objective, which knows none.</returns>
    public static ImmutableArray<ClassFigures> ByClass(TrafficPlan plan)
    {
        if (plan.Model is not FullCost model) return [];
        World world = model.Snapshot.World;
        PlanBill bill = new(plan);
        PlanTally[] tallies = [.. world.Classes.Select(_ => new PlanTally(model, bill))];
        for (int g = 0; g < model.Groups.Count; g++) tallies[model.Profiles.Profiles[model.Groups[g].Profile].Class].Add(plan, g);
        return [.. world.Classes.Select((c, i) => new ClassFigures(c.Id, c.Priority, tallies[i].Sum()))];
    }
}

/// <summary>What a plan comes to for one traffic class.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="Priority">Its priority: 1 is shed last.</param>
/// <param name="Figures">Its figures.</param>
public sealed record ClassFigures(string ClassId, int Priority, PlanFigures Figures);
