using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.WhatIf.Time;

/// <summary>One hour of a day, without and with a scenario.</summary>
/// <param name="UtcHour">The hour, 0 to 23.</param>
/// <param name="Before">Figures without.</param>
/// <param name="After">Figures with.</param>
/// <param name="Moved">Traffic that another edge serves with it than without.</param>
/// <param name="FullEdges">Edges that are full with it.</param>
public sealed record HourComparison(int UtcHour, PlanFigures Before, PlanFigures After, Mbps Moved, int FullEdges);

/// <summary>A day hour by hour, without and with a scenario.</summary>
/// <param name="Hours">The hours, in the order asked for.</param>
public sealed record DayComparison(ImmutableArray<HourComparison> Hours)
{
    /// <summary>Money of all hours without the scenario, micro-USD at marginal prices.</summary>
    public Int128 CostMicroUsdBefore => Sum(static h => h.Before.CostMicroUsdPerHour);

    /// <summary>Money of all hours with it.</summary>
    public Int128 CostMicroUsdAfter => Sum(static h => h.After.CostMicroUsdPerHour);

    /// <summary>What nobody serves in all hours without the scenario, GB (10^9 byte).</summary>
    public double UnservedGbBefore => Hours.Sum(static h => h.Before.Unserved.Value * Price.GbPerMbpsHour);

    /// <summary>What nobody serves in all hours with it, GB.</summary>
    public double UnservedGbAfter => Hours.Sum(static h => h.After.Unserved.Value * Price.GbPerMbpsHour);

    /// <summary>The hour in which most is unserved with the scenario; of those that are alike the one with the highest 95th percentile of round trips.</summary>
    public HourComparison Worst => Hours.OrderByDescending(static h => h.After.Unserved).ThenByDescending(static h => h.After.P95Rtt.Value).ThenBy(static h => h.UtcHour).First();

    private Int128 Sum(Func<HourComparison, Int128> of)
    {
        Int128 sum = 0;
        foreach (HourComparison hour in Hours) sum += of(hour);
        return sum;
    }

    /// <summary>Solves every hour twice, each from where the hour before ended.</summary>
    /// <param name="runner">The baseline; its hour is passed over.</param>
    /// <param name="scenario">What to try.</param>
    /// <param name="utcHours">Hours 0 to 23, at least one.</param>
    /// <param name="progress">Told each hour as it is done; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The day, or every fault of the scenario.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An hour is none, or there is none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">An hour has no optimum without the scenario.</exception>
    public static (DayComparison? Day, ImmutableArray<ScenarioFault> Faults) Run(
        ScenarioRunner runner, Scenario scenario, IReadOnlyList<int> utcHours, Action<HourComparison>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(utcHours);
        if (utcHours.Count == 0 || utcHours.Any(static h => h is < 0 or > 23)) throw new ArgumentOutOfRangeException(nameof(utcHours), "Hours are from 0 to 23, at least one.");
        ImmutableArray<HourComparison>.Builder hours = ImmutableArray.CreateBuilder<HourComparison>(utcHours.Count);
        ScenarioRunner at = runner;
        foreach (int hour in utcHours)
        {
            // The scenario starts from the same hour without it: what moves is what must.
            at = ScenarioRunner.Start(runner.Snapshot with { UtcHour = hour }, at.Options, cancellation);
            ScenarioResult result = at.Run(scenario, cancellation);
            if (result.Comparison is not { } both) return (null, [.. result.Faults.Select(f => f with { Text = $"{hour:00}:00 UTC: {f.Text}" })]);
            hours.Add(new(hour, both.Before, both.After, both.Moved, both.Room.Count(static r => r is { Kind: RoomKind.Edge, After.IsFull: true })));
            progress?.Invoke(hours[^1]);
        }
        return (new(hours.ToImmutable()), []);
    }
}
