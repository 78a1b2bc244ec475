using System.Collections.Immutable;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Solve.Billing;

/// <summary>A crowd that comes and goes: demand of a zone, or of everywhere, rises over its first quarter, stays, and falls over its last.</summary>
/// <param name="Zone">Latency zone; null for everywhere.</param>
/// <param name="FirstSlot">Slot where it begins.</param>
/// <param name="Slots">How long it lasts, at least 1.</param>
/// <param name="Extra">What it adds at its height, a part of demand, at least 0.</param>
public sealed record FlashCrowd(string? Zone, int FirstSlot, int Slots, double Extra)
{
    /// <summary>The factor on a zone's demand in a slot; 1 outside.</summary>
    public double FactorAt(int slot, string zone)
    {
        if (slot < FirstSlot || slot >= FirstSlot + Slots || (Zone is not null && Zone != zone)) return 1;
        double at = (slot - FirstSlot + 0.5) / Slots;
        return 1 + Extra * Math.Min(1, 4 * Math.Min(at, 1 - at));
    }

    /// <summary>
    /// Draws a month's crowds: one every three days in some zone with a fifth to three fifths more demand, one every fifteen days
    /// everywhere with a tenth to a fifth more; each for one to three hours, at any time of day (assumed).
    /// </summary>
    internal static ImmutableArray<FlashCrowd> Draw(IReadOnlyList<string> zones, BillingPeriod period, int seed)
    {
        SplitMix random = new(unchecked((ulong)seed * 0xD1B54A32D192ED03UL + 1));
        double days = period.Hours / 24;
        List<FlashCrowd> crowds = [];
        for (int i = 0; i < (int)(days / 3); i++) crowds.Add(One(zones[random.Below(zones.Count)], random, period, 0.2, 0.6));
        for (int i = 0; i < (int)(days / 15); i++) crowds.Add(One(null, random, period, 0.1, 0.2));
        return [.. crowds.OrderBy(static c => c.FirstSlot).ThenBy(static c => c.Zone, StringComparer.Ordinal)];
    }

    private static FlashCrowd One(string? zone, SplitMix random, BillingPeriod period, double least, double most)
    {
        int slots = Math.Max(1, (int)(random.Between(1, 3) * period.SlotsPerHour));
        return new(zone, random.Below(period.Slots), slots, random.Between(least, most));
    }
}
