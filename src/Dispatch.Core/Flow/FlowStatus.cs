namespace TrafficDispatch.Flow;

/// <summary>How a solve ended. Every status but <see cref="Optimal"/> comes with a cause and a remedy in words.</summary>
public enum FlowStatus
{
    /// <summary>A cheapest feasible flow was found, with potentials that prove it.</summary>
    Optimal = 0,

    /// <summary>No flow meets the supplies within the bounds. The cause names a node set that shows it, with figures.</summary>
    Infeasible = 1,

    /// <summary>Flows of any low cost exist: a negative cycle of unlimited arcs in a feasible network. The cause names it.</summary>
    Unbounded = 2,

    /// <summary>The answer cannot be told in 64-bit flows; nothing was rounded or guessed. The cause names the figure.</summary>
    RejectedInput = 3,

    /// <summary>Cancelled, or out of pivots or time. Nothing half-solved is returned.</summary>
    BudgetEnded = 4,
}
