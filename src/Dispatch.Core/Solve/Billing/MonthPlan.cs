using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>What a month is steered by, a contract each.</summary>
/// <param name="Levels">The level to be billed for; the commit where it is higher. Read where there are <paramref name="Thresholds"/>.</param>
/// <param name="Thresholds">What a free slot must save, micro-USD an hour; see <see cref="BurstPolicy"/>. Empty for a month that knows no bursts: every
/// Mbit/s above a commit is taken to raise the bill.</param>
/// <param name="Volumes">How volume contracts are priced; of no meaning for others.</param>
internal sealed record MonthPlan(ImmutableArray<Mbps> Levels, ImmutableArray<long> Thresholds, ImmutableArray<VolumePlan> Volumes)
{
    /// <summary>True where bursts are known.</summary>
    public bool Bursts => !Thresholds.IsEmpty;

    /// <summary>A month that knows no bursts and takes every volume contract to end in its first tier.</summary>
    public static MonthPlan Unaware(ContractTree tree) =>
        new([], [], [.. tree.Contracts.Select(static c => c.Tiers.IsEmpty ? default : new VolumePlan(c.Marginal(c.Tiers[0]).Value, c.Commit.ToMbps().Value))]);
}

/// <summary>What a pass over a month gave.</summary>
/// <param name="Figures">What it came to.</param>
/// <param name="Book">The accounts at its end.</param>
/// <param name="WorthOfLevel">What a Mbit/s more of level would have saved over the month where no burst ran, micro-USD, a contract.</param>
/// <param name="Thresholds">The value, micro-USD an hour, that as many slots reached as are free; 1 where fewer had any.</param>
internal sealed record MonthOutcome(MonthFigures Figures, BillingBook Book, ImmutableArray<long> WorthOfLevel, ImmutableArray<long> Thresholds);
