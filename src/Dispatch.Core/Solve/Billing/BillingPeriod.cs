namespace TrafficDispatch.Solve.Billing;

/// <summary>The clock of a bill: so many slots of equal length, of which the busiest are free. Slots are counted from 0; no wall clock is read.</summary>
/// <param name="Slots">Slots in the period, at least 1.</param>
/// <param name="SlotsPerHour">Slots in an hour, at least 1.</param>
/// <param name="FreeSlots">Slots that the percentile discards, 0 to below <paramref name="Slots"/>.</param>
/// <remarks>
/// The 95th percentile as carriers state it: the period's rates are sorted, the top 5 % are thrown away, and the highest that remains is
/// billed (for instance Zenlayer, "Burstable 95th", docs.console.zenlayer.com). Of 8,640 five-minute rates of 30 days 432 are free and the
/// 433rd highest is billed.
/// </remarks>
public readonly record struct BillingPeriod(int Slots, int SlotsPerHour, int FreeSlots)
{
    /// <summary>Thirty days of five-minute slots, 432 of 8,640 free.</summary>
    public static readonly BillingPeriod Month = Of(30, 12);

    /// <summary>Length in hours.</summary>
    public double Hours => (double)Slots / SlotsPerHour;

    /// <summary>True where the numbers are in range.</summary>
    public bool IsValid => Slots > 0 && SlotsPerHour > 0 && FreeSlots >= 0 && FreeSlots < Slots;

    /// <summary>So many days, floor(5 %) of their slots free.</summary>
    /// <param name="days">1 to 10,000.</param>
    /// <param name="slotsPerHour">1 to 60.</param>
    public static BillingPeriod Of(int days, int slotsPerHour)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(slotsPerHour, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slotsPerHour, 60);
        int slots = days * 24 * slotsPerHour;
        return new(slots, slotsPerHour, slots / 20);
    }
}
