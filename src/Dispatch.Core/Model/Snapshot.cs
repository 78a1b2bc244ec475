using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>Everything one solve reads: a world at one hour. The same snapshot gives the same assignment and the same table, byte for byte.</summary>
/// <param name="World">The facts.</param>
/// <param name="UtcHour">The hour whose demand is to be served, 0 to 23.</param>
public sealed record Snapshot(World World, int UtcHour)
{
    /// <summary>The busiest hour of the shipped world, taken where nobody names one.</summary>
    public const int DefaultUtcHour = 16;

    /// <summary>A factor on each region's demand, by ordinal, finite and at least 0; empty for 1 everywhere.</summary>
    public ImmutableArray<double> DemandScale { get; init; } = [];

    /// <summary>Where contracts stand in their month; a contract that is not named stands at its commit.</summary>
    public ImmutableArray<BillingLevel> Billing { get; init; } = [];

    /// <summary>The factor on a region's demand.</summary>
    public double ScaleOf(int region) => DemandScale.IsDefaultOrEmpty ? 1.0 : DemandScale[region];

    /// <summary>The part of its peak that a region asks for at this hour, before <see cref="DemandScale"/>.</summary>
    public double DiurnalFraction(int region) => World.Diurnal.At(UtcHour, World.Regions[region].UtcOffsetHours);

    /// <summary>Demand of a region now, all classes together.</summary>
    public Gbps Demand(int region) => new(World.Regions[region].Peak.Value * DiurnalFraction(region) * ScaleOf(region));
}
