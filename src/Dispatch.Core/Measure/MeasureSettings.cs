namespace TrafficDispatch.Measure;

/// <summary>What is believed, for how long, and how much memory it may take. Immutable.</summary>
/// <remarks>At the caps below a full book takes about 360 bytes a path cell, 60 a load, 190 a resolver and 220 a reporter.</remarks>
public sealed record MeasureSettings
{
    /// <summary>The settings that hold where nobody says otherwise.</summary>
    public static readonly MeasureSettings Default = new();

    /// <summary>After this time a sample counts half; after five times as long not at all. 10 s to 1 day; default 5 minutes.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far the clock of a reporter may be ahead of ours; default 1 minute.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Samples (aged) from which on a path is believed; default 8.</summary>
    public int SamplesToRise { get; init; } = 8;

    /// <summary>Samples (aged) below which a path that is believed no longer is; at most <see cref="SamplesToRise"/>. Default 4.</summary>
    public int SamplesToFall { get; init; } = 4;

    /// <summary>Samples (aged) that leave nothing to be desired: full confidence. Default 64.</summary>
    public int SamplesForFullConfidence { get; init; } = 64;

    /// <summary>Packets (aged) below which a share of losses says nothing; default 200.</summary>
    public int PacketsForLoss { get; init; } = 200;

    /// <summary>A reporter whose median is so many times that of its nearest peer, up or down, contradicts it; default 3.</summary>
    public int ContradictionFactor { get; init; } = 3;

    /// <summary>While fewer than three reporters agree, an estimate is at least the facts' value over this; default 4.</summary>
    public int FewReportersFall { get; init; } = 4;

    /// <summary>While fewer than three reporters agree, an estimate is at most the facts' value times this; default 8.</summary>
    public int FewReportersRise { get; init; } = 8;

    /// <summary>While fewer than three reporters agree, loss is at most this, parts per million; default 200,000.</summary>
    public int FewReportersMostLossPpm { get; init; } = 200_000;

    /// <summary>An estimate that moved by less than this stays as it was, percent; default 10: one bucket makes 9.1.</summary>
    public int DeadBandPercent { get; init; } = 10;

    /// <summary>Half-life of the level that demand is forecast from; default 1 hour.</summary>
    public TimeSpan DemandHalfLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a load report stands for what an edge carries; default 10 minutes.</summary>
    public TimeSpan LoadLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After this time what a resolver's clients were counts half; default 6 hours.</summary>
    public TimeSpan ResolverHalfLife { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Most reporters, 1 to 16,383; default 4,096.</summary>
    public int Reporters { get; init; } = 4096;

    /// <summary>Most path cells: region, edge, network and reporter make one. Default 1,000,000.</summary>
    public int PathCells { get; init; } = 1_000_000;

    /// <summary>Part of the path cells that one reporter may hold, percent; default 50.</summary>
    public int ReporterCellPercent { get; init; } = 50;

    /// <summary>Most loads: region, edge and reporter make one. Default 500,000.</summary>
    public int Loads { get; init; } = 500_000;

    /// <summary>Most resolvers; default 65,536.</summary>
    public int Resolvers { get; init; } = 65_536;

    /// <summary>Most access networks told apart, 1 to 65,535; default 8,192. Others count for their region only.</summary>
    public int Networks { get; init; } = 8192;
}
