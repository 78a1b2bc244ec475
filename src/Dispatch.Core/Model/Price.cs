namespace TrafficDispatch.Model;

/// <summary>How an edge's operator bills.</summary>
public enum PriceModel
{
    /// <summary>By volume: US dollars for each GB (10^9 byte) delivered.</summary>
    PerGb,

    /// <summary>By rate: US dollars a month for each Mbit/s of the billed level.</summary>
    PerMbpsMonth,
}

/// <summary>The price of traffic at an edge, with its time base.</summary>
/// <param name="Model">How the operator bills.</param>
/// <param name="UsdPerGb">US dollars per GB; for <see cref="PriceModel.PerMbpsMonth"/> the amortised figure that the reference objective uses. At least 0.</param>
/// <param name="UsdPerMbpsMonth">US dollars per Mbit/s and month; 0 for <see cref="PriceModel.PerGb"/>. At least 0.</param>
public readonly record struct Price(PriceModel Model, double UsdPerGb, double UsdPerMbpsMonth)
{
    /// <summary>GB that one Mbit/s carries in an hour: 10^6 bit/s × 3,600 s ÷ 8 ÷ 10^9.</summary>
    public const double GbPerMbpsHour = 0.45;

    /// <summary>Hours in a billing month: 30 days.</summary>
    public const double HoursPerMonth = 720.0;

    /// <summary>
    /// What one more Mbit/s costs while it lasts, rounded half to even to whole micro-USD per Mbit/s and hour.
    /// </summary>
    /// <remarks>
    /// Volume prices convert by <see cref="GbPerMbpsHour"/>. A monthly price spreads over <see cref="HoursPerMonth"/>:
    /// without a contract's billed level every Mbit/s is taken to raise the bill.
    /// </remarks>
    public MicroUsdPerMbpsHour Marginal()
    {
        double usdPerMbpsHour = Model == PriceModel.PerGb ? UsdPerGb * GbPerMbpsHour : UsdPerMbpsMonth / HoursPerMonth;
        return new(checked((long)Math.Round(usdPerMbpsHour * 1e6, MidpointRounding.ToEven)));
    }
}
