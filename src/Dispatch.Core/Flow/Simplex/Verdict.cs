using System.Globalization;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>The words of every outcome that is not a flow: a cause with figures, and a remedy.</summary>
internal static class Verdict
{
    private const int ArcsShown = 8;

    /// <summary>Supplies that do not sum to zero.</summary>
    public static FlowSolution Unbalanced(Int128 sum, SolveTrace trace)
    {
        string cause = string.Create(CultureInfo.InvariantCulture,
            $"the supplies sum to {sum}, not to zero: {(sum > 0 ? sum : -sum)} units {(sum > 0 ? "have nowhere to go" : "are demanded but not supplied")}");
        return FlowSolution.Failed(FlowStatus.Infeasible, cause,
            "balance the supplies, for example with an extra node and arcs whose cost is the price of not serving", trace);
    }

    /// <summary>A negative cycle without any bound.</summary>
    public static FlowSolution Unbounded(FlowNetwork network, IReadOnlyList<int> cycle, SolveTrace trace)
    {
        Int128 cost = 0;
        foreach (int arc in cycle) cost += network.Costs[arc];
        IEnumerable<string> arcs = cycle.Take(ArcsShown).Select(network.DescribeArc);
        string more = cycle.Count > ArcsShown ? $", … ({cycle.Count} arcs)" : "";
        string cause = string.Create(CultureInfo.InvariantCulture,
            $"a cycle of arcs without upper bound costs {cost} a unit: {string.Join(", ", arcs)}{more}");
        return FlowSolution.Failed(FlowStatus.Unbounded, cause, "give one of these arcs an upper bound, or correct its cost", trace);
    }

    /// <summary>An unlimited arc whose flow passes 2^63 − 1.</summary>
    public static FlowSolution FlowTooLarge(FlowNetwork network, int arc, SolveTrace trace)
        => FlowSolution.Failed(FlowStatus.RejectedInput,
            $"{network.DescribeArc(arc)} has no upper bound and its flow would pass {long.MaxValue}, the largest flow an arc can be given",
            "state flows in a larger unit, or give the arc an upper bound", trace);

    /// <summary>A total beyond 128 bits.</summary>
    public static FlowSolution CostTooLarge(SolveTrace trace)
        => FlowSolution.Failed(FlowStatus.RejectedInput, "the total cost passes 128 bits", "state costs or flows in a larger unit", trace);

    /// <summary>Cancelled, or a limit reached.</summary>
    public static FlowSolution BudgetEnded(Budget budget, SolveTrace trace)
        => FlowSolution.Failed(FlowStatus.BudgetEnded, budget.Cause, "allow more pivots or time, or keep the last solution", trace);
}
