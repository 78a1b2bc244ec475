namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Zipf popularity: rank r is watched with weight r^−s (Breslau and others, INFOCOM 1999). The exponent is taken to the nearest 1/64, so that
/// the powers come from multiplications and square roots alone, which every machine rounds alike.
/// </summary>
internal static class Popularity
{
    private const int StepsPerUnit = 64, Roots = 6;

    /// <summary>The greatest exponent.</summary>
    public const double MaxExponent = 4;

    /// <summary>Weights of ranks 1 to <paramref name="count"/>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="exponent">0 (all alike) to <see cref="MaxExponent"/>.</param>
    public static double[] Weights(int count, double exponent)
    {
        int steps = (int)Math.Round(Math.Clamp(exponent, 0, MaxExponent) * StepsPerUnit, MidpointRounding.ToEven);
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) weights[i] = 1.0 / Power(i + 1, steps);
        return weights;
    }

    /// <summary>x^(steps/64).</summary>
    private static double Power(double x, int steps)
    {
        double power = 1;
        for (int whole = steps / StepsPerUnit; whole > 0; whole--) power *= x;
        double root = x;
        for (int bit = Roots - 1; bit >= 0; bit--)
        {
            root = Math.Sqrt(root);
            if ((steps >> bit & 1) != 0) power *= root;
        }
        return power;
    }
}
