namespace TrafficDispatch.Solve.Synthetic;

/// <summary>A point on the unit sphere. Made with arithmetic and square roots alone, which every machine rounds alike.</summary>
internal readonly record struct GlobePoint(double X, double Y, double Z)
{
    private const double EarthDiameterKm = 12742.0;

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

    /// <summary>A point near this one; <paramref name="spread"/> is about the distance in Earth radii.</summary>
    public GlobePoint Near(SplitMix random, double spread)
    {
        GlobePoint p = new(X + spread * Noise(random), Y + spread * Noise(random), Z + spread * Noise(random));
        return p.Scaled(1 / Math.Sqrt(p.X * p.X + p.Y * p.Y + p.Z * p.Z));
    }

    /// <summary>Straight-line distance through the Earth.</summary>
    public double ChordKm(GlobePoint other)
    {
        double dx = X - other.X, dy = Y - other.Y, dz = Z - other.Z;
        return EarthDiameterKm / 2 * Math.Sqrt(dx * dx + dy * dy + dz * dz);
    }

    /// <summary>Bell-shaped around 0: three uniform numbers added.</summary>
    private static double Noise(SplitMix random) => 2 * (random.Uniform() + random.Uniform() + random.Uniform()) / 3 - 1;

    private GlobePoint Scaled(double factor) => new(X * factor, Y * factor, Z * factor);
}
