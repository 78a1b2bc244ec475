namespace TrafficDispatch.Measure;

/// <summary>What an estimate rests on, best first: each is the fallback of the one before.</summary>
public enum EstimateLevel
{
    /// <summary>Measured for this access network of the region.</summary>
    Group = 0,

    /// <summary>Measured for the region, all networks together.</summary>
    Region = 1,

    /// <summary>The facts' value, corrected by what the country's other regions measure against theirs.</summary>
    Country = 2,

    /// <summary>The facts' value: measured once or modelled by distance.</summary>
    Model = 3,
}

/// <summary>What is believed of the paths from a region (or one of its networks) to an edge.</summary>
/// <param name="Region">Region ordinal.</param>
/// <param name="Edge">Edge ordinal.</param>
/// <param name="Network">Access network; empty but at <see cref="EstimateLevel.Group"/>.</param>
/// <param name="Level">What it rests on.</param>
/// <param name="RttMicroseconds">Median round trip.</param>
/// <param name="P95Microseconds">95th percentile of the round trip; equal to the median where it is not measured.</param>
/// <param name="LossPpm">Packet loss, parts per million; null where too few packets were seen.</param>
/// <param name="ThroughputKbps">Throughput of one client, kbit/s; null where it is not measured.</param>
/// <param name="Samples">Samples behind it, aged.</param>
/// <param name="Reporters">Reporters behind it that do not contradict all others.</param>
/// <param name="ConfidencePercent">0 (none) to 100: grows with samples and with the number of reporters.</param>
public sealed record PathEstimate(
    int Region, int Edge, string Network, EstimateLevel Level, long RttMicroseconds, long P95Microseconds, int? LossPpm, long? ThroughputKbps,
    int Samples, int Reporters, int ConfidencePercent);

/// <summary>What regions that do not measure an edge themselves follow: the facts' round trips times what their country's other regions measure against theirs.</summary>
/// <param name="Iso2">The country.</param>
/// <param name="Edge">Edge ordinal.</param>
/// <param name="Permille">Median ratio of measurement to facts, in thousandths.</param>
/// <param name="Regions">Regions behind it.</param>
public sealed record CountryRatio(string Iso2, int Edge, long Permille, int Regions)
{
    private const int PermilleOfOne = 1000, ConfidenceARegion = 25, CountryConfidence = 2;

    /// <summary>0 to 50: grows with the number of regions.</summary>
    public int ConfidencePercent => Math.Min(100, ConfidenceARegion * Regions) / CountryConfidence;

    /// <summary>The round trip that follows from the facts' one, both in microseconds.</summary>
    public long Of(long factsMicroseconds) => factsMicroseconds * Permille / PermilleOfOne;
}

/// <summary>What a region asks for.</summary>
/// <param name="Region">Region ordinal.</param>
/// <param name="ActualMbps">What its edges carry for it by the reports that live.</param>
/// <param name="ForecastMbps">What is planned for; never below the actual.</param>
public sealed record DemandEstimate(int Region, double ActualMbps, double ForecastMbps);

/// <summary>How much of the world is measured.</summary>
/// <param name="Regions">Regions of the world.</param>
/// <param name="FreshRegions">Regions with at least one path measured in their own right.</param>
/// <param name="DemandRegions">Regions whose demand is measured.</param>
/// <param name="FreshDemandShare">Part of the facts' demand that the fresh regions have, 0 to 1.</param>
/// <param name="Paths">Paths measured in their own right.</param>
/// <param name="CountryPaths">Paths corrected by their country.</param>
public sealed record MeasureCoverage(int Regions, int FreshRegions, int DemandRegions, double FreshDemandShare, int Paths, int CountryPaths)
{
    /// <summary>Part of the regions that is fresh, 0 to 1; 0 for a world without regions.</summary>
    public double FreshShare => Regions == 0 ? 0 : (double)FreshRegions / Regions;
}
