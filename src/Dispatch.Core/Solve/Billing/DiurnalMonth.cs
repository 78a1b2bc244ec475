using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Solve.Billing;

/// <summary>
/// A month of a world's demand: the diurnal curve between its hours, weekends, noise, and flash crowds by seed. The same world, period
/// and seed give the same numbers on every machine. Thread-safe.
/// </summary>
/// <remarks>
/// Demand = peak × curve(local time) × weekend × noise × crowds, rounded half to even to Mbit/s. The curve's value of an hour holds at its
/// start and runs straight to the next. Slot 0 is Monday 00:00 UTC. All factors but the curve are assumptions, named here.
/// </remarks>
public sealed class DiurnalMonth : MonthDemand
{
    /// <summary>Factor on Saturdays and Sundays, local time (assumed).</summary>
    public const double WeekendFactor = 1.06;

    /// <summary>Each region's rate in each slot is off by up to this part, uniformly (assumed).</summary>
    public const double Noise = 0.02;

    private readonly World _world;
    private readonly ulong _seed;
    private readonly string[] _zones;
    private readonly int[] _zoneOf;

    /// <summary>Prepares a month.</summary>
    /// <param name="world">Regions and diurnal curve.</param>
    /// <param name="period">The month.</param>
    /// <param name="seed">Any number; another seed is another month of the same world.</param>
    public DiurnalMonth(World world, BillingPeriod period, int seed)
    {
        (_world, Period, _seed) = (world, period, unchecked((ulong)seed));
        _zones = [.. world.Regions.Select(static r => r.Place.Zone).Distinct().Order(StringComparer.Ordinal)];
        _zoneOf = [.. world.Regions.Select(r => Array.IndexOf(_zones, r.Place.Zone))];
        Crowds = FlashCrowd.Draw(_zones, period, seed);
    }

    /// <inheritdoc/>
    public override BillingPeriod Period { get; }

    /// <summary>The month's flash crowds, by start.</summary>
    public ImmutableArray<FlashCrowd> Crowds { get; }

    /// <inheritdoc/>
    public override void Fill(int slot, Span<long> mbps)
    {
        Span<double> crowd = stackalloc double[_zones.Length];
        for (int z = 0; z < crowd.Length; z++) crowd[z] = CrowdFactor(slot, _zones[z]);
        double utc = (double)slot / Period.SlotsPerHour;
        for (int r = 0; r < mbps.Length; r++)
        {
            ClientRegion region = _world.Regions[r];
            double local = utc + region.UtcOffsetHours;
            double gbps = region.Peak.Value * Curve(local) * DayFactor(local) * NoiseFactor(slot, r) * crowd[_zoneOf[r]];
            mbps[r] = new Gbps(gbps).ToMbps().Value;
        }
    }

    private double CrowdFactor(int slot, string zone)
    {
        double factor = 1;
        foreach (FlashCrowd crowd in Crowds) factor *= crowd.FactorAt(slot, zone);
        return factor;
    }

    private double Curve(double localHours)
    {
        double hour = localHours % 24;
        if (hour < 0) hour += 24;
        int from = (int)hour % 24;
        double part = hour - Math.Floor(hour);
        ImmutableArray<double> curve = _world.Diurnal.FractionOfPeak;
        return curve[from] + (curve[(from + 1) % 24] - curve[from]) * part;
    }

    // Local Monday 00:00 is hour 0; before it lies Sunday.
    private static double DayFactor(double localHours)
    {
        int day = (int)Math.Floor(localHours / 24) % 7;
        return day is 5 or 6 or < 0 ? WeekendFactor : 1.0;
    }

    private double NoiseFactor(int slot, int region)
    {
        ulong key = unchecked(_seed * 0x9E3779B97F4A7C15UL + ((ulong)slot << 24) + (ulong)region);
        return 1 + Noise * new SplitMix(key).Between(-1, 1);
    }
}
