using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Relays;

/// <summary>How one stage of a stream plan was solved.</summary>
/// <param name="Classes">Bundles that cost alike everywhere, taken together.</param>
/// <param name="Bundles">Streams to nodes that were placed.</param>
/// <param name="Arcs">Arcs of the flow network.</param>
/// <param name="Kernel">The flow solver's kernel.</param>
/// <param name="LowerBound">The flow's optimum: no whole placement costs less. kbit/s × microseconds.</param>
/// <param name="Cost">What the rounded placement costs, at least <paramref name="LowerBound"/>.</param>
/// <param name="CertificateValid">True where code that shares nothing with the solver confirmed the optimum.</param>
public sealed record StreamStage(int Classes, int Bundles, int Arcs, string Kernel, Int128 LowerBound, Int128 Cost, bool CertificateValid)
{
    /// <summary>How far the placement can be from the best one at most: (cost − bound) / bound; 0 where nothing costs anything.</summary>
    public double Gap => LowerBound == 0 ? 0 : (double)(Cost - LowerBound) / (double)LowerBound;
}

/// <summary>
/// One stage as a flow: classes of bundles → links → nodes that send → sink, links and nodes in convex steps of their capacity. Collect
/// classes and targets, then <see cref="Solve"/> once.
/// </summary>
/// <remarks>
/// Always feasible: the last step of every capacity has no bound and a charge that no detour outweighs, so what cannot be carried within
/// capacity shows as overload, never as a stream that is not served. Not thread-safe.
/// </remarks>
internal sealed class BundleFlow(RelayLoads loads)
{
    private readonly List<(int First, int Count, int FirstBundle, long Volume)> _classes = [];
    private readonly List<(int Link, int Relay, int Origin, long Cost)> _targets = [];
    private readonly List<long> _bundles = [];
    private readonly Dictionary<(int Link, int Node), int> _linkNodes = [];
    private int[] _chosen = [];

    /// <summary>Starts a class; its targets and bundles follow.</summary>
    public void BeginClass() => _classes.Add((_targets.Count, 0, _bundles.Count, 0));

    /// <summary>Adds a way to serve the class: over a link, from a relay, or from an origin where the relay is −1.</summary>
    /// <param name="link">Number of the link.</param>
    /// <param name="relay">The relay that sends; −1 for the origin.</param>
    /// <param name="origin">The origin that sends where there is no relay.</param>
    /// <param name="cost">Microseconds, idle.</param>
    public void AddTarget(int link, int relay, int origin, long cost)
    {
        _targets.Add((link, relay, relay < 0 ? origin : -1, cost));
        (int first, int count, int bundle, long volume) = _classes[^1];
        _classes[^1] = (first, count + 1, bundle, volume);
    }

    /// <summary>Adds a bundle to the class.</summary>
    /// <returns>Its number.</returns>
    public int AddBundle(long kbps)
    {
        _bundles.Add(kbps);
        (int first, int count, int bundle, long volume) = _classes[^1];
        _classes[^1] = (first, count, bundle, volume + kbps);
        return _bundles.Count - 1;
    }

    /// <summary>Which of its class's targets a bundle goes to, in the order in which they were added.</summary>
    public int Chosen(int bundle) => _chosen[bundle];

    /// <summary>Solves, rounds and adds the placement to the loads.</summary>
    /// <exception cref="InvalidOperationException">The flow failed its certificate: a defect of the solver.</exception>
    /// <exception cref="OperationCanceledException">The budget ended.</exception>
    public StreamStage Solve(CancellationToken budget)
    {
        if (_bundles.Count == 0) return new(0, 0, 0, "none", 0, 0, true);
        FlowNetwork network = Network();
        FlowSolution flow = FlowSolver.Solve(network, FlowOptions.Default, budget);
        budget.ThrowIfCancellationRequested();
        if (flow.Status != FlowStatus.Optimal) throw new InvalidOperationException($"A relay stage ended {flow.Status}: {flow.Cause}");
        bool valid = OptimalityCertificate.Check(network, flow).Valid;
        if (!valid) throw new InvalidOperationException("A relay stage failed its certificate; this is a defect of the solver.");
        Round(flow.Flow);
        Int128 cost = Place();
        return new(_classes.Count, _bundles.Count, network.ArcCount, flow.Kernel, flow.Objective, cost, valid);
    }

    private FlowNetwork Network()
    {
        RelayGraph graph = loads.Graph;
        FlowNetworkBuilder network = new(_classes.Count, _targets.Count);
        long total = 0;
        foreach ((_, _, _, long volume) in _classes)
        {
            network.AddNode(volume);
            total += volume;
        }
        int relays = network.AddNodes(loads.Relay.Length), origins = network.AddNodes(loads.Origin.Length), sink = network.AddNode(-total);
        for (int group = 0; group < _classes.Count; group++)
        {
            (int first, int count, _, long volume) = _classes[group];
            for (int t = first; t < first + count; t++)
            {
                (int link, int relay, int origin, long cost) = _targets[t];
                network.AddArc(group, LinkNode(network, link, relay >= 0 ? relays + relay : origins + origin), 0, volume, cost);
            }
        }
        foreach (((int link, int node), int linkNode) in _linkNodes) Steps(graph, link).AddArcs(network, linkNode, node);
        for (int r = 0; r < loads.Relay.Length; r++) RelaySteps(r).AddArcs(network, relays + r, sink);
        for (int o = 0; o < loads.Origin.Length; o++) OriginSteps(o).AddArcs(network, origins + o, sink);
        return network.Build();
    }

    /// <summary>The node of a link with a bound; a link without one is no node of its own.</summary>
    private int LinkNode(FlowNetworkBuilder network, int link, int node)
    {
        if (loads.Graph.Capacity(link) < 0) return node;
        if (!_linkNodes.TryGetValue((link, node), out int linkNode)) _linkNodes.Add((link, node), linkNode = network.AddNode());
        return linkNode;
    }

    private void Round(ReadOnlySpan<long> flow)
    {
        _chosen = new int[_bundles.Count];
        long[] bundles = [.. _bundles], volumes = flow[.._targets.Count].ToArray();
        for (int c = 0; c < _classes.Count; c++)
        {
            (int first, int count, int bundle, _) = _classes[c];
            int end = c + 1 < _classes.Count ? _classes[c + 1].FirstBundle : bundles.Length;
            BundleRounding.Assign(bundles.AsSpan(bundle, end - bundle), volumes.AsSpan(first, count), _chosen.AsSpan(bundle, end - bundle));
        }
    }

    /// <summary>Loads links and nodes with the placement; its cost in the flow's own terms.</summary>
    private Int128 Place()
    {
        Int128 cost = 0;
        Dictionary<int, long> links = [];
        long[] relays = new long[loads.Relay.Length], origins = new long[loads.Origin.Length];
        for (int c = 0; c < _classes.Count; c++)
        {
            int end = c + 1 < _classes.Count ? _classes[c + 1].FirstBundle : _bundles.Count;
            for (int b = _classes[c].FirstBundle; b < end; b++)
            {
                (int link, int relay, int origin, long weight) = _targets[_classes[c].First + _chosen[b]];
                cost += (Int128)_bundles[b] * weight;
                links[link] = links.GetValueOrDefault(link) + _bundles[b];
                if (relay >= 0) relays[relay] += _bundles[b];
                else origins[origin] += _bundles[b];
            }
        }
        foreach ((int link, long added) in links) cost += Steps(loads.Graph, link).Cost(added);
        for (int r = 0; r < relays.Length; r++) cost += RelaySteps(r).Cost(relays[r]);
        for (int o = 0; o < origins.Length; o++) cost += OriginSteps(o).Cost(origins[o]);
        foreach ((int link, long added) in links) loads.Link[link] += added;
        for (int r = 0; r < relays.Length; r++) loads.Relay[r] += relays[r];
        for (int o = 0; o < origins.Length; o++) loads.Origin[o] += origins[o];
        return cost;
    }

    private CapacitySteps Steps(RelayGraph graph, int link) => new(graph.Capacity(link), loads.Link[link], graph.Base(link));

    private CapacitySteps RelaySteps(int relay) => new(loads.Graph.RelayCapacity[relay], loads.Relay[relay], HopWeight.NodeMicroseconds);

    private CapacitySteps OriginSteps(int origin) => new(loads.Graph.OriginCapacity[origin], loads.Origin[origin], HopWeight.NodeMicroseconds);
}
