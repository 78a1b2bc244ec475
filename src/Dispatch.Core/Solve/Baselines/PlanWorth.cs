using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Baselines;

/// <summary>What an optimum is worth beside a baseline on the same input: the baseline's figure less the optimum's, so more is better.</summary>
/// <remarks>
/// A baseline that serves less also pays less and may leave out its farthest clients: <see cref="CostSavedMicroUsdPerHour"/> and the round
/// trips can be negative for that reason alone. <see cref="ObjectiveSaved"/>, which charges what is unserved, never is;
/// <see cref="CostSavedAtEqualVolumeMicroUsdPerHour"/> compares money like for like.
/// </remarks>
/// <param name="ObjectiveSaved">In the objective's unit.</param>
/// <param name="CostSavedMicroUsdPerHour">Money at marginal prices.</param>
/// <param name="CostSavedAtEqualVolumeMicroUsdPerHour">
/// What the optimum's served volume would cost at the baseline's money for each served Gbit/s, less what it does cost.
/// </param>
/// <param name="MeanRttSavedMicroseconds">Mean round trip of served traffic.</param>
/// <param name="P50RttSavedMicroseconds">Median round trip of served traffic.</param>
/// <param name="P95RttSavedMicroseconds">95th percentile of the round trip of served traffic.</param>
/// <param name="UnservedSavedMbps">Traffic that the optimum serves and the baseline does not, Mbit/s.</param>
/// <param name="ByClass">The same by class: what the optimum serves more of it, Mbit/s, in the world's order.</param>
public sealed record PlanWorth(
    Int128 ObjectiveSaved, Int128 CostSavedMicroUsdPerHour, Int128 CostSavedAtEqualVolumeMicroUsdPerHour,
    long MeanRttSavedMicroseconds, long P50RttSavedMicroseconds, long P95RttSavedMicroseconds, long UnservedSavedMbps,
    ImmutableArray<ClassWorth> ByClass)
{
    /// <summary>Compares two plans of the same input.</summary>
    public static PlanWorth Of(PlanReport optimum, PlanReport baseline)
    {
        (PlanFigures best, PlanFigures other) = (optimum.Overall, baseline.Overall);
        return new(
            baseline.Objective - optimum.Objective,
            other.CostMicroUsdPerHour - best.CostMicroUsdPerHour,
            AtEqualVolume(best, other),
            other.MeanRtt.Value - best.MeanRtt.Value,
            other.P50Rtt.Value - best.P50Rtt.Value,
            other.P95Rtt.Value - best.P95Rtt.Value,
            other.Unserved.Value - best.Unserved.Value,
            [.. optimum.ByClass.Select((c, i) => new ClassWorth(c.ClassId, c.Priority, baseline.ByClass[i].Figures.Unserved.Value - c.Figures.Unserved.Value))]);
    }

    /// <summary>A baseline that serves nothing has no price to compare with: then nothing is saved.</summary>
    private static Int128 AtEqualVolume(PlanFigures best, PlanFigures other) => other.Served.Value == 0
        ? 0
        : other.CostMicroUsdPerHour * best.Served.Value / other.Served.Value - best.CostMicroUsdPerHour;
}

/// <summary>What an optimum serves more of a traffic class than a baseline does.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="Priority">Its priority: 1 is shed last.</param>
/// <param name="UnservedSavedMbps">Mbit/s; negative where the optimum sheds more of it, in favour of a higher priority.</param>
public sealed record ClassWorth(string ClassId, int Priority, long UnservedSavedMbps);
