namespace TrafficDispatch.Solve;

/// <summary>What a plan's traffic costs at the margin, edge by edge or contract by contract, as the world bills it.</summary>
/// <remarks>A contract's bill is shared by what uses it, by volume. Immutable.</remarks>
internal sealed class PlanBill
{
    private readonly CostModel _model;
    private readonly Bills? _bills;
    private readonly long[] _load;

    /// <summary>Bills a plan.</summary>
    public PlanBill(TrafficPlan plan)
    {
        _model = plan.Model;
        _bills = (plan.Model as FullCost)?.Bills;
        _load = new long[Count];
        if (_bills is null) return;
        long[] edges = plan.EdgeLoads();
        for (int e = 0; e < edges.Length; e++) if (ContractOf(e) is >= 0 and int c) _load[c] += edges[e];
    }

    /// <summary>Contracts that may bill.</summary>
    public int Count => _bills?.Costs.Length ?? 0;

    /// <summary>The contract that bills an edge; −1 where its own price holds.</summary>
    public int ContractOf(int edge) => _bills?.ContractOf(edge) ?? -1;

    /// <summary>Own price of an edge that no contract bills, micro-USD per unit and hour.</summary>
    public long PriceOf(int edge) => _model.Snapshot.World.Edges[edge].Price.Marginal().Value;

    /// <summary>Part of a contract's bill that a volume on it has, rounded down.</summary>
    public Int128 Share(int contract, long volume) => volume == 0 ? 0 : _bills!.Costs[contract].At(_load[contract]) * volume / _load[contract];
}
