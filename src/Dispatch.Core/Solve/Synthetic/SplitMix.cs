namespace TrafficDispatch.Solve.Synthetic;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): the same numbers on every machine and runtime, which the platform's own
/// generator does not promise between versions.
/// </summary>
internal sealed class SplitMix
{
    private ulong _state;

    /// <summary>Starts a sequence at a seed.</summary>
    public SplitMix(ulong seed) => _state = seed;

    /// <summary>One of several independent sequences of a seed, so that one concern that draws more does not change what the others get.</summary>
    public SplitMix(int seed, RandomStream stream)
        : this(unchecked((ulong)seed)) => _state = unchecked(Next() ^ ((ulong)stream * 0xD1B54A32D192ED03));

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^−53.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform whole number in [0, bound).</summary>
    public int Below(int bound) => (int)(Uniform() * bound);

    /// <summary>Uniform in [least, most).</summary>
    public double Between(double least, double most) => least + (most - least) * Uniform();

    /// <summary>A positive factor with median 1: the odds of a uniform number, square-rooted <paramref name="roots"/> times.</summary>
    /// <remarks>Log-logistic, close to log-normal in the middle and heavier in the tail; the spread of its logarithm is 1.8 / 2^roots. A
    /// log-normal one would need a logarithm, which platforms round differently; square roots are rounded alike everywhere.</remarks>
    public double Skewed(int roots)
    {
        double p = ((Next() >> 12) + 0.5) * (1.0 / (1UL << 52));
        double factor = p / (1 - p);
        for (int i = 0; i < roots; i++) factor = Math.Sqrt(factor);
        return factor;
    }
}

/// <summary>What a sequence of random numbers is drawn for.</summary>
internal enum RandomStream
{
    Metros = 1,
    Locations,
    Edges,
    Demand,
    Price,
    Capacity,
    RoundTrip,
    Relays,
    Origins,
    Links,
    Law,
    Drift,
    Sticky,
    Peering,
    Contracts,
    Streams,
    Viewers,
}
