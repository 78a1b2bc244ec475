namespace TrafficDispatch.Flow;

/// <summary>Arcs whose bounds and cost differ from those of the network they belong to, and their present values.</summary>
/// <remarks>Views of the owner's arrays, all of one length. Arcs in strictly rising order.</remarks>
internal readonly ref struct ArcOverrides(ReadOnlySpan<int> arcs, ReadOnlySpan<long> lower, ReadOnlySpan<long> upper, ReadOnlySpan<long> costs)
{
    /// <summary>The arcs.</summary>
    public ReadOnlySpan<int> Arcs { get; } = arcs;

    /// <summary>Least flow of each.</summary>
    public ReadOnlySpan<long> Lower { get; } = lower;

    /// <summary>Greatest flow of each; <see cref="FlowNetwork.Unlimited"/> for none.</summary>
    public ReadOnlySpan<long> Upper { get; } = upper;

    /// <summary>Cost a unit of each.</summary>
    public ReadOnlySpan<long> Costs { get; } = costs;

    /// <summary>True when the columns have one length and no bounds cross.</summary>
    public bool AreSound
    {
        get
        {
            if (Lower.Length != Arcs.Length || Upper.Length != Arcs.Length || Costs.Length != Arcs.Length) return false;
            for (int i = 0; i < Arcs.Length; i++) if (Lower[i] > Upper[i] || Lower[i] == FlowNetwork.Unlimited) return false;
            return true;
        }
    }
}

/// <summary>A flow by the arcs that carry any; all others carry 0.</summary>
/// <remarks>Views of the owner's arrays, both of one length. Arcs in strictly rising order; a value may be 0.</remarks>
internal readonly ref struct SparseFlow(ReadOnlySpan<int> arcs, ReadOnlySpan<long> values)
{
    /// <summary>The arcs.</summary>
    public ReadOnlySpan<int> Arcs { get; } = arcs;

    /// <summary>The flow of each.</summary>
    public ReadOnlySpan<long> Values { get; } = values;
}
