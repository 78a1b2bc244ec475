namespace TrafficDispatch.Flow;

/// <summary>The outcome of a solve: a cheapest flow with prices that prove it, or why there is none.</summary>
/// <remarks>Immutable; safe on any number of threads.</remarks>
public sealed class FlowSolution
{
    private readonly long[] _flow;
    private readonly Int128[] _potentials;
    private readonly Int128 _objective;

    private FlowSolution(FlowStatus status, string cause, string remedy, SolveTrace trace, long[] flow, Int128[] potentials, Int128 objective)
    {
        (Status, Cause, Remedy) = (status, cause, remedy);
        (Kernel, Pivots, BuildTime, SolveTime) = trace;
        (_flow, _potentials, _objective) = (flow, potentials, objective);
    }

    /// <summary>How the solve ended.</summary>
    public FlowStatus Status { get; }

    /// <summary>Why there is no flow, with a witness and figures; empty when optimal.</summary>
    public string Cause { get; }

    /// <summary>What the caller can do about it; empty when optimal.</summary>
    public string Remedy { get; }

    /// <summary>The kernel that produced the result: <c>network-simplex</c> (64-bit) or <c>network-simplex-128</c>;
    /// <c>none</c> when the supplies do not sum to zero.</summary>
    public string Kernel { get; }

    /// <summary>Basis changes made, counting bound flips.</summary>
    public long Pivots { get; }

    /// <summary>Time from the network to the solver's own arrays and first basis.</summary>
    public TimeSpan BuildTime { get; }

    /// <summary>Time from the first basis to the outcome.</summary>
    public TimeSpan SolveTime { get; }

    /// <summary>Cost of the flow, exact.</summary>
    /// <exception cref="InvalidOperationException">The status is not <see cref="FlowStatus.Optimal"/>.</exception>
    public Int128 Objective => Status == FlowStatus.Optimal
        ? _objective
        : throw new InvalidOperationException($"A solve that ended {Status} has no objective. Cause: {Cause}");

    /// <summary>Flow of each arc, in the network's arc order; empty when not optimal.</summary>
    public ReadOnlySpan<long> Flow => _flow;

    /// <summary>Potential of each node; empty when not optimal.</summary>
    /// <remarks>The reduced cost of an arc is <c>cost + potential(tail) − potential(head)</c>: not negative below the upper
    /// bound, not positive above the lower. So <c>potential(head) − potential(tail)</c> is what carrying one more unit from
    /// tail to head is worth. Unique up to a constant for each connected part only when the optimum is not degenerate.</remarks>
    public ReadOnlySpan<Int128> Potentials => _potentials;

    internal static FlowSolution Optimal(SolveTrace trace, long[] flow, Int128[] potentials, Int128 objective)
        => new(FlowStatus.Optimal, "", "", trace, flow, potentials, objective);

    internal static FlowSolution Failed(FlowStatus status, string cause, string remedy, SolveTrace trace)
        => new(status, cause, remedy, trace, [], [], 0);
}

/// <summary>What a solve did, whatever its outcome.</summary>
internal readonly record struct SolveTrace(string Kernel, long Pivots, TimeSpan BuildTime, TimeSpan SolveTime);
