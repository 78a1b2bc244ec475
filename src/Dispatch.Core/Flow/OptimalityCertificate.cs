using System.Globalization;
using System.Numerics;

namespace TrafficDispatch.Flow;

/// <summary>Proves, or refutes, that a flow is a cheapest one, from the original network, the flow and the potentials alone.</summary>
/// <remarks>
/// <para>With r = cost + potential(tail) − potential(head), linear programming duality says that a flow is optimal if and only
/// if it is feasible and some potentials satisfy: r ≥ 0 where the flow is below the upper bound, r ≤ 0 where it is above the
/// lower. Then the dual objective, sum of r·lower over r &gt; 0 plus r·upper over r &lt; 0 less the sum of potential·supply,
/// equals the cost. Both are computed here, term by term, without rounding.</para>
/// <para>No code is shared with the solvers, and nothing they derive is read: no basis, no shift, no dropped bound.
/// O(n + m) time, 16 bytes a node of memory. Immutable. Ahuja, Magnanti, Orlin, Network Flows (1993), section 9.3.</para>
/// </remarks>
public sealed class OptimalityCertificate
{
    /// <summary>The most violations listed; <see cref="ViolationCount"/> counts all.</summary>
    public const int MaxViolations = 100;

    private static readonly Int128 PotentialLimit = Int128.One << 124;

    private readonly FlowNetwork _network;
    private readonly List<CertificateViolation> _violations = [];
    private bool _dualUnlimited;

    private OptimalityCertificate(FlowNetwork network) => _network = network;

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
    {
        ArgumentNullException.ThrowIfNull(network);
        var certificate = new OptimalityCertificate(network);
        if (certificate.CheckShape(flow.Length, potentials.Length) && certificate.CheckRange(potentials))
        {
            certificate.CheckNodes(flow);
            certificate.CheckArcs(flow, potentials);
        }

        return certificate;
    }

    private static Int128 Held(BigInteger value)
        => value > Int128.MaxValue ? Int128.MaxValue : value < Int128.MinValue ? Int128.MinValue : (Int128)value;

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

    private void CheckNodes(ReadOnlySpan<long> flow)
    {
        var leaving = new Int128[_network.NodeCount];
        for (int e = 0; e < flow.Length; e++)
        {
            if (flow[e] == 0) continue;
            leaving[_network.Tails[e]] += flow[e];
            leaving[_network.Heads[e]] -= flow[e];
        }

        for (int v = 0; v < leaving.Length; v++)
            if (leaving[v] != _network.Supplies[v])
                Add(CertificateRule.Conservation, v, -1, $"node {_network.Number(v)}: {leaving[v]} leaves on balance, the supply is {_network.Supplies[v]}");
    }

    private void CheckArcs(ReadOnlySpan<long> flow, ReadOnlySpan<Int128> potentials)
    {
        ReadOnlySpan<int> tails = _network.Tails, heads = _network.Heads;
        ReadOnlySpan<long> costs = _network.Costs;
        ExactSum primal = default, dual = default;
        for (int e = 0; e < flow.Length; e++)
        {
            Int128 reduced = costs[e] + potentials[tails[e]] - potentials[heads[e]];
            primal.AddProduct(costs[e], flow[e]);
            AddDualTerm(ref dual, e, reduced);
            CheckArc(e, flow[e], reduced);
        }

        for (int v = 0; v < potentials.Length; v++) dual.AddProduct(-potentials[v], _network.Supplies[v]);
        PrimalObjective = Held(primal.Value);
        DualObjective = _dualUnlimited ? Int128.MinValue : Held(dual.Value);
        Gap = _dualUnlimited ? Int128.MaxValue : Held(primal.Value - dual.Value);
    }

    private void AddDualTerm(ref ExactSum dual, int arc, Int128 reduced)
    {
        if (reduced > 0) dual.AddProduct(reduced, _network.LowerBounds[arc]);
        else if (reduced < 0 && _network.UpperBounds[arc] == FlowNetwork.Unlimited) _dualUnlimited = true;
        else if (reduced < 0) dual.AddProduct(reduced, _network.UpperBounds[arc]);
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
