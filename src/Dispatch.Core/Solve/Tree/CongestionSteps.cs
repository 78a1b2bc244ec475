using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Tree;

/// <summary>What the last parts of an edge's capacity are held to cost: queues grow before an edge is full.</summary>
/// <param name="Steps">Up to which percent of the usable capacity a unit costs how much, micro-USD per Mbit/s and hour: percents rise to 100,
/// costs from 0 do not fall.</param>
public sealed record CongestionSteps(ImmutableArray<(int UpToPercent, long Cost)> Steps)
{
    /// <summary>No cost of congestion.</summary>
    public static readonly CongestionSteps None = new([(100, 0)]);

    /// <summary>From 60 % on a unit costs as much as 5 ms of round trip of plain video (8 micro-USD a millisecond), from 80 % as 25 ms, from
    /// 95 % as 100 ms.</summary>
    public static readonly CongestionSteps Default = new([(60, 0), (80, 40), (95, 200), (100, 800)]);

    /// <summary>Cost of the last step.</summary>
    public long Dearest => Steps[^1].Cost;

    /// <summary>The steps of an edge.</summary>
    /// <param name="capacity">Its usable capacity in flow units.</param>
    public StepCost Of(long capacity)
    {
        List<CostStep> steps = [];
        long below = 0;
        foreach ((int upToPercent, long cost) in Steps)
        {
            long upTo = (long)((Int128)capacity * upToPercent / 100);
            steps.Add(new(upTo - below, cost));
            below = upTo;
        }
        return StepCost.Of(steps);
    }
}
