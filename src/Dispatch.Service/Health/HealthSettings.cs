namespace TrafficDispatch.Service.Health;

/// <summary>When automation takes a node out, when it gives it back, and how much it may take at all. Immutable.</summary>
public sealed record HealthSettings
{
    /// <summary>Vantages that must hold a node down, and be more than half of those that see it; 1 to 100, default 3.</summary>
    public int Quorum { get; init; } = 3;

    /// <summary>Bad probes in a row after which a vantage holds a node down, 1 to 1000; default 10, as in the field's hysteresis.</summary>
    public int BadToFall { get; init; } = 10;

    /// <summary>Good probes in a row after which it holds the node up again, 1 to 1000; default 10.</summary>
    public int GoodToRise { get; init; } = 10;

    /// <summary>How long a vantage's word counts after its last probe; default 60 s, six probes at the usual 10 s.</summary>
    public TimeSpan Remembered { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a node that nobody sees any more stays out; default 10 minutes.</summary>
    public TimeSpan Abandoned { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Percent of its latest probes that fail above which a vantage is taken for the one that is broken, 1 to 100; default 50.</summary>
    public int DistrustPercent { get; init; } = 50;

    /// <summary>Targets below which a vantage is never distrusted: a share of so few says nothing. Default 5.</summary>
    public int DistrustTargets { get; init; } = 5;

    /// <summary>Percent of the capacity of all edges (of the number of relays, of origins) that automation may take away, 0 to 100; default 30.</summary>
    public int MostTakenPercent { get; init; } = 30;

    /// <summary>The same within one fault domain, 0 to 100; default 100: the loss of a whole domain is what failovers are planned for.</summary>
    public int MostTakenDomainPercent { get; init; } = 100;

    /// <summary>What the word of the vantage <c>telemetry</c> weighs; default one vote.</summary>
    public TelemetryVote TelemetryVote { get; init; } = TelemetryVote.One;

    /// <summary>Percent of its packets that a path must lose for telemetry to call it losing, 1 to 100; default 30.</summary>
    public int TelemetryLossPercent { get; init; } = 30;

    /// <summary>Regions that must see an edge before telemetry has a word on it, 1 to 10,000; default 5.</summary>
    public int TelemetryRegions { get; init; } = 5;

    /// <summary>Reporters that must see an edge before telemetry has a word on it, 1 to 10,000; default 3.</summary>
    public int TelemetryReporters { get; init; } = 3;

    /// <summary>Penalty of one fall, halved every <see cref="PenaltyHalfLife"/> (route flap damping, RFC 2439).</summary>
    public const int FallPenalty = 1000;

    /// <summary>Above this penalty a node stays out though it is well: the third fall in a row brings it there.</summary>
    public const int SuppressAbove = 2500;

    /// <summary>Below this penalty it may come back.</summary>
    public const int ReuseBelow = 750;

    /// <summary>Penalties are held to this, so that nobody waits for longer than four half-lives.</summary>
    public const int MostPenalty = 6000;

    /// <summary>Default 15 minutes.</summary>
    public TimeSpan PenaltyHalfLife { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Percent of its clients that an edge which comes back keeps, step by step, before it keeps all.</summary>
    public static ReadOnlySpan<byte> ReturnSteps => [10, 25, 50];

    /// <summary>How long each of the steps lasts; default one minute.</summary>
    public TimeSpan ReturnStep { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>What telemetry's word on an edge weighs beside those of vantages.</summary>
public enum TelemetryVote
{
    /// <summary>Nothing: it is not asked.</summary>
    Off,

    /// <summary>One vote, and never enough without a vantage that says the same.</summary>
    One,

    /// <summary>As much as a quorum: it takes an edge out alone, unless as many vantages hold the edge up.</summary>
    Quorum,
}
