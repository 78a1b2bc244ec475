using TrafficDispatch.Model;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Decisions;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Media;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Pages;
using TrafficDispatch.Service.Planning;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Steering;
using TrafficDispatch.Service.Tls;
using TrafficDispatch.Service.Watch;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Guarding;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Service.Options;

/// <summary>What the process was told to do, bound from configuration and checked as a whole. Immutable.</summary>
/// <param name="World">Where the facts come from.</param>
/// <param name="State">Where the last good tables are kept.</param>
/// <param name="Solve">When to solve.</param>
public sealed record ServiceSettings(WorldSettings World, StateSettings State, SolveSettings Solve)
{
    /// <summary>What reporters may send.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>What is refused before it is published.</summary>
    public GuardLimits Guard { get; init; } = new();

    /// <summary>When automation takes nodes out and gives them back.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>When edges give clients away.</summary>
    public LoadSettings Load { get; init; } = new();

    /// <summary>Whose probes are heard.</summary>
    public ProbeSettings Probes { get; init; } = new(false);

    /// <summary>What DNS servers are told.</summary>
    public DnsSettings Dns { get; init; } = new();

    /// <summary>What reports about paths may do.</summary>
    public PathSettings Paths { get; init; } = new();

    /// <summary>Whose client certificates are believed.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>What the process takes on before it turns callers away.</summary>
    public OverloadSettings Overload { get; init; } = new();

    /// <summary>How the process ends.</summary>
    public ShutdownSettings Shutdown { get; init; } = new();

    /// <summary>Who may change what.</summary>
    public AdminSettings Admin { get; init; } = new();

    /// <summary>How players are steered.</summary>
    public SteeringSettings Steering { get; init; } = new();

    /// <summary>Who may follow the table.</summary>
    public WatchSettings Watch { get; init; } = new();

    /// <summary>Who may look at the page.</summary>
    public PageSettings Page { get; init; } = new();

    /// <summary>What planners may ask.</summary>
    public PlannerSettings Planner { get; init; } = new();

    /// <summary>How media servers register streams.</summary>
    public MediaSettings Media { get; init; } = new();

    /// <summary>Where metrics and traces are sent by OTLP; null (default) for nowhere.</summary>
    public OtlpSettings? Otlp { get; init; }

    /// <summary>Which decisions are written down.</summary>
    public DecisionLogSettings DecisionLog { get; init; } = new();

    /// <summary>How the state is shared; null (default) where this process keeps it alone.</summary>
    public SharedSettings? Shared { get; init; }

    /// <summary>What the process does; default <see cref="Role.All"/>.</summary>
    public Role Role { get; init; }
}

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
/// <param name="KeptTables">How many tables stay on disk, 1 to 100; default 12: half an hour of cycles that each change something.</param>
public sealed record StateSettings(string Path, int KeptTables)
{
    /// <summary>How many stay where nothing is said.</summary>
    public const int KeptByDefault = 12;
}

/// <summary>When and how to solve.</summary>
/// <param name="Interval">Time from the start of one solve to the start of the next, 1 s to 1 day; default 5 minutes.</param>
/// <param name="UtcHour">The hour whose demand is served whatever the clock says, 0 to 23; null (default) follows the clock.</param>
public sealed record SolveSettings(TimeSpan Interval, int? UtcHour)
{
    /// <summary>What each solve owes to the plan in force.</summary>
    public StabilitySettings Stability { get; init; } = new();

    /// <summary>True (default) to try every failure of a plan once it is in force, and to ship failovers with the table.</summary>
    public bool Failures { get; init; } = true;

    /// <summary>
    /// True to let contracts use free slots of their month, at no more than the month's own pace; false (default) to hold every contract to
    /// the level it is billed for.
    /// </summary>
    public bool Bursts { get; init; }

    /// <summary>Room kept free for the failure of any fault domain; null (default) for none.</summary>
    public Reserve? Reserve { get; init; }

    /// <summary>Slack above the least utilisation, percent; null (default) to let edges fill as cost has it.</summary>
    public int? MinMaxSlackPercent { get; init; }

    /// <summary>Farthest edge that may serve a region; null (default) for no bound but the classes' own.</summary>
    public Milliseconds? MaxRtt { get; init; }

    /// <summary>Candidate edges a group starts with; default 64. The result does not depend on it.</summary>
    public int Candidates { get; init; } = SolveOptions.Default.Candidates;
}

/// <summary>How dear and how fast changes of the plan in force are. The defaults are argued for in decision 11.</summary>
public sealed record StabilitySettings
{
    /// <summary>What moving a Mbit/s is held to cost, micro-USD an hour, 0 to 1,000,000; default 40.</summary>
    public long MoveCost { get; init; } = 40;

    /// <summary>Points of its usable capacity that an edge may gain in one cycle, 1 to 100; null for no bound. Default 10.</summary>
    public int? OnloadPercent { get; init; } = 10;

    /// <summary>How much of each change is made in one cycle, and below what part of a group's demand none is. Default 80 and 1.</summary>
    public Pace Pace { get; init; } = new(80, 1);

    /// <summary>Part of all traffic that may move in one cycle though it could stay, 0 to 100 percent; null (default) for no bound.</summary>
    public int? MoveBudgetPercent { get; init; }

    /// <summary>How long traffic takes to follow a new plan, 0 to 1 day; default 5 minutes, the longest time an answer may hold.</summary>
    public TimeSpan ArrivalTime { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Whose probes are heard.</summary>
/// <param name="Remote">True to hear vantages on other machines too, whoever they are; false (default) for this machine alone. Nothing where there are tokens.</param>
public sealed record ProbeSettings(bool Remote)
{
    /// <summary>Tokens that vantages must show, from this machine too; null (default) where none is asked for.</summary>
    internal WatchedFile<TokenBook>? Tokens { get; init; }
}

/// <summary>A setting that cannot be used.</summary>
/// <param name="Key">Its configuration key.</param>
/// <param name="Value">What it says.</param>
/// <param name="Rule">What must hold.</param>
public sealed record SettingFault(string Key, string Value, string Rule)
{
    /// <summary>One line, for instance <c>Solve:Interval is '0': must be 00:00:01 to 1.00:00:00</c>.</summary>
    public override string ToString() => $"{Key} is '{Value}': {Rule}";
}
