using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>What a step of a contract's cost curve stands for.</summary>
public enum ContractStepKind
{
    /// <summary>Paid for already: up to the commit, or to the billed level where that is higher.</summary>
    Paid,

    /// <summary>Above the billed level in a slot that the percentile discards.</summary>
    Burst,

    /// <summary>Above the billed level at a tier's price.</summary>
    Tier,
}

/// <summary>One arc of a contract's cost curve in one slot.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Capacity">What fits on it, at least 0.</param>
/// <param name="Cost">What each Mbit/s on it costs while it lasts, at least 0.</param>
public readonly record struct ContractStep(ContractStepKind Kind, Mbps Capacity, MicroUsdPerMbpsHour Cost);

/// <summary>
/// A contract as parallel arcs of a flow: what its edges carry together costs nothing up to the level that is paid for, then next to
/// nothing where the slot may burst, and else the tiers' prices. Pure and thread-safe.
/// </summary>
/// <remarks>
/// The three parallel arcs (paid, burst, raise) are those of online billing-aware assignment: Singh, Agarwal, Calder and Bahl,
/// "Cost-Effective Cloud Edge Traffic Engineering with Cascara", NSDI 2021.
/// </remarks>
public static class ContractSteps
{
    /// <summary>
    /// What a Mbit/s of burst costs, micro-USD an hour: enough that a burst starts only once the paid level is full, too little to
    /// matter beside a millisecond.
    /// </summary>
    public const long BurstCost = 1;

    /// <summary>The steps of one slot, by rising cost.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="standing">Where it stands in its month; null for its commit and no burst.</param>
    /// <param name="edgesCapacity">What its edges can serve together now, at least 0; the contract's ceiling bounds it further.</param>
    /// <returns>
    /// Paid, burst, then one step a tier: always 2 + tiers of them, so that a session changes capacities and costs only; those that do not
    /// apply now have capacity 0. A contract without tiers has one step, paid. Capacities sum to the smaller of ceiling and
    /// <paramref name="edgesCapacity"/>. O(tiers).
    /// </returns>
    /// <remarks>
    /// A volume contract never bursts. Where its standing names a price (<see cref="BillingLevel.VolumePrice"/>) all its room costs that; else
    /// its commit and tiers, which are levels too, are taken as rates, as if the whole month ran at this slot's rate.
    /// </remarks>
    /// <exception cref="ArgumentException">The standing is another contract's, or the capacity is negative.</exception>
    public static ImmutableArray<ContractStep> Of(Contract contract, BillingLevel? standing, Mbps edgesCapacity)
    {
        if (standing is not null && standing.ContractId != contract.Id)
            throw new ArgumentException($"The standing of '{standing.ContractId}' was given for '{contract.Id}'.", nameof(standing));
        ArgumentOutOfRangeException.ThrowIfNegative(edgesCapacity.Value, nameof(edgesCapacity));
        long room = Math.Min(edgesCapacity.Value, contract.Ceiling?.ToMbps().Value ?? long.MaxValue);
        if (contract.Tiers.IsEmpty) return [new(ContractStepKind.Paid, new(room), default)];
        if (contract.Billing == BillingMethod.Volume && standing?.VolumePrice is { } price) return AtOnePrice(contract, room, price);
        long paid = Math.Min(room, PaidLevel(contract, standing).Value);
        bool bursts = contract.Billing == BillingMethod.Percentile95 && standing is { MayBurst: true };
        ImmutableArray<ContractStep>.Builder steps = ImmutableArray.CreateBuilder<ContractStep>(2 + contract.Tiers.Length);
        steps.Add(new(ContractStepKind.Paid, new(paid), default));
        steps.Add(new(ContractStepKind.Burst, new(bursts ? room - paid : 0), CostOfBurst(contract, paid)));
        AddTiers(steps, contract, bursts ? room : paid, room);
        return steps.MoveToImmutable();
    }

    /// <summary>The level up to which traffic costs nothing more: the commit, or the billed level where that is higher.</summary>
    public static Mbps PaidLevel(Contract contract, BillingLevel? standing) =>
        new(Math.Max(contract.Commit.ToMbps().Value, standing?.BilledLevel.Value ?? 0));

    private static ImmutableArray<ContractStep> AtOnePrice(Contract contract, long room, MicroUsdPerMbpsHour price)
    {
        ContractStep none = new(ContractStepKind.Paid, default, default), first = new(ContractStepKind.Tier, new(room), price);
        return [none, none with { Kind = ContractStepKind.Burst }, first, .. contract.Tiers.Skip(1).Select(_ => first with { Capacity = default })];
    }

    private static void AddTiers(ImmutableArray<ContractStep>.Builder steps, Contract contract, long from, long room)
    {
        foreach (PriceTier tier in contract.Tiers)
        {
            long end = Math.Max(from, Math.Min(room, tier.UpTo?.ToMbps().Value ?? long.MaxValue));
            steps.Add(new(ContractStepKind.Tier, new(end - from), contract.Marginal(tier)));
            from = end;
        }
    }

    // A tier that is cheaper than a burst would make the curve fall, and the flow would fill it first.
    private static MicroUsdPerMbpsHour CostOfBurst(Contract contract, long paid)
    {
        PriceTier next = contract.Tiers.First(t => t.UpTo is not { } end || end.ToMbps().Value > paid);
        return new(Math.Min(BurstCost, contract.Marginal(next).Value));
    }
}
