using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Access networks and the interconnects of some of them: a node for each pair of such a network and an edge, with a cap of its own.</summary>
internal sealed class PeeringCaps
{
    private const int Networks = 12, Capped = 3;
    private readonly Clients _clients;
    private readonly EdgeFleet _edges;
    private readonly SplitMix _random;
    private readonly int[] _networkOf;
    private readonly long[,] _before;
    private readonly int[,] _node;

    /// <summary>Draws the network of each location and adds up what went over each interconnect before.</summary>
    public PeeringCaps(Clients clients, EdgeFleet edges, PreviousAssignment previous, int seed)
    {
        (_clients, _edges) = (clients, edges);
        _random = new SplitMix(seed, RandomStream.Peering);
        _networkOf = Array.ConvertAll(clients.Places, _ => _random.Below(Networks));
        _before = new long[Capped, edges.Places.Length];
        _node = new int[Capped, edges.Places.Length];
        for (int g = 0; g < clients.Count; g++)
        {
            int network = _networkOf[clients.Location(g)];
            if (network >= Capped) continue;
            foreach (PreviousAssignment.Share share in previous.Of(g)) _before[network, share.Edge] += share.Volume;
        }
    }

    /// <summary>Where a group's arc to an edge leads: the interconnect's node, added at first use, or the edge itself.</summary>
    public int Entry(int group, int edge, FlowNetworkBuilder network)
    {
        int j = _networkOf[_clients.Location(group)];
        if (j >= Capped) return _clients.Count + edge;
        if (_node[j, edge] == 0) _node[j, edge] = network.AddNode();
        return _node[j, edge];
    }

    /// <summary>Adds the arcs from the interconnects that are in use to their edges: what went over each before, and up to half as much.</summary>
    public void AddArcs(FlowNetworkBuilder network)
    {
        for (int j = 0; j < Capped; j++)
        {
            for (int e = 0; e < _edges.Places.Length; e++)
            {
                long before = _before[j, e];
                long cap = before + (long)(before * _random.Between(0, 0.5) + _edges.Capacity[e] * _random.Between(0, 0.05));
                if (_node[j, e] != 0) network.AddArc(_node[j, e], _clients.Count + e, 0, cap, 0);
            }
        }
    }
}
