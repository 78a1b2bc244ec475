using TrafficDispatch.Service.Change;

namespace TrafficDispatch.Service.Publish;

/// <summary>What came of a cycle.</summary>
internal enum CycleResult
{
    /// <summary>A new table is in force.</summary>
    Published,

    /// <summary>The table in force is right as it is.</summary>
    Confirmed,

    /// <summary>A person has stopped publishing.</summary>
    Frozen,

    /// <summary>The guard keeps the last good table.</summary>
    Refused,

    /// <summary>Another process leads.</summary>
    Elsewhere,

    /// <summary>There is no world, no solution, or no store to publish in.</summary>
    Failed,
}

/// <summary>What came of a cycle, in words where it put nothing in force.</summary>
internal sealed record CycleOutcome(CycleResult Result, string Fault);

/// <summary>A cycle that a person asks for.</summary>
internal sealed record CycleOrder(ForcePermit? Permit)
{
    /// <summary>Ends with the cycle.</summary>
    public TaskCompletionSource<CycleOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
