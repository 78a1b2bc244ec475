namespace TrafficDispatch.Model;

/// <summary>A rate in gigabits per second, as the facts state it; finite and never negative in a loaded world.</summary>
/// <param name="Value">Gbit/s (10^9 bit per second).</param>
public readonly record struct Gbps(double Value)
{
    /// <summary>The rate in whole Mbit/s, rounded half to even: the solver's volume unit.</summary>
    /// <exception cref="OverflowException">The rate is beyond 9.2e18 Mbit/s.</exception>
    public Mbps ToMbps() => new(checked((long)Math.Round(Value * 1000.0, MidpointRounding.ToEven)));
}

/// <summary>A rate in whole megabits per second: the unit of volume inside the solver and the table.</summary>
/// <param name="Value">Mbit/s (10^6 bit per second).</param>
public readonly record struct Mbps(long Value) : IComparable<Mbps>
{
    /// <summary>No traffic.</summary>
    public static readonly Mbps Zero = new(0);

    /// <summary>The rate in Gbit/s.</summary>
    public double Gbps => Value / 1000.0;

    /// <inheritdoc/>
    public int CompareTo(Mbps other) => Value.CompareTo(other.Value);

    /// <summary>The sum of two rates.</summary>
    public static Mbps operator +(Mbps left, Mbps right) => new(checked(left.Value + right.Value));

    /// <summary>The difference of two rates.</summary>
    public static Mbps operator -(Mbps left, Mbps right) => new(checked(left.Value - right.Value));

    /// <summary>True where the first rate is the smaller.</summary>
    public static bool operator <(Mbps left, Mbps right) => left.Value < right.Value;

    /// <summary>True where the first rate is the larger.</summary>
    public static bool operator >(Mbps left, Mbps right) => left.Value > right.Value;

    /// <summary>True where the first rate is not the larger.</summary>
    public static bool operator <=(Mbps left, Mbps right) => left.Value <= right.Value;

    /// <summary>True where the first rate is not the smaller.</summary>
    public static bool operator >=(Mbps left, Mbps right) => left.Value >= right.Value;
}

/// <summary>A round-trip time in milliseconds, as the facts state it; finite and never negative in a loaded world.</summary>
/// <param name="Value">Milliseconds.</param>
public readonly record struct Milliseconds(double Value)
{
    /// <summary>The time in whole microseconds, rounded half to even: the solver's latency unit.</summary>
    public Microseconds ToMicroseconds() => new(checked((long)Math.Round(Value * 1000.0, MidpointRounding.ToEven)));
}

/// <summary>A time in whole microseconds: the unit of latency inside the solver.</summary>
/// <param name="Value">Microseconds.</param>
public readonly record struct Microseconds(long Value)
{
    /// <summary>The time in milliseconds.</summary>
    public double Milliseconds => Value / 1000.0;
}

/// <summary>A price per unit and hour inside the solver: micro-USD for one Mbit/s kept up for one hour.</summary>
/// <param name="Value">Micro-USD per Mbit/s and hour.</param>
public readonly record struct MicroUsdPerMbpsHour(long Value);

/// <summary>A point on the globe in WGS 84 degrees.</summary>
/// <param name="Latitude">Degrees north, −90 to 90.</param>
/// <param name="Longitude">Degrees east, −180 to 180.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    private const double EarthRadiusKm = 6371.0;

    /// <summary>The great-circle distance on a sphere of radius 6,371 km, by the haversine formula.</summary>
    /// <returns>Kilometres, 0 to 20,015.</returns>
    public double DistanceKm(GeoPoint other)
    {
        double lat1 = double.DegreesToRadians(Latitude), lat2 = double.DegreesToRadians(other.Latitude);
        double dLat = lat2 - lat1, dLon = double.DegreesToRadians(other.Longitude - Longitude);
        double a = Math.Pow(Math.Sin(dLat / 2), 2) + Math.Cos(lat1) * Math.Cos(lat2) * Math.Pow(Math.Sin(dLon / 2), 2);
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }
}
