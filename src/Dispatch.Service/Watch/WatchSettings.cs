namespace TrafficDispatch.Service.Watch;

/// <summary>Who may follow the table, and how. Immutable.</summary>
public sealed record WatchSettings
{
    /// <summary>Most streams at a time, 0 to 10,000; 0 lets nobody watch. Default 256.</summary>
    public int MaxStreams { get; init; } = 256;

    /// <summary>How many of the last tables stay in memory to make differences from, 1 to 64; default 8.</summary>
    public int KeptTables { get; init; } = 8;

    /// <summary>How often a stream without news says that it is alive, 1 s to 1 min; default 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);
}
