using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>How much of its peak demand a region asks for in each hour of its local day. Immutable and thread-safe.</summary>
public sealed class DiurnalCurve
{
    /// <summary>The curve that asks for the peak all day.</summary>
    public static readonly DiurnalCurve Flat = new([.. Enumerable.Repeat(1.0, 24)]);

    /// <param name="fractionOfPeak">24 fractions from local hour 0; finite, at least 0.</param>
    /// <exception cref="ArgumentException">There are not exactly 24.</exception>
    public DiurnalCurve(ImmutableArray<double> fractionOfPeak)
    {
        if (fractionOfPeak.Length != 24) throw new ArgumentException("A day has 24 hours.", nameof(fractionOfPeak));
        FractionOfPeak = fractionOfPeak;
    }

    /// <summary>The 24 fractions.</summary>
    public ImmutableArray<double> FractionOfPeak { get; }

    /// <summary>The fraction at a UTC hour for a place so far from UTC: local hour floor((utcHour + offset) mod 24).</summary>
    /// <param name="utcHour">0 to 23.</param>
    /// <param name="utcOffsetHours">Local time minus UTC, in hours.</param>
    public double At(int utcHour, double utcOffsetHours)
    {
        double local = (utcHour + utcOffsetHours) % 24;
        if (local < 0) local += 24;
        return FractionOfPeak[(int)Math.Floor(local) % 24];
    }
}
