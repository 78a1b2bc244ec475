using System.Runtime.InteropServices;

namespace TrafficDispatch.Flow.Session;

/// <summary>Bounds and cost of an arc.</summary>
internal readonly record struct ArcTerms(long Lower, long Upper, long Cost);

/// <summary>A network and the changes made to it: overridden arcs, supplies, and what was added; and what of it the kernel has
/// not been told yet.</summary>
/// <remarks>Overridden arcs are kept in rising order. Not thread safe.</remarks>
internal sealed class EditedNetwork
{
    private readonly List<int> _arcs = [];
    private readonly List<long> _lower = [], _upper = [], _costs = [];
    private readonly List<long> _supplies;
    private readonly List<(int Tail, int Head)> _added = [];
    private readonly List<int> _pendingArcs = [];
    private readonly List<(int Node, long Change)> _pendingSupplies = [];

    /// <summary>Starts without changes.</summary>
    public EditedNetwork(FlowNetwork network)
    {
        Network = network;
        _supplies = [.. network.Supplies];
        foreach (long supply in network.Supplies) SupplySum += supply;
    }

    /// <summary>The network that overrides count from.</summary>
    public FlowNetwork Network { get; private set; }

    /// <summary>Sum of all supplies.</summary>
    public Int128 SupplySum { get; private set; }

    /// <summary>Nodes, added ones included.</summary>
    public int NodeCount => _supplies.Count;

    /// <summary>Arcs, added ones included.</summary>
    public int ArcCount => Network.ArcCount + _added.Count;

    /// <summary>True when nodes or arcs were added.</summary>
    public bool HasAdditions => _added.Count > 0 || _supplies.Count > Network.NodeCount;

    /// <summary>Supplies of all nodes.</summary>
    public ReadOnlySpan<long> Supplies => CollectionsMarshal.AsSpan(_supplies);

    /// <summary>Overridden arcs of <see cref="Network"/>.</summary>
    public ArcOverrides Overrides => new(
        CollectionsMarshal.AsSpan(_arcs), CollectionsMarshal.AsSpan(_lower), CollectionsMarshal.AsSpan(_upper), CollectionsMarshal.AsSpan(_costs));

    /// <summary>Arcs changed since <see cref="ClearPending"/>; an arc may come twice.</summary>
    public ReadOnlySpan<int> PendingArcs => CollectionsMarshal.AsSpan(_pendingArcs);

    /// <summary>Changes of supply since <see cref="ClearPending"/>, by rising node, each node once: what was set there and back between
    /// two solves must not pass through the kernel.</summary>
    public ReadOnlySpan<(int Node, long Change)> PendingSupplies()
    {
        Span<(int Node, long Change)> changes = CollectionsMarshal.AsSpan(_pendingSupplies);
        changes.Sort(static (a, b) => a.Node.CompareTo(b.Node));
        int kept = 0;
        foreach ((int node, long change) in changes)
        {
            if (kept > 0 && changes[kept - 1].Node == node) changes[kept - 1].Change = unchecked(changes[kept - 1].Change + change);
            else changes[kept++] = (node, change);
        }

        CollectionsMarshal.SetCount(_pendingSupplies, kept);
        return changes[..kept];
    }

    /// <summary>True when something changed since <see cref="ClearPending"/>.</summary>
    public bool HasPending => HasAdditions || _pendingArcs.Count > 0 || _pendingSupplies.Count > 0;

    /// <summary>Bounds and cost of an arc as they are now.</summary>
    public ArcTerms Terms(int arc)
    {
        int at = _arcs.BinarySearch(arc);
        return at >= 0 ? new(_lower[at], _upper[at], _costs[at]) : new(Network.Arcs.Lower[arc], Network.Arcs.Upper[arc], Network.Arcs.Costs[arc]);
    }

    /// <summary>The two ends of an arc.</summary>
    public (int Tail, int Head) Ends(int arc)
        => arc < Network.ArcCount ? (Network.Arcs.Tails[arc], Network.Arcs.Heads[arc]) : _added[arc - Network.ArcCount];

    /// <summary>Overrides an arc.</summary>
    public void Set(int arc, ArcTerms terms)
    {
        int at = _arcs.BinarySearch(arc);
        if (at < 0)
        {
            at = ~at;
            _arcs.Insert(at, arc);
            _lower.Insert(at, 0);
            _upper.Insert(at, 0);
            _costs.Insert(at, 0);
        }

        (_lower[at], _upper[at], _costs[at]) = (terms.Lower, terms.Upper, terms.Cost);
        _pendingArcs.Add(arc);
    }

    /// <summary>Sets a supply.</summary>
    public void SetSupply(int node, long supply)
    {
        Int128 change = (Int128)supply - _supplies[node];
        SupplySum += change;
        _supplies[node] = supply;
        if (node < Network.NodeCount) _pendingSupplies.Add((node, unchecked((long)change))); // the kernel takes no supply beyond 2^60
    }

    /// <summary>Adds a node.</summary>
    public int AddNode(long supply)
    {
        _supplies.Add(supply);
        SupplySum += supply;
        return _supplies.Count - 1;
    }

    /// <summary>Adds an arc.</summary>
    public int AddArc(int tail, int head, ArcTerms terms)
    {
        int arc = ArcCount;
        _added.Add((tail, head));
        Set(arc, terms);
        return arc;
    }

    /// <summary>The kernel knows everything now.</summary>
    public void ClearPending()
    {
        _pendingArcs.Clear();
        _pendingSupplies.Clear();
    }

    /// <summary>The network with all changes folded in. O(n + m).</summary>
    public FlowNetwork Materialize()
    {
        if (_arcs.Count == 0 && !HasAdditions && Supplies.SequenceEqual(Network.Supplies)) return Network;
        FlowArcs old = Network.Arcs;
        int arcs = ArcCount;
        int[] tails = Grown(old.Tails, arcs), heads = Grown(old.Heads, arcs);
        for (int i = 0; i < _added.Count; i++) (tails[Network.ArcCount + i], heads[Network.ArcCount + i]) = _added[i];
        long[] lower = Grown(old.Lower, arcs), upper = Grown(old.Upper, arcs), costs = Grown(old.Costs, arcs);
        for (int i = 0; i < _arcs.Count; i++) (lower[_arcs[i]], upper[_arcs[i]], costs[_arcs[i]]) = (_lower[i], _upper[i], _costs[i]);
        return new FlowNetwork([.. _supplies], new FlowArcs(tails, heads, lower, upper, costs), Network.FirstNumber);
    }

    /// <summary>Takes the folded network as the one overrides count from.</summary>
    public void Fold(FlowNetwork materialized)
    {
        Network = materialized;
        _arcs.Clear();
        _lower.Clear();
        _upper.Clear();
        _costs.Clear();
        _added.Clear();
        ClearPending();
    }

    /// <summary>Takes over another's network and changes.</summary>
    public void CopyFrom(EditedNetwork other)
    {
        (Network, SupplySum) = (other.Network, other.SupplySum);
        Copy(other._arcs, _arcs);
        Copy(other._lower, _lower);
        Copy(other._upper, _upper);
        Copy(other._costs, _costs);
        Copy(other._supplies, _supplies);
        Copy(other._added, _added);
        Copy(other._pendingArcs, _pendingArcs);
        Copy(other._pendingSupplies, _pendingSupplies);
    }

    private static void Copy<TItem>(List<TItem> from, List<TItem> to)
    {
        CollectionsMarshal.SetCount(to, from.Count);
        CollectionsMarshal.AsSpan(from).CopyTo(CollectionsMarshal.AsSpan(to));
    }

    private static TItem[] Grown<TItem>(TItem[] items, int count)
    {
        var grown = new TItem[count];
        items.CopyTo(grown.AsSpan());
        return grown;
    }
}
