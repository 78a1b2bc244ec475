using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Relays;

/// <summary>The hops on the stored paths of one table, for the bounds on what reports may do. Immutable. O(hops of all paths) to make.</summary>
internal sealed class HopNetwork
{
    private readonly RoutingTable _table;
    private readonly Dictionary<HopPair, uint> _rtt = [];
    private readonly int[] _in, _out;

    /// <summary>Reads a table.</summary>
    public HopNetwork(RoutingTable table)
    {
        _table = table;
        (_in, _out) = (new int[table.Content.NodeCount], new int[table.Content.NodeCount]);
        int origins = table.Content.Origins.Length, asking = table.Content.EdgeCount + table.Content.Relays.Length;
        for (int node = 0; node < asking && !table.Content.Paths.Start.IsEmpty; node++)
            for (int path = table.Content.Paths.Start[node * origins]; path < table.Content.Paths.Start[(node + 1) * origins]; path++) Read(node, path);
    }

    /// <summary>The table.</summary>
    public RoutingTable Table => _table;

    /// <summary>Hops that begin at relays.</summary>
    public int RelayHops { get; private set; }

    /// <summary>Number of relays.</summary>
    public int Relays => _table.Content.Relays.Length;

    /// <summary>Ordinals of a hop; null where the table does not know one of its nodes.</summary>
    public HopPair? Find(in HopName hop)
    {
        HopPair found = new(_table.NodeOrdinal(hop.From), _table.NodeOrdinal(hop.To));
        return found is { From: >= 0, To: >= 0 } ? found : null;
    }

    /// <summary>True for a relay.</summary>
    public bool IsRelay(string id) => _table.NodeOrdinal(id) is int node && node >= _table.Content.EdgeCount && node < _table.Content.EdgeCount + Relays;

    /// <summary>How many different nodes have a stored path with a hop into this node from them.</summary>
    public int Into(int node) => _in[node];

    /// <summary>How many different hops lead out of a node.</summary>
    public int OutOf(int node) => _out[node];

    /// <summary>Round trip of a hop in microseconds; null where no stored path has it.</summary>
    public uint? Rtt(HopPair hop) => _rtt.TryGetValue(hop, out uint rtt) ? rtt : null;

    /// <summary>True where some stored path of a node has the hop: only then can the node know of it. O(paths of the node).</summary>
    public bool Uses(int node, HopPair hop)
    {
        if (_table.Content.Paths.Start.IsEmpty || node >= _table.Content.EdgeCount + Relays) return false;
        int origins = _table.Content.Origins.Length;
        for (int path = _table.Content.Paths.Start[node * origins]; path < _table.Content.Paths.Start[(node + 1) * origins]; path++)
            if (Has(node, path, hop)) return true;
        return false;
    }

    private bool Has(int node, int path, HopPair hop)
    {
        UpstreamPath stored = _table.Path(path);
        int from = node;
        foreach (ushort relay in stored.Relays)
        {
            int to = _table.NodeOfRelay(relay);
            if (hop == new HopPair(from, to)) return true;
            from = to;
        }
        return hop == new HopPair(from, _table.NodeOfOrigin(stored.Origin));
    }

    private void Read(int node, int path)
    {
        UpstreamPath stored = _table.Path(path);
        int from = node;
        for (int i = 0; i <= stored.Relays.Length; i++)
        {
            int to = i < stored.Relays.Length ? _table.NodeOfRelay(stored.Relays[i]) : _table.NodeOfOrigin(stored.Origin);
            if (_rtt.TryAdd(new(from, to), stored.HopRttMicroseconds[i]))
            {
                _in[to]++;
                _out[from]++;
                if (from >= _table.Content.EdgeCount) RelayHops++;
            }
            from = to;
        }
    }
}
