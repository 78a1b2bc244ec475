namespace TrafficDispatch.Service.Options;

/// <summary>What the process was told to do, bound from configuration and checked as a whole. Immutable.</summary>
/// <param name="World">Where the facts come from.</param>
/// <param name="State">Where the last good tables are kept.</param>
/// <param name="Solve">When to solve.</param>
public sealed record ServiceSettings(WorldSettings World, StateSettings State, SolveSettings Solve);

/// <summary>Where the facts come from.</summary>
/// <param name="Path">Full path of the world folder. Default: <c>world</c> beside the program, the shipped world.</param>
/// <param name="CountryMmdb">Full path of a country or city database for a world without prefix tables; empty for none.</param>
/// <param name="AsnMmdb">Full path of a database of autonomous systems, used beside <paramref name="CountryMmdb"/>; empty for none.</param>
public sealed record WorldSettings(string Path, string CountryMmdb, string AsnMmdb);

/// <summary>Where the last good tables are kept.</summary>
/// <param name="Path">
/// Full path of a folder that this process alone writes. Default: <c>TrafficDispatch/state</c> in the user's folder for local data
/// (<c>~/.local/share</c> on Linux), or <c>state</c> beside the program where the user has none.
/// </param>
/// <param name="KeptTables">How many tables stay on disk, 1 to 100; default 3.</param>
public sealed record StateSettings(string Path, int KeptTables);

/// <summary>When to solve.</summary>
/// <param name="Interval">Time from the start of one solve to the start of the next, 1 s to 1 day; default 5 minutes.</param>
/// <param name="UtcHour">The hour whose demand is served whatever the clock says, 0 to 23; null (default) follows the clock.</param>
public sealed record SolveSettings(TimeSpan Interval, int? UtcHour);

/// <summary>A setting that cannot be used.</summary>
/// <param name="Key">Its configuration key.</param>
/// <param name="Value">What it says.</param>
/// <param name="Rule">What must hold.</param>
public sealed record SettingFault(string Key, string Value, string Rule)
{
    /// <summary>One line, for instance <c>Solve:Interval is '0': must be 00:00:01 to 1.00:00:00</c>.</summary>
    public override string ToString() => $"{Key} is '{Value}': {Rule}";
}
