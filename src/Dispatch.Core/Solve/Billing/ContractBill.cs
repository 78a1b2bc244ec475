using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>What a contract costs for a month, in whole micro-USD.</summary>
/// <param name="ContractId">The contract.</param>
/// <param name="Level">The billed level: the percentile, or under volume billing the mean rate (rounded down); never below the commit.</param>
/// <param name="CommitMicroUsd">The commit's part, due whether used or not.</param>
/// <param name="OverageMicroUsd">What traffic above the commit adds.</param>
/// <remarks>
/// A monthly price per Mbit/s is for 720 hours; a shorter or longer period pays in proportion. 1 Mbit/s for an hour is 0.45 GB. The
/// commit costs <see cref="Contract.CommitUsd"/>, else the first tier's price. A tier's end is a level: of the percentile, or of the month's
/// mean rate. Exact rational arithmetic, rounded half up once for each of the two parts.
/// </remarks>
public sealed record ContractBill(string ContractId, Mbps Level, long CommitMicroUsd, long OverageMicroUsd)
{
    /// <summary>The whole bill.</summary>
    public long TotalMicroUsd => checked(CommitMicroUsd + OverageMicroUsd);

    /// <summary>The bill if the month ended now. O(tiers).</summary>
    /// <param name="contract">The contract; one without tiers bills nothing.</param>
    /// <param name="account">Its month.</param>
    public static ContractBill Of(Contract contract, BillingAccount account)
    {
        if (account.ContractId != contract.Id) throw new ArgumentException($"The account of '{account.ContractId}' was given for '{contract.Id}'.", nameof(account));
        bool byVolume = contract.Billing == BillingMethod.Volume;
        long carried = byVolume ? account.MbpsSlots / account.Period.Slots : account.Percentile.Value;
        Mbps level = new Mbps(carried).AtLeast(contract.Commit.ToMbps());
        if (contract.Tiers.IsEmpty) return new(contract.Id, level, 0, 0);
        Tariff tariff = new(contract, account.Period);
        Int128 commit = tariff.Quantity(contract.Commit.ToMbps());
        Int128 used = byVolume ? account.MbpsSlots : tariff.Quantity(account.Percentile);
        return new(contract.Id, level, tariff.Round(commit * tariff.CommitPrice), tariff.Round(tariff.Overage(commit, used)));
    }

    /// <summary>Prices over quantities: Mbit/s × slots for both methods, so that one rule serves both.</summary>
    private readonly struct Tariff(Contract contract, BillingPeriod period)
    {
        public Int128 CommitPrice => MicroUsd(contract.CommitUsd ?? contract.Tiers[0].Usd);

        public Int128 Quantity(Mbps level) => (Int128)level.Value * period.Slots;

        public Int128 Overage(Int128 commit, Int128 used)
        {
            Int128 sum = 0, from = commit;
            foreach (PriceTier tier in contract.Tiers)
            {
                Int128 end = tier.UpTo is { } upTo ? Int128.Min(used, Quantity(upTo.ToMbps())) : used;
                if (end <= from) continue;
                sum += (end - from) * MicroUsd(tier.Usd);
                from = end;
            }
            return sum;
        }

        /// <summary>Quantity × price to micro-USD: over slots an hour, then × 9/20 GB or ÷ 720 hours.</summary>
        public long Round(Int128 product)
        {
            bool byVolume = contract.Billing == BillingMethod.Volume;
            Int128 numerator = product * (byVolume ? 9 : 1), denominator = (Int128)period.SlotsPerHour * (byVolume ? 20 : 720);
            return checked((long)((2 * numerator + denominator) / (2 * denominator)));
        }

        private static Int128 MicroUsd(double usd) => checked((long)Math.Round(usd * 1e6, MidpointRounding.ToEven));
    }
}
