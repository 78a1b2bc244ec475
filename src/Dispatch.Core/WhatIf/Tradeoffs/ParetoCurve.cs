using System.Collections.Immutable;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Tradeoffs;

/// <summary>What a plan comes to when a millisecond is worth so many times as much.</summary>
/// <param name="Factor">On what a millisecond is held to be worth; 1 as it is.</param>
/// <param name="Figures">Money and round trips at the optimum.</param>
/// <param name="IsDominated">True where another point is no worse in unserved traffic, money and mean round trip, and better in one.</param>
public sealed record ParetoPoint(double Factor, PlanFigures Figures, bool IsDominated);

/// <summary>Money against latency: what each millisecond less costs.</summary>
/// <param name="Points">By factor, least first.</param>
public sealed record ParetoCurve(ImmutableArray<ParetoPoint> Points)
{
    /// <summary>Factors that show the whole bend on the shipped world.</summary>
    public static readonly ImmutableArray<double> DefaultFactors = [0, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 100];

    /// <summary>The points that no other dominates, cheapest first.</summary>
    public ImmutableArray<ParetoPoint> Front => [.. Points.Where(static p => !p.IsDominated).OrderBy(static p => p.Figures.CostMicroUsdPerHour).ThenBy(static p => p.Factor)];

    /// <summary>Solves a scenario once for each factor, each from where the baseline ended.</summary>
    /// <param name="runner">The baseline.</param>
    /// <param name="scenario">What holds at every point; one without changes for the world as it is.</param>
    /// <param name="factors">Each finite, at least 0; none twice.</param>
    /// <param name="progress">Told the points that are done; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The curve, or every fault of the scenario.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (ParetoCurve? Curve, ImmutableArray<ScenarioFault> Faults) Run(
        ScenarioRunner runner, Scenario scenario, IReadOnlyList<double> factors, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(factors);
        List<(double Factor, PlanFigures Figures)> found = [];
        foreach (double factor in factors.Distinct().Order())
        {
            ScenarioResult result = runner.Run(factor == 1 ? scenario : scenario.Weigh(factor), cancellation);
            if (result.Comparison is null) return (null, result.Faults);
            found.Add((factor, result.Comparison.After));
            progress?.Invoke(found.Count);
        }
        return (new([.. found.Select(p => new ParetoPoint(p.Factor, p.Figures, found.Exists(other => Dominates(other.Figures, p.Figures))))]), []);
    }

    private static bool Dominates(PlanFigures a, PlanFigures b)
    {
        bool isNoWorse = a.Unserved <= b.Unserved && a.CostMicroUsdPerHour <= b.CostMicroUsdPerHour && a.MeanRtt.Value <= b.MeanRtt.Value;
        return isNoWorse && (a.Unserved < b.Unserved || a.CostMicroUsdPerHour < b.CostMicroUsdPerHour || a.MeanRtt.Value < b.MeanRtt.Value);
    }
}
