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
        MonthPass pass = new(world, new ContractTree(world), month, before, how, cancellation);
        MonthOutcome? naive = null, aware = null;
        MonthPlan? plan = null;
        // Neither reads what the other writes, so the figures do not depend on which thread is faster.
        Parallel.Invoke(
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = how.Threads },
            () => (_, naive) = pass.Unaware(),
            () => (plan, aware) = pass.Aware(lastBook, progress));
        return new(naive!.Figures, aware!.Figures, plan!.Levels, aware.Book);
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
