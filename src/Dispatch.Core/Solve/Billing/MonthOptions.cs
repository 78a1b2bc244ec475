namespace TrafficDispatch.Solve.Billing;

/// <summary>How a month is simulated.</summary>
public sealed record MonthOptions
{
    /// <summary>
    /// Edges a region may use, half of them its nearest and half its cheapest, at least 1. Default 128: on the shipped world a
    /// week then costs within 0.1 % of one with all edges; with 32 it costs 18 % more.
    /// </summary>
    public int Candidates { get; init; } = 128;

    /// <summary>
    /// Hours a month that a raised level is taken to be used, above 0 to 720: its price for a slot is the month's price over so many hours.
    /// Default 36, the free share of a month: a raise is held to be for peaks. The run without burst awareness takes 720.
    /// </summary>
    public double RaiseHours { get; init; } = 36;

    /// <summary>Rounds of the search for levels; 0 keeps the levels given. Default 8.</summary>
    public int SearchRounds { get; init; } = 8;

    /// <summary>
    /// Passes more in which the search moves one level at a time and keeps what is cheaper, at least 0. Default 0: on the shipped world a pass takes
    /// seconds, and one level of fifteen is little.
    /// </summary>
    public int RefineRounds { get; init; }

    /// <summary>Days of the month before that the search looks at, hour by hour, where no other is given. Default 10.</summary>
    public int SearchDays { get; init; } = 10;

    /// <summary>Threads, 1 or 2, default 2: both ways at a time on threads of the pool, or one after the other on the caller's own. No figure depends on it.</summary>
    public int Threads { get; init; } = 2;
}
