using System.Globalization;

namespace TrafficDispatch.Flow;

/// <summary>Proves, or refutes, that a flow is a cheapest one, from the original network, the flow and the potentials alone.</summary>
/// <remarks>
/// <para>With r = cost + potential(tail) − potential(head), linear programming duality says that a flow is optimal if and only
/// if it is feasible and some potentials satisfy: r ≥ 0 where the flow is below the upper bound, r ≤ 0 where it is above the
/// lower. Then the dual objective, sum of r·lower over r &gt; 0 plus r·upper over r &lt; 0 less the sum of potential·supply,
/// equals the cost. Both are computed here, term by term, without rounding.</para>
/// <para>No code is shared with the solvers, and nothing they derive is read: no basis, no shift, no dropped bound.
/// O(n + m) time, 24 bytes a node of memory. Arcs that <see cref="ArcScreen"/> proves irrelevant are passed over four at a
/// time; every other arc is examined in 128 bits. Immutable. Ahuja, Magnanti, Orlin, Network Flows (1993), section 9.3.</para>
/// </remarks>
public sealed class OptimalityCertificate
{
    /// <summary>The most violations listed; <see cref="ViolationCount"/> counts all.</summary>
    public const int MaxViolations = 100;

    private const int Block = 2048;

    private static readonly Int128 PotentialLimit = Int128.One << 124;

    private readonly FlowNetwork _network;
    private readonly Int128[] _leaving;
    private readonly List<CertificateViolation> _violations = [];
    private ExactSum _primal;
    private ExactSum _dual;
    private bool _dualUnlimited;

    private OptimalityCertificate(FlowNetwork network) => (_network, _leaving) = (network, new Int128[network.NodeCount]);

    /// <summary>True when the flow is feasible and the potentials prove it optimal.</summary>
    public bool Valid => ViolationCount == 0 && Gap == 0;

    /// <summary>Cost of the flow; held at the end of the range when it lies outside 128 bits.</summary>
    public Int128 PrimalObjective { get; private set; }

    /// <summary>Lower bound on the cost of every feasible flow that the potentials prove; held at the ends of the range.
    /// <see cref="Int128.MinValue"/> when an arc without upper bound has a negative reduced cost.</summary>
    public Int128 DualObjective { get; private set; }

    /// <summary>Primal less dual objective: how far from optimal the flow can be at most. 0 for an optimum; held at the ends
    /// of the range. Negative only for a flow that is not feasible.</summary>
    public Int128 Gap { get; private set; }

    /// <summary>Number of conditions that fail.</summary>
    public long ViolationCount { get; private set; }

    /// <summary>The first conditions that fail, at most <see cref="MaxViolations"/>.</summary>
    public IReadOnlyList<CertificateViolation> Violations => _violations;

    /// <summary>Checks a solver's result, its objective included.</summary>
    /// <exception cref="ArgumentException">The solution is not optimal and so claims nothing.</exception>
    public static OptimalityCertificate Check(FlowNetwork network, FlowSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        if (solution.Status != FlowStatus.Optimal) throw new ArgumentException($"A solve that ended {solution.Status} claims no flow.", nameof(solution));
        OptimalityCertificate certificate = Check(network, solution.Flow, solution.Potentials);
        if (certificate.PrimalObjective != solution.Objective)
            certificate.Add(CertificateRule.Objective, -1, -1, $"the claimed objective is {solution.Objective}, the flow costs {certificate.PrimalObjective}");
        return certificate;
    }

    /// <summary>Checks a flow against potentials.</summary>
    /// <param name="network">The original network.</param>
    /// <param name="flow">Flow of each arc.</param>
    /// <param name="potentials">Potential of each node.</param>
    public static OptimalityCertificate Check(FlowNetwork network, ReadOnlySpan<long> flow, ReadOnlySpan<Int128> potentials)
        => Check(network, flow, potentials, default);

    /// <summary>Checks without the screen or without vectors, so that tests can compare.</summary>
    internal static OptimalityCertificate Check(
        FlowNetwork network, ReadOnlySpan<long> flow, ReadOnlySpan<Int128> potentials, CertificateTrial trial)
    {
        ArgumentNullException.ThrowIfNull(network);
        var certificate = new OptimalityCertificate(network);
        if (certificate.CheckShape(flow.Length, potentials.Length) && certificate.CheckRange(potentials))
        {
            certificate.CheckArcs(flow, potentials, trial);
            certificate.CheckNodes();
            certificate.Conclude(potentials);
        }

        return certificate;
    }

    private bool CheckShape(int flows, int potentials)
    {
        if (flows != _network.ArcCount) Add(CertificateRule.Shape, -1, -1, $"{flows} flows for {_network.ArcCount} arcs");
        if (potentials != _network.NodeCount) Add(CertificateRule.Shape, -1, -1, $"{potentials} potentials for {_network.NodeCount} nodes");
        return ViolationCount == 0;
    }

    private bool CheckRange(ReadOnlySpan<Int128> potentials)
    {
        for (int v = 0; v < potentials.Length; v++)
            if (potentials[v] > PotentialLimit || potentials[v] < -PotentialLimit)
                Add(CertificateRule.PotentialRange, v, -1, $"node {_network.Number(v)}: potential {potentials[v]} is beyond ±2^124");
        return ViolationCount == 0;
    }

    private void CheckArcs(ReadOnlySpan<long> flow, ReadOnlySpan<Int128> potentials, CertificateTrial trial)
    {
        var narrow = new long[potentials.Length];
        bool screened = !trial.Unscreened && ArcScreen.TryNarrow(potentials, narrow);
        Span<int> kept = stackalloc int[Block];
        for (int start = 0; start < flow.Length; start += Block)
        {
            int end = (int)Math.Min((long)start + Block, flow.Length);
            int count = screened ? ArcScreen.Collect(_network.Arcs, narrow, flow, start, end, kept, trial.Scalar) : ListAll(start, end, kept);
            foreach (int e in kept[..count]) Examine(e, flow[e], potentials);
        }
    }

    private static int ListAll(int start, int end, Span<int> kept)
    {
        for (int e = start; e < end; e++) kept[e - start] = e;
        return end - start;
    }

    private void Examine(int arc, long flow, ReadOnlySpan<Int128> potentials)
    {
        int tail = _network.Tails[arc], head = _network.Heads[arc];
        long cost = _network.Costs[arc];
        Int128 reduced = cost + potentials[tail] - potentials[head];
        _leaving[tail] += flow;
        _leaving[head] -= flow;
        _primal.AddProduct(cost, flow);
        AddDualTerm(arc, reduced);
        CheckArc(arc, flow, reduced);
    }

    // Faults of nodes are listed before those of arcs, which are known by now.
    private void CheckNodes()
    {
        CertificateViolation[] ofArcs = [.. _violations];
        _violations.Clear();
        for (int v = 0; v < _leaving.Length; v++)
            if (_leaving[v] != _network.Supplies[v])
                Add(CertificateRule.Conservation, v, -1, $"node {_network.Number(v)}: {_leaving[v]} leaves on balance, the supply is {_network.Supplies[v]}");
        _violations.AddRange(ofArcs.Take(MaxViolations - _violations.Count));
    }

    private void Conclude(ReadOnlySpan<Int128> potentials)
    {
        for (int v = 0; v < potentials.Length; v++) _dual.AddProduct(-potentials[v], _network.Supplies[v]);
        PrimalObjective = _primal.Held;
        DualObjective = _dualUnlimited ? Int128.MinValue : _dual.Held;
        Gap = _dualUnlimited ? Int128.MaxValue : ExactSum.Hold(_primal.Value - _dual.Value);
    }

    private void AddDualTerm(int arc, Int128 reduced)
    {
        if (reduced > 0) _dual.AddProduct(reduced, _network.LowerBounds[arc]);
        else if (reduced < 0 && _network.UpperBounds[arc] == FlowNetwork.Unlimited) _dualUnlimited = true;
        else if (reduced < 0) _dual.AddProduct(reduced, _network.UpperBounds[arc]);
    }

    private void CheckArc(int arc, long flow, Int128 reduced)
    {
        long lower = _network.LowerBounds[arc], upper = _network.UpperBounds[arc];
        if (flow < lower || flow > upper)
            Add(CertificateRule.Bounds, -1, arc, $"{_network.DescribeArc(arc)}: flow {flow} is outside {lower} to {upper}");
        if (reduced < 0 && (flow < upper || upper == FlowNetwork.Unlimited))
            Add(CertificateRule.ComplementarySlackness, -1, arc, $"{_network.DescribeArc(arc)}: reduced cost {reduced}, yet flow {flow} is below the upper bound {upper}");
        if (reduced > 0 && flow > lower)
            Add(CertificateRule.ComplementarySlackness, -1, arc, $"{_network.DescribeArc(arc)}: reduced cost {reduced}, yet flow {flow} is above the lower bound {lower}");
    }

    private void Add(CertificateRule rule, int node, int arc, FormattableString text)
    {
        ViolationCount++;
        if (_violations.Count < MaxViolations) _violations.Add(new CertificateViolation(rule, node, arc, text.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>Deviations from the usual way of checking.</summary>
/// <param name="Unscreened">Examines every arc in 128 bits.</param>
/// <param name="Scalar">No vector instructions.</param>
internal readonly record struct CertificateTrial(bool Unscreened, bool Scalar);
