using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.WhatIf.Results;

/// <summary>Who sends a bill.</summary>
public enum BillKind
{
    /// <summary>A contract with prices.</summary>
    Contract,

    /// <summary>An operator, for its edges that no such contract holds, at their own prices.</summary>
    Operator,
}

/// <summary>How what one bill stands for changes. Money is at the margin, above what is paid for anyway.</summary>
/// <param name="Kind">Who sends it.</param>
/// <param name="Id">The contract or the operator.</param>
/// <param name="LoadBefore">Traffic that it bills in the baseline.</param>
/// <param name="LoadAfter">Traffic that it bills in the scenario.</param>
/// <param name="MicroUsdPerHourBefore">Money in the baseline, micro-USD an hour.</param>
/// <param name="MicroUsdPerHourAfter">Money in the scenario, micro-USD an hour.</param>
public sealed record BillChange(BillKind Kind, string Id, Mbps LoadBefore, Mbps LoadAfter, Int128 MicroUsdPerHourBefore, Int128 MicroUsdPerHourAfter)
{
    /// <summary>Money after less money before, micro-USD an hour.</summary>
    public Int128 Change => MicroUsdPerHourAfter - MicroUsdPerHourBefore;

    /// <summary>All bills; they sum up to the plans' costs, but for what rounding shares down.</summary>
    internal static ImmutableArray<BillChange> AllOf(TrafficPlan before, TrafficPlan after)
    {
        Dictionary<(BillKind, string), (Mbps Load, Int128 Money)> was = Bills(before), now = Bills(after);
        return
        [
            .. was.Keys.Union(now.Keys).Select(key => new BillChange(
                    key.Item1, key.Item2, was.GetValueOrDefault(key).Load, now.GetValueOrDefault(key).Load, was.GetValueOrDefault(key).Money, now.GetValueOrDefault(key).Money))
                .OrderByDescending(static b => Int128.Abs(b.Change)).ThenBy(static b => b.Kind).ThenBy(static b => b.Id, StringComparer.Ordinal),
        ];
    }

    private static Dictionary<(BillKind, string), (Mbps Load, Int128 Money)> Bills(TrafficPlan plan)
    {
        World world = plan.Model.Snapshot.World;
        PlanBill bill = new(plan);
        Dictionary<(BillKind, string), (Mbps Load, Int128 Money)> bills = [];
        long[] contracts = new long[bill.Count], loads = plan.EdgeLoads();
        for (int e = 0; e < loads.Length; e++)
        {
            if (bill.ContractOf(e) is >= 0 and int contract) contracts[contract] += loads[e];
            else Add(BillKind.Operator, world.Edges[e].Operator, loads[e], (Int128)loads[e] * bill.PriceOf(e));
        }
        for (int c = 0; c < contracts.Length; c++)
            if (!world.Facts.Contracts[c].Tiers.IsEmpty) Add(BillKind.Contract, world.Facts.Contracts[c].Id, contracts[c], bill.Share(c, contracts[c]));
        return bills;

        void Add(BillKind kind, string id, long load, Int128 money)
        {
            (Mbps held, Int128 paid) = bills.GetValueOrDefault((kind, id));
            bills[(kind, id)] = (held + plan.Model.ToMbps(load), paid + money * plan.Model.ToMbps(1).Value);
        }
    }
}
