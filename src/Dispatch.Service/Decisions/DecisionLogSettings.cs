namespace TrafficDispatch.Service.Decisions;

/// <summary>Which decisions are written down, and how much of the disk they may take. Immutable.</summary>
public sealed record DecisionLogSettings
{
    /// <summary>One decision in so many is written, by each thread's own count; 1 to 1,000,000,000, or 0 (default) for none.</summary>
    public int OneIn { get; init; }

    /// <summary>Most decisions a second that are written, 1 to 10,000; default 100.</summary>
    public int PerSecond { get; init; } = 100;

    /// <summary>From how many megabytes on another file is begun, 1 to 10,000; default 64.</summary>
    public int Megabytes { get; init; } = 64;

    /// <summary>How many files stay, the one that is written among them, 1 to 100; default 5.</summary>
    public int Files { get; init; } = 5;
}
