namespace TrafficDispatch.Solve.Synthetic;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): the same numbers on every machine and runtime, which the platform's own
/// generator does not promise between versions.
/// </summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

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
}
