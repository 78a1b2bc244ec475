using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Session;

/// <summary>How a kernel's part of a solve ended.</summary>
internal enum KernelOutcome
{
    /// <summary>An optimum.</summary>
    Optimal,

    /// <summary>Proven to have no flow.</summary>
    Infeasible,

    /// <summary>The budget ended; solving may go on.</summary>
    BudgetEnded,

    /// <summary>The kernel's range does not do: a wider one must go on from its basis.</summary>
    TooNarrow,

    /// <summary>The outcome is for the general solver to tell.</summary>
    Unclear,
}

/// <summary>What a session needs of a kernel: it takes edits of one network, solves again from where it stands, is read, saved and
/// put back.</summary>
internal interface ISessionKernel
{
    /// <summary>Its name in results.</summary>
    string Name { get; }

    /// <summary>Nodes of the network it was made for.</summary>
    int NodeCount { get; }

    /// <summary>True before the first optimum of a kernel made without one: its base prices are a guess.</summary>
    bool IsCold { get; }

    /// <summary>True when its base prices are far from what prices are now, so that building it anew would pay.</summary>
    bool IsWorn { get; }

    /// <summary>Takes new terms of an arc; false when that needs new arrays.</summary>
    bool TrySetArc(int arc, ArcTerms terms);

    /// <summary>Takes a change of a node's supply to the given one; false when that needs new arrays.</summary>
    bool TrySetSupply(int node, long supply, long change);

    /// <summary>Solves from the present basis.</summary>
    KernelOutcome Solve(Budget budget);

    /// <summary>Cost of the optimum.</summary>
    Int128 Objective();

    /// <summary>Supply that found no way, when there is no flow.</summary>
    Int128 Unserved();

    /// <summary>Reads the arcs with flow, lower bounds included.</summary>
    void Read(FlowBuffer flow);

    /// <summary>Reads all potentials.</summary>
    void ReadPotentials(Span<long> potentials);

    /// <summary>The basis in terms of the network.</summary>
    FlowBasis SaveBasis();

    /// <summary>A kernel of the same state that shares what never changes.</summary>
    ISessionKernel Fork();

    /// <summary>Takes over the state of a fork of the same kernel; no allocation.</summary>
    void CopyFrom(ISessionKernel other);

    /// <summary>True when the two share what never changes, so that <see cref="CopyFrom"/> is possible.</summary>
    bool IsForkOf(ISessionKernel other);
}
