using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>How a contract that bills by volume is steered over a month.</summary>
/// <param name="Price">What a unit is taken to cost in every slot: 0 while the commit will not be used up, the price of the tier that the month will end
/// in where it will, and between the two where the commit is just used up.</param>
/// <param name="MeanMbps">The month's mean rate that goes with it, by which usage is paced.</param>
/// <remarks>
/// A month's volume is billed as a whole, by a convex function, so an optimal month has one price in all slots: the slope of the bill at
/// the month's volume, anything between the two slopes at a kink. Levels of a single slot say nothing about it.
/// </remarks>
internal readonly record struct VolumePlan(long Price, long MeanMbps)
{
    private const int SlackDays = 2;

    /// <summary>The slope of the bill at a mean rate: 0 below the commit, then the tier's price, micro-USD for a Mbit/s and hour.</summary>
    public static long SlopeAt(Contract contract, Int128 mbpsSlots, long slots)
    {
        if (mbpsSlots < (Int128)contract.Commit.ToMbps().Value * slots) return 0;
        foreach (PriceTier tier in contract.Tiers)
            if (tier.UpTo is not { } end || mbpsSlots < (Int128)end.ToMbps().Value * slots) return contract.Marginal(tier).Value;
        return contract.Marginal(contract.Tiers[^1]).Value;
    }

    /// <summary>The price in a slot: never below the slope of the bill for the volume to date, which falls no more.</summary>
    /// <remarks>A price between slopes stands for a volume to be hit: using it faster raises the price, slower lowers it, at most twofold.</remarks>
    public long PriceNow(Contract contract, BillingAccount account, int slot)
    {
        long dearest = contract.Marginal(contract.Tiers[^1]).Value, price = Price;
        if (IsBetweenSlopes(contract))
        {
            long slack = checked(MeanMbps * SlackDays * 24 * account.Period.SlotsPerHour + 1);
            Int128 paced = (Int128)Price * (account.MbpsSlots + slack) / ((Int128)MeanMbps * slot + slack);
            price = (long)Int128.Clamp(paced, Price / 2, Price * 2);
        }
        return Math.Min(dearest, Math.Max(price, SlopeAt(contract, account.MbpsSlots, account.Period.Slots)));
    }

    private bool IsBetweenSlopes(Contract contract)
    {
        long price = Price;
        return price > 0 && contract.Tiers.All(t => contract.Marginal(t).Value != price);
    }
}
