namespace TrafficDispatch.Service.Planning;

/// <summary>What planners may ask of a process that serves. Immutable.</summary>
public sealed record PlannerSettings
{
    /// <summary>Runs at a time, 0 to 16; 0 lets nobody ask. Default 1.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Callers who may wait for their turn, 0 to 1,000; beyond, they are turned away. Default 4.</summary>
    public int Queue { get; init; } = 4;

    /// <summary>How long a run may take, waiting aside, 1 s to 1 day; default 5 minutes.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Cases that a scenario may have, 1 to 10,000; default 500.</summary>
    public int MaxCases { get; init; } = 500;

    /// <summary>How long a message may wait for its reader before the run is ended, 1 s to 1 h; default 1 minute.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
