using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Serving;

/// <summary>The running month of all contracts that bill. Immutable.</summary>
/// <param name="Month">Its first moment, UTC.</param>
/// <param name="Contracts">One a contract, in the world's order.</param>
public sealed record BillingSummary(DateTimeOffset Month, ImmutableArray<ContractMonth> Contracts)
{
    /// <summary>No contract bills.</summary>
    public static readonly BillingSummary None = new(DateTimeOffset.UnixEpoch, []);
}

/// <summary>A contract's month to date.</summary>
/// <param name="ContractId">The contract.</param>
/// <param name="Billing">What its bill counts.</param>
/// <param name="NextSlot">Slots of five minutes recorded or passed over.</param>
/// <param name="Slots">Slots of the month.</param>
/// <param name="BilledMbps">The level that would be billed if the month ended now, Mbit/s; never below the commit.</param>
/// <param name="PaidMbps">The level up to which traffic costs nothing more, as planned, Mbit/s.</param>
/// <param name="BurstsLeft">Free slots left while the paid level is held.</param>
/// <param name="Gigabytes">Volume so far, GB.</param>
/// <param name="BillMicroUsd">The bill if the month ended now, commit included, micro-USD.</param>
public sealed record ContractMonth(
    string ContractId, BillingMethod Billing, int NextSlot, int Slots, long BilledMbps, long PaidMbps, int BurstsLeft, double Gigabytes, long BillMicroUsd);
