namespace TrafficDispatch.Flow;

/// <summary>Limits of one solve. The defaults set none.</summary>
public sealed record FlowOptions
{
    /// <summary>No limits.</summary>
    public static FlowOptions Default { get; } = new();

    /// <summary>The most basis changes to make; null (default) for no limit. Zero or more. Deterministic, unlike a time.</summary>
    public long? MaxPivots { get; init; }

    /// <summary>The longest the solve may take by a monotonic clock; null (default) for no limit. Looked at every 16 pivots.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Where to start; null (default) for a start from nothing.</summary>
    public FlowStart? Start { get; init; }

    /// <summary>Keep the optimum's basis in <see cref="FlowSolution.Basis"/>. Default: false.</summary>
    public bool KeepBasis { get; init; }

    /// <summary>The clock for <see cref="TimeLimit"/>. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
