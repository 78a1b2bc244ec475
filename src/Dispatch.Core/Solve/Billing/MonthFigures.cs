using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Billing;

/// <summary>What a simulated month came to.</summary>
public sealed record MonthFigures
{
    /// <summary>The bill of every contract that bills, in file order.</summary>
    public required ImmutableArray<ContractBill> Bills { get; init; }

    /// <summary>Free slots used: those above the level that is paid for in the end, by contract as in <see cref="Bills"/>.</summary>
    public required ImmutableArray<int> BurstSlots { get; init; }

    /// <summary>Traffic at edges that no contract bills, at their marginal prices, micro-USD.</summary>
    public required long OutsideMicroUsd { get; init; }

    /// <summary>Demand, GB.</summary>
    public required double DemandGb { get; init; }

    /// <summary>What no edge served, GB.</summary>
    public required double UnservedGb { get; init; }

    /// <summary>What contracts' floors are short of, GB.</summary>
    public required double FloorShortGb { get; init; }

    /// <summary>Mean round trip of served traffic, milliseconds.</summary>
    public required double MeanRttMs { get; init; }

    /// <summary>95 % of served traffic has at most this round trip, milliseconds.</summary>
    public required double P95RttMs { get; init; }

    /// <summary>What latency, loss, floors not filled and unserved traffic are charged in the objective, micro-USD.</summary>
    public required Int128 ServiceMicroUsd { get; init; }

    /// <summary>Slots simulated.</summary>
    public required int Slots { get; init; }

    /// <summary>Slots whose optimum was proved by the certificate.</summary>
    public required int ProvedSlots { get; init; }

    /// <summary>Solves, at least one a slot.</summary>
    public required long Solves { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>All bills and the traffic outside contracts, micro-USD.</summary>
    public long TotalMicroUsd => checked(Bills.Sum(static b => b.TotalMicroUsd) + OutsideMicroUsd);

    /// <summary>Money and <see cref="ServiceMicroUsd"/> together, micro-USD: what two months are compared by.</summary>
    public Int128 ObjectiveMicroUsd => TotalMicroUsd + ServiceMicroUsd;
}
