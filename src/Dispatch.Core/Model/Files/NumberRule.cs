namespace TrafficDispatch.Model.Files;

/// <summary>The range a number must lie in, and how a person is told.</summary>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value; chosen so that the solver's integers cannot overflow where nature gives no bound.</param>
/// <param name="Text">The rule.</param>
internal sealed record NumberRule(double Min, double Max, string Text)
{
    public static readonly NumberRule Rate = new(0, 1e9, "must be a finite number >= 0");
    public static readonly NumberRule Money = new(0, 1e6, "must be a finite number >= 0");
    public static readonly NumberRule Rtt = new(0, 1e6, "must be a finite number >= 0");
    public static readonly NumberRule Weight = new(0, 1e6, "must be a finite number >= 0");
    public static readonly NumberRule Fraction = new(0, 1000, "must be a finite number >= 0");
    public static readonly NumberRule People = new(0, 1e11, "must be a finite number >= 0");
    public static readonly NumberRule Share = new(0, 1, "must be a number from 0 to 1");
    public static readonly NumberRule Percent = new(0, 100, "must be a number from 0 to 100");
    public static readonly NumberRule LinkLoss = new(0, Math.BitDecrement(1.0), "must be a number from 0 to below 1");
    public static readonly NumberRule PositiveRate = new(double.Epsilon, 1e9, "must be a finite number > 0");
    public static readonly NumberRule Latitude = new(-90, 90, "must be a number from -90 to 90");
    public static readonly NumberRule Longitude = new(-180, 180, "must be a number from -180 to 180");
    public static readonly NumberRule UtcOffset = new(-12, 14, "must be a number from -12 to 14");

    /// <summary>The rule that a value breaks, or null.</summary>
    public string? Check(double value)
    {
        if (double.IsFinite(value) && value >= Min && value <= Max) return null;
        bool beyond = double.IsFinite(value) && value > Max && !Text.Contains(" to ", StringComparison.Ordinal);
        return beyond ? $"must be at most {Max:0}" : Text;
    }
}
