namespace TrafficDispatch.Solve.Synthetic;

/// <summary>A point on the unit sphere. Made with arithmetic and square roots alone, which every machine rounds alike.</summary>
internal readonly record struct GlobePoint(double X, double Y, double Z)
{
    private const double EarthRadiusKm = 6371.0;

    /// <summary>Which of eight equal parts of the sphere the point is in: a stand-in for a jurisdiction.</summary>
    public int Octant => (X < 0 ? 1 : 0) + (Y < 0 ? 2 : 0) + (Z < 0 ? 4 : 0);

    /// <summary>Uniform on the sphere, by rejection from the cube.</summary>
    public static GlobePoint Random(SplitMix random)
    {
        while (true)
        {
            GlobePoint p = new(2 * random.Uniform() - 1, 2 * random.Uniform() - 1, 2 * random.Uniform() - 1);
            double norm = p.X * p.X + p.Y * p.Y + p.Z * p.Z;
            if (norm is > 0.01 and <= 1) return p.Scaled(1 / Math.Sqrt(norm));
        }
    }

    /// <summary>A point near this one; <paramref name="spread"/> is the usual distance along each axis in Earth radii.</summary>
    public GlobePoint Near(SplitMix random, double spread)
    {
        GlobePoint p = new(X + spread * Noise(random), Y + spread * Noise(random), Z + spread * Noise(random));
        return p.Scaled(1 / Math.Sqrt(p.X * p.X + p.Y * p.Y + p.Z * p.Z));
    }

    /// <summary>Round trip in hundredths of a millisecond: 1 ms and 1.5 ms for every 100 km of straight line through the Earth.</summary>
    /// <remarks>Light in glass needs 1 ms for 100 km there and back; paths are half as long again. The straight line is shorter than the
    /// way over ground, by a tenth at 90 degrees, but needs no inverse cosine.</remarks>
    public double RoundTripHundredths(GlobePoint other)
    {
        double dx = X - other.X, dy = Y - other.Y, dz = Z - other.Z;
        return 100 + 1.5 * EarthRadiusKm * Math.Sqrt(dx * dx + dy * dy + dz * dz);
    }

    /// <summary>Bell-shaped around 0 with deviation 1: three uniform numbers added.</summary>
    private static double Noise(SplitMix random) => 2 * (random.Uniform() + random.Uniform() + random.Uniform()) - 3;

    private GlobePoint Scaled(double factor) => new(X * factor, Y * factor, Z * factor);
}
