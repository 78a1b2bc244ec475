namespace TrafficDispatch.Solve;

/// <summary>What distance and loss cost a unit of traffic, and how much of them it stands.</summary>
/// <param name="PerMillisecond">Cost units for a millisecond of round trip.</param>
/// <param name="PerLoss">Cost units for losing everything; in proportion for a part.</param>
/// <param name="Reach">Greatest round trip, milliseconds, inclusive.</param>
/// <param name="MaxLoss">Greatest part lost, 0 to 1, inclusive.</param>
public readonly record struct QualityRule(double PerMillisecond, double PerLoss, double Reach, double MaxLoss)
{
    // At 1.5 × 2^52 doubles are the integers: adding it rounds, half to even, and leaves the integer in the low bits.
    private const double Shift = 6_755_399_441_055_744;
    private const double Exact = 1L << 50;

    /// <summary>True where loss makes a difference.</summary>
    public bool SeesLoss => PerLoss != 0 || MaxLoss < 1;

    /// <summary>The two together, rounded half to even, once.</summary>
    /// <exception cref="OverflowException">The cost is beyond 64 bits.</exception>
    public long Cost(double milliseconds, double lost) => Whole(PerMillisecond * milliseconds + PerLoss * lost);

    /// <summary>Rounds half to even to a whole number.</summary>
    /// <exception cref="OverflowException">It is beyond 64 bits.</exception>
    internal static long Whole(double value) =>
        value is > -Exact and < Exact
            ? BitConverter.DoubleToInt64Bits(value + Shift) - BitConverter.DoubleToInt64Bits(Shift)
            : checked((long)Math.Round(value, MidpointRounding.ToEven));
}
