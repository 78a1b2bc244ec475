namespace TrafficDispatch.Flow;

/// <summary>The outcome of a solve: a cheapest flow with prices that prove it, or why there is none.</summary>
/// <remarks>Immutable; safe on any number of threads.</remarks>
public sealed class FlowSolution
{
    private readonly (int ArcCount, int[] Arcs, long[] Values) _carried;
    private long[]? _flow;
    private readonly Int128[] _potentials;
    private readonly Int128 _objective;

    private FlowSolution(FlowStatus status, string cause, string remedy, SolveTrace trace, long[]? flow, (int ArcCount, int[] Arcs, long[] Values) carried, Int128[] potentials, Int128 objective)
    {
        (Status, Cause, Remedy) = (status, cause, remedy);
        (Kernel, Pivots, BuildTime, SolveTime) = trace;
        (_flow, _carried, _potentials, _objective) = (flow, carried, potentials, objective);
    }

    /// <summary>How the solve ended.</summary>
    public FlowStatus Status { get; }

    /// <summary>Why there is no flow, with a witness and figures; empty when optimal.</summary>
    public string Cause { get; }

    /// <summary>What the caller can do about it; empty when optimal.</summary>
    public string Remedy { get; }

    /// <summary>The kernel that produced the result: <c>compact-simplex-32</c> or <c>compact-simplex-64</c> (width of prices),
    /// <c>network-simplex</c> (64-bit) or <c>network-simplex-128</c>; <c>none</c> when the supplies do not sum to zero.</summary>
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
    /// <remarks>The compact kernel knows the arcs that carry flow; the first look makes the array of all arcs. O(m) then, O(1) after.</remarks>
    public ReadOnlySpan<long> Flow => _flow ?? Interlocked.CompareExchange(ref _flow, Spread(), null) ?? _flow;

    /// <summary>Potential of each node; empty when not optimal.</summary>
    /// <remarks>The reduced cost of an arc is <c>cost + potential(tail) − potential(head)</c>: not negative below the upper
    /// bound, not positive above the lower. So <c>potential(head) − potential(tail)</c> is what carrying one more unit from
    /// tail to head is worth. Unique up to a constant for each connected part only when the optimum is not degenerate.</remarks>
    public ReadOnlySpan<Int128> Potentials => _potentials;

    /// <summary>The optimum's basis, to start another solve from; null unless <see cref="FlowOptions.KeepBasis"/> was set and a compact kernel solved.</summary>
    public FlowBasis? Basis { get; internal init; }

    internal static FlowSolution Optimal(SolveTrace trace, long[] flow, Int128[] potentials, Int128 objective)
        => new(FlowStatus.Optimal, "", "", trace, flow, default, potentials, objective);

    /// <summary>An optimum by the arcs that carry flow.</summary>
    internal static FlowSolution Optimal(SolveTrace trace, int arcCount, int[] arcs, long[] values, Int128[] potentials, Int128 objective, FlowBasis? basis)
        => new(FlowStatus.Optimal, "", "", trace, null, (arcCount, arcs, values), potentials, objective) { Basis = basis };

    internal static FlowSolution Failed(FlowStatus status, string cause, string remedy, SolveTrace trace)
        => new(status, cause, remedy, trace, [], default, [], 0);

    private long[] Spread()
    {
        var flow = new long[_carried.ArcCount];
        for (int i = 0; i < _carried.Arcs.Length; i++) flow[_carried.Arcs[i]] = _carried.Values[i];
        return flow;
    }
}

/// <summary>What a solve did, whatever its outcome.</summary>
internal readonly record struct SolveTrace(string Kernel, long Pivots, TimeSpan BuildTime, TimeSpan SolveTime);
