using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Sweeps;

/// <summary>What one case of a sweep came to.</summary>
/// <param name="Name">The case.</param>
/// <param name="Figures">Its figures; null where it could not be applied or solved.</param>
/// <param name="Moved">Traffic that another edge serves than in the baseline.</param>
/// <param name="UnservedMore">What is unserved beyond the baseline; negative for less.</param>
/// <param name="IsAbsorbed">True where nothing is shed that the baseline serves, priorities counted.</param>
/// <param name="Faults">Why there are no figures; empty otherwise.</param>
public sealed record SweepRow(string Name, PlanFigures? Figures, Mbps Moved, Mbps UnservedMore, bool IsAbsorbed, ImmutableArray<string> Faults)
{
    internal static SweepRow Of(ScenarioResult result) => result.Comparison is { } c
        ? new(result.Scenario.Name, c.After, c.Moved, c.After.Unserved - c.Before.Unserved, c.Assignment.Optimum.UnservedCharge() <= c.Baseline.Optimum.UnservedCharge(), [])
        : new(result.Scenario.Name, null, Mbps.Zero, Mbps.Zero, false, [.. result.Faults.Select(static f => f.Text)]);
}

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Cases done, those of an earlier run included.</param>
/// <param name="Of">All cases.</param>
/// <param name="Last">The case that was done last; null where it is not one case that was.</param>
public readonly record struct SweepProgress(int Done, int Of, SweepRow? Last);

/// <summary>All cases of a sweep beside their baseline.</summary>
/// <param name="Baseline">The baseline's figures.</param>
/// <param name="Rows">The cases, in the order in which they were given.</param>
/// <param name="Resumed">How many of them were taken from an earlier run.</param>
/// <param name="Elapsed">Time of the others.</param>
public sealed record SweepReport(PlanFigures Baseline, ImmutableArray<SweepRow> Rows, int Resumed, TimeSpan Elapsed)
{
    /// <summary>The rows, worst first: those without figures, then by what more is unserved, then by cost, then by name.</summary>
    public ImmutableArray<SweepRow> WorstFirst() =>
    [
        .. Rows.OrderBy(static r => r.Figures is not null).ThenByDescending(static r => r.UnservedMore).ThenByDescending(static r => r.Figures?.CostMicroUsdPerHour ?? 0)
            .ThenBy(static r => r.Name, StringComparer.Ordinal),
    ];
}
