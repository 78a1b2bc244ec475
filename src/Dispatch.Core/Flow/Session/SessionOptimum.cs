namespace TrafficDispatch.Flow.Session;

/// <summary>Flow and potentials of a session's optimum, read from the kernel when first asked for, and their proof.</summary>
internal sealed class SessionOptimum(EditedNetwork edited, bool scalar)
{
    private readonly FlowBuffer _flow = new();
    private long[] _potentials = [];
    private FlowSolution? _general;
    private CertificateScan? _scan;
    private FlowNetwork? _scanned;
    private bool _isRead;

    /// <summary>The arcs with flow.</summary>
    public SparseFlow Carried => _flow.Flow;

    /// <summary>The kernel moved on.</summary>
    public void Forget() => _isRead = false;

    /// <summary>Reads the kernel unless that was done. O(n).</summary>
    public void Read(ISessionKernel kernel)
    {
        if (_isRead) return;
        _general = (kernel as GeneralKernel)?.Solution;
        if (_potentials.Length != edited.Network.NodeCount) _potentials = new long[edited.Network.NodeCount];
        kernel.Read(_flow);
        if (_general is null) kernel.ReadPotentials(_potentials);
        _isRead = true;
    }

    /// <summary>Flow of an arc; 0 for one added since.</summary>
    public long Flow(int arc) => _flow.Of(arc);

    /// <summary>Potential of a node; 0 for one added since.</summary>
    public Int128 Potential(int node)
        => _general is not null ? (node < _general.Potentials.Length ? _general.Potentials[node] : 0)
            : node < _potentials.Length ? _potentials[node] : 0;

    /// <summary>An ordinary solution.</summary>
    public FlowSolution ToSolution(in SessionResult result)
    {
        if (_general is not null) return _general;
        var trace = new SolveTrace(result.Kernel, result.Pivots, TimeSpan.Zero, TimeSpan.Zero);
        Int128[] potentials = Array.ConvertAll(_potentials, static p => (Int128)p);
        return FlowSolution.Optimal(trace, edited.Network.ArcCount, _flow.Arcs.ToArray(), _flow.Values.ToArray(), potentials, result.Objective, null);
    }

    /// <summary>True when the edited network's own numbers prove flow, potentials and objective.</summary>
    public bool Certify(Int128 objective)
    {
        if (edited.HasAdditions) return false;
        if (_general is not null) return OptimalityCertificate.Check(edited.Materialize(), _general).Valid;
        if (_scan is null || !ReferenceEquals(_scanned, edited.Network))
            (_scan, _scanned) = (new CertificateScan(edited.Network, remember: true, scalar), edited.Network);
        CertificateVerdict verdict = _scan.Check(_potentials, _flow.Flow, edited.Overrides, edited.Supplies);
        return verdict.Valid && verdict.Primal == objective;
    }
}
