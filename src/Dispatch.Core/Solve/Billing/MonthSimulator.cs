using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>
/// Runs a month twice: as if every Mbit/s above the commit raised the bill, and with billed levels and free slots in mind. The same
/// inputs give the same figures. Stateless and thread-safe.
/// </summary>
public static class MonthSimulator
{
    /// <summary>Compares both ways on a month of the diurnal world; the month before it is that of the seed before.</summary>
    /// <param name="world">Facts with contracts.</param>
    /// <param name="period">The month.</param>
    /// <param name="seed">Above <see cref="int.MinValue"/>; see <see cref="DiurnalMonth"/>.</param>
    /// <param name="options">How; defaults where null.</param>
    /// <param name="lastBook">Accounts at the end of the month before, whose billed levels to start from; null to simulate them.</param>
    /// <param name="progress">Told what it is at.</param>
    /// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
    public static MonthComparison Compare(
        World world, BillingPeriod period, int seed, MonthOptions? options = null, BillingBook? lastBook = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        MonthOptions how = options ?? new MonthOptions();
        DiurnalMonth month = new(world, period, seed), before = new(world, BillingPeriod.Of(how.SearchDays, 1), seed - 1);
        return Compare(world, month, before, how, lastBook, progress, cancellation);
    }

    /// <summary>Compares both ways on any month.</summary>
    /// <param name="world">Facts with contracts.</param>
    /// <param name="month">The month to be billed.</param>
    /// <param name="before">An earlier month, from which levels and thresholds are learned; the same as <paramref name="month"/> for hindsight.</param>
    /// <param name="options">How; defaults where null.</param>
    /// <param name="lastBook">Accounts at the end of the month before, whose billed levels to start from; null to simulate them.</param>
    /// <param name="progress">Told what it is at.</param>
    /// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
    public static MonthComparison Compare(
        World world, MonthDemand month, MonthDemand before, MonthOptions? options = null, BillingBook? lastBook = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        MonthOptions how = options ?? new MonthOptions();
        ContractTree tree = new(world);
        LevelPlan plan = Plan(world, tree, before, how, lastBook, progress, cancellation);
        MonthOutcome naive = Run(null, "no burst awareness"), aware = Run(plan, "with bursts");
        return new(naive.Figures, aware.Figures, plan.Levels, aware.Book);

        MonthOutcome Run(LevelPlan? steered, string name) =>
            new MonthRun(world, tree, month, how, steered).Run(Slots(progress, name, month.Period.Slots), cancellation);
    }

    /// <summary>Levels of the month before, as it was billed without burst awareness, then the search.</summary>
    private static LevelPlan Plan(World world, ContractTree tree, MonthDemand before, MonthOptions how, BillingBook? lastBook, IProgress<string>? progress, CancellationToken cancellation)
    {
        int round = 0;
        MonthOutcome first = Run(null);
        LevelPlan start = new([.. first.Book.Accounts.Select((a, c) => (lastBook?.Of(a.ContractId) ?? a).PaidLevel(tree.Contracts[c]))], first.Thresholds);
        return how.SearchRounds == 0 ? start : LevelSearch.Search(start, tree, how.SearchRounds, Run);

        MonthOutcome Run(LevelPlan? plan) => new MonthRun(world, tree, before, how, plan)
            .Run(Slots(progress, $"last month, pass {++round} of {how.SearchRounds + 1}", before.Period.Slots), cancellation);
    }

    private static SlotProgress? Slots(IProgress<string>? progress, string name, int slots) => progress is null ? null : new SlotProgress(progress, name, slots);

    private sealed class SlotProgress(IProgress<string> progress, string name, int slots) : IProgress<int>
    {
        public void Report(int value) => progress.Report($"{name}: slot {value} of {slots}");
    }
}

/// <summary>A month both ways.</summary>
/// <param name="Naive">As if every Mbit/s above the commit raised the bill.</param>
/// <param name="Aware">With billed levels and free slots in mind.</param>
/// <param name="Levels">The levels that were planned for, a contract of the world.</param>
/// <param name="Book">The accounts at the end of the aware month.</param>
public sealed record MonthComparison(MonthFigures Naive, MonthFigures Aware, ImmutableArray<Mbps> Levels, BillingBook Book)
{
    /// <summary>What awareness saves of the whole bill, percent; 0 where nothing is billed.</summary>
    public double SavedPercent => Naive.TotalMicroUsd == 0 ? 0 : 100.0 * (Naive.TotalMicroUsd - Aware.TotalMicroUsd) / Naive.TotalMicroUsd;

    /// <summary>What awareness adds to the mean round trip, milliseconds.</summary>
    public double MeanRttPaidMs => Aware.MeanRttMs - Naive.MeanRttMs;

    /// <summary>What awareness adds to the 95th percentile of round trips, milliseconds.</summary>
    public double P95RttPaidMs => Aware.P95RttMs - Naive.P95RttMs;
}
