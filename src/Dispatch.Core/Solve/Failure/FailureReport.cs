using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Failure;

/// <summary>All failures that were tried on one plan.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record FailureReport
{
    /// <summary>The main plan with its proof.</summary>
    public required Assignment Main { get; init; }

    /// <summary>The main plan's objective less what unserved traffic is charged.</summary>
    public required Int128 MainServedCost { get; init; }

    /// <summary>The outcomes, in the order of <see cref="FailureScenario.AllOf"/>.</summary>
    public required ImmutableArray<FailureOutcome> Outcomes { get; init; }

    /// <summary>True when the outcomes are optimal over all allowed edges, false when over the main plan's candidates.</summary>
    public required bool OverAllEdges { get; init; }

    /// <summary>Rounds until no edge that was left out would help any failure; 1 where candidates sufficed.</summary>
    public required int Rounds { get; init; }

    /// <summary>Candidates that failures needed beyond those of the main plan.</summary>
    public required int AddedCandidates { get; init; }

    /// <summary>Groups whose edges were priced, all failures together: the rest was ruled out by a bound.</summary>
    public required long PricedGroups { get; init; }

    /// <summary>Time of all solves.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How many failures shed nothing that the main plan serves.</summary>
    public int Absorbed => Outcomes.Count(static o => o.IsAbsorbed);

    /// <summary>The outcomes, worst first: what they charge for unserved traffic, then their cost, then the name.</summary>
    public ImmutableArray<FailureOutcome> WorstFirst() =>
        [.. Outcomes.OrderByDescending(static o => o.Objective - o.ServedCost).ThenByDescending(static o => o.ServedCost).ThenBy(static o => o.Scenario.Name, StringComparer.Ordinal)];

    /// <summary>The whole plan of one outcome.</summary>
    public TrafficPlan PlanOf(FailureOutcome outcome) => outcome.Diff.ApplyTo(Main.Optimum);
}
