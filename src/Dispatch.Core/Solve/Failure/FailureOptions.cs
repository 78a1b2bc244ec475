namespace TrafficDispatch.Solve.Failure;

/// <summary>Which failures are tried, and how.</summary>
public sealed record FailureOptions
{
    /// <summary>The defaults.</summary>
    public static readonly FailureOptions Default = new();

    /// <summary>True to let whole operators fail, beside every fault domain and every edge. Default false.</summary>
    public bool Operators { get; init; }

    /// <summary>
    /// True (default) to price every edge that was left out of a group's candidates with each failure's duals, until none would help, so
    /// that every outcome is optimal over all allowed edges. False stays with the candidates of the main plan.
    /// </summary>
    public bool AllEdges { get; init; } = true;

    /// <summary>True (default) to find what capacity would fix what a failure leaves unserved.</summary>
    public bool Fixes { get; init; } = true;

    /// <summary>
    /// What moving one Mbit/s away from the main plan is held to cost while a failure lasts, micro-USD per Mbit/s and hour; at least 0. It keeps
    /// traffic that need not move where it is: without it the optimum may move much for little. Null (default) for the plan's own
    /// objective.
    /// </summary>
    public long? MoveCost { get; init; }

    /// <summary>Names of failures to leave out, as <see cref="FailureScenario.Name"/> has them: those that an earlier run has tried. Null (default) for none.</summary>
    public IReadOnlySet<string>? Except { get; init; }

    /// <summary>
    /// Told each outcome once, as soon as it is known to be the last word, on the sweep's threads, several at a time; without fixes. Null (default)
    /// for nobody. What it throws ends the run.
    /// </summary>
    public Action<FailureOutcome>? Settled { get; init; }

    /// <summary>Number of threads, at least 1; default: one a processor. No outcome depends on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How far a run of failures is.</summary>
/// <param name="Round">1 for the first solves; then those that got candidates more.</param>
/// <param name="Done">Failures solved in this round.</param>
/// <param name="Of">Failures in this round.</param>
public readonly record struct FailureProgress(int Round, int Done, int Of);
