using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.WhatIf.Time;

/// <summary>A month's bills without and with a scenario.</summary>
/// <param name="Before">Without.</param>
/// <param name="After">With.</param>
public sealed record ScenarioMonth(MonthComparison Before, MonthComparison After)
{
    /// <summary>What the scenario adds to the whole bill, micro-USD, with billed levels and free slots in mind; negative where it saves.</summary>
    public long ChangeMicroUsd => checked(After.Aware.TotalMicroUsd - Before.Aware.TotalMicroUsd);

    /// <summary>Simulates the month twice, from the same seed: the same weekends, noise and flash crowds.</summary>
    /// <param name="runner">The baseline; its hour is passed over.</param>
    /// <param name="scenario">What to try; it holds from the first slot to the last.</param>
    /// <param name="period">The month.</param>
    /// <param name="seed">Above <see cref="int.MinValue"/>; see <see cref="DiurnalMonth"/>.</param>
    /// <param name="options">How it is simulated; defaults where null.</param>
    /// <param name="progress">Told what it is at.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The month, or every fault of the scenario.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (ScenarioMonth? Month, ImmutableArray<ScenarioFault> Faults) Run(
        ScenarioRunner runner, Scenario scenario, BillingPeriod period, int seed, MonthOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(scenario);
        (Snapshot? changed, ImmutableArray<ScenarioFault> faults) = scenario.Apply(runner.Snapshot);
        if (changed is null) return (null, faults);
        progress?.Report("the month without the scenario");
        MonthComparison before = MonthSimulator.Compare(Scaled(runner.Snapshot), period, seed, options, null, progress, cancellation);
        progress?.Report("the month with the scenario");
        return (new(before, MonthSimulator.Compare(Scaled(changed), period, seed, options, null, progress, cancellation)), []);
    }

    // A month is made of peaks: what multiplies demand multiplies those.
    private static World Scaled(Snapshot snapshot) => snapshot.DemandScale.IsDefaultOrEmpty || snapshot.DemandScale.All(static s => s == 1)
        ? snapshot.World
        : new World(snapshot.World.Facts with { Regions = [.. snapshot.World.Regions.Select((r, i) => r with { Peak = new(r.Peak.Value * snapshot.ScaleOf(i)) })] });
}
