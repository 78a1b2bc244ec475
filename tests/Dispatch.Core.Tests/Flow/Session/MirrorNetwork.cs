using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>What a session's network should be after its edits: two plain lists, edited beside the session.</summary>
internal sealed class MirrorNetwork
{
    private readonly List<long> _supplies;
    private readonly List<ArcSpec> _arcs;
    private readonly List<ArcSpec> _first;

    public MirrorNetwork(NetworkSpec spec) => (_supplies, _arcs, _first) = ([.. spec.Supplies], [.. spec.Arcs], [.. spec.Arcs]);

    private MirrorNetwork(MirrorNetwork other) => (_supplies, _arcs, _first) = ([.. other._supplies], [.. other._arcs], [.. other._first]);

    public int NodeCount => _supplies.Count;

    public int ArcCount => _arcs.Count;

    public long SupplySum => _supplies.Sum();

    public NetworkSpec Spec => new([.. _supplies], [.. _arcs]);

    public ArcSpec Arc(int arc) => _arcs[arc];

    /// <summary>The arc as it was when the session opened, or when it was added.</summary>
    public ArcSpec First(int arc) => _first[arc];

    public long Supply(int node) => _supplies[node];

    public bool IsEntered(int node) => _arcs.Exists(a => a.Head == node);

    public IEnumerable<int> ArcsAt(int node) => Enumerable.Range(0, ArcCount).Where(e => _arcs[e].Tail == node || _arcs[e].Head == node);

    public MirrorNetwork Clone() => new(this);

    public void SetArc(int arc, long lower, long upper, long cost) => _arcs[arc] = _arcs[arc] with { Lower = lower, Upper = upper, Cost = cost };

    public void SetSupply(int node, long supply) => _supplies[node] = supply;

    public void AddNode(long supply) => _supplies.Add(supply);

    public void AddArc(ArcSpec arc)
    {
        _arcs.Add(arc);
        _first.Add(arc);
    }

    public void RemoveNode(int node)
    {
        foreach (int e in ArcsAt(node).ToArray()) SetArc(e, 0, 0, _arcs[e].Cost);
        _supplies[node] = 0;
    }

    /// <summary>Asserts that the session holds the same network, read both ways.</summary>
    public void AssertHeldBy(FlowSession session)
    {
        Assert.Equal((NodeCount, ArcCount), (session.NodeCount, session.ArcCount));
        Assert.Equal(_arcs.Select(a => (a.Lower, a.Upper, a.Cost)), Enumerable.Range(0, ArcCount).Select(session.ArcTerms));
        Assert.Equal(_supplies, Enumerable.Range(0, NodeCount).Select(session.Supply));
        FlowNetwork network = session.ToNetwork();
        Assert.Equal(_supplies, network.Supplies.ToArray());
        Assert.Equal(_arcs, Arcs(network));
    }

    private static IEnumerable<ArcSpec> Arcs(FlowNetwork n)
        => Enumerable.Range(0, n.ArcCount).Select(e => new ArcSpec(n.Tails[e], n.Heads[e], n.LowerBounds[e], n.UpperBounds[e], n.Costs[e]));
}
