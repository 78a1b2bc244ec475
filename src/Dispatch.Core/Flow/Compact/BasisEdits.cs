using System.Numerics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Changes a network under its basis: costs, capacities, supplies. What no longer fits is sent over artificial arcs, which
/// the next run empties again.</summary>
/// <remarks>Invariant: the basis is strongly feasible after each edit. An edit takes a path of the tree and, where an arc breaks a bound,
/// the subtree behind it.</remarks>
internal sealed unsafe class BasisEdits<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network;
    private readonly CoreTree<T> _tree;
    private readonly RowBasis<T> _rows;
    private readonly ArcColumns<T> _core, _bounded;
    private readonly CompactPivots<T> _pivots;
    private readonly T _artificialCost;
    private readonly List<int> _emptied;

    /// <summary>Edits this basis.</summary>
    public BasisEdits(CompactNetwork<T> network, CompactBasis<T> basis)
    {
        (_tree, _rows, _core, _bounded) = (basis.Tree, basis.Rows, basis.Core, basis.Bounded);
        _network = network;
        _pivots = new CompactPivots<T>(network, basis);
        _artificialCost = network.ArtificialCost;
        _emptied = new List<int>(2 * _tree.CoreCount); // of a path, hence never grown
    }

    /// <summary>Gives a core arc another cost, rebased.</summary>
    public void SetCoreCost(int arc, T cost)
    {
        T change = unchecked(cost - _core.Costs[arc]); // both within the range of costs
        _core.Costs[arc] = cost;
        if (_core.States[arc] != ArcState.Basic) return;
        int v = ChildOf(arc);
        _tree.Nodes[v].Cost = cost;
        _tree.Shift(v, _tree.Nodes[v].Up ? change : unchecked(-change));
    }

    /// <summary>Gives a core arc another capacity; false for a negative cycle of unlimited arcs.</summary>
    public bool SetCoreCapacity(int arc, long capacity)
    {
        long old = _core.Capacities[arc];
        if (capacity == old) return true;
        int state = _core.States[arc];
        if (state == ArcState.Upper && capacity > old) return _pivots.OpenCore(arc, capacity);

        _core.Capacities[arc] = capacity;
        if (state == ArcState.Basic) LimitBasic(arc, capacity);
        else if (state == ArcState.Upper)
        {
            if (capacity == 0) _core.States[arc] = ArcState.Lower;
            Inject(_core.Tails[arc], old - capacity);
            Inject(_core.Heads[arc], capacity - old);
        }

        return true;
    }

    /// <summary>Changes what a row sends.</summary>
    public void ChangeRowSupply(int row, long change)
    {
        int anchor = _rows.Anchors[row];
        if (anchor >= _tree.CoreCount)
        {
            Inject(anchor, change);
            return;
        }

        long flow = _rows.Flows[row] + change;
        if (flow >= 0 && flow < _pivots.LeafCapacity(row))
        {
            _rows.Flows[row] = flow;
            Inject(anchor, change);
        }
        else if (flow > 0) Overfill(row, anchor, flow);
        else Drain(row, anchor, flow);
    }

    /// <summary>Changes what a core node supplies.</summary>
    public void ChangeCoreSupply(int node, long change) => Inject(node, change);

    // The leaf's bounded arc is filled; the rest takes an artificial arc.
    private void Overfill(int row, int anchor, long flow)
    {
        long capacity = _pivots.LeafCapacity(row), before = _rows.Flows[row];
        _pivots.RestAt(_rows.Kinds[row], capacity > 0 ? ArcState.Upper : ArcState.Lower);
        _rows.SetLeaf(row, 0, _artificialCost, flow - capacity, ArcKind.Artificial);
        Inject(anchor, capacity - before);
    }

    // The leaf's arc is emptied and, one by one, the row's full bounded arcs, until the row has something to send again.
    private void Drain(int row, int anchor, long lacking)
    {
        long before = _rows.Flows[row];
        _pivots.RestAt(_rows.Kinds[row], ArcState.Lower);
        _rows.SetLeaf(row, 0, _artificialCost, 0, ArcKind.Artificial);
        Inject(anchor, -before);
        for (int b = _network.BoundedStarts[row]; b < _network.BoundedStarts[row + 1] && lacking < 0; b++)
        {
            if (_bounded.States[b] != ArcState.Upper) continue;
            _bounded.States[b] = ArcState.Lower;
            lacking += _bounded.Capacities[b];
            Inject(_bounded.Heads[b], -_bounded.Capacities[b]);
        }

        _rows.Flows[row] = lacking;
    }

    private int ChildOf(int arc)
    {
        int tail = _core.Tails[arc];
        return tail != 0 && _tree.Nodes[tail].Kind == arc ? tail : _core.Heads[arc];
    }

    private void LimitBasic(int arc, long capacity)
    {
        int v = ChildOf(arc), parent = _tree.Nodes[v].Parent;
        CoreNode<T>* node = _tree.Nodes + v;
        long flow = node->Flow;
        if (node->Up ? flow < capacity : flow <= capacity)
        {
            node->Arc = TreeArc<T>.Carrying(arc, node->Up, node->Cost, flow, capacity);
            return;
        }

        _core.States[arc] = capacity > 0 ? ArcState.Upper : ArcState.Lower;
        bool up = node->Up;
        HangFromRoot(v, up ? flow - capacity : capacity - flow);
        Inject(parent, up ? capacity - flow : flow - capacity);
    }

    // Sends a change of supply from a node along the tree to the root. Where it does not fit, the arc rests at the bound it would
    // break, the node behind it takes an artificial arc for what is left, and what the arc took goes on from its parent.
    private void Inject(int node, long amount)
    {
        _emptied.Clear();
        for (int v = node; v != 0 && amount != 0;)
        {
            CoreNode<T>* record = _tree.Nodes + v;
            int parent = record->Parent;
            if (record->ToParent > amount && record->FromParent >= -amount)
            {
                record->ToParent -= amount;
                record->FromParent += amount;
            }
            else
            {
                long taken = amount > 0 ? record->ToParent : -record->FromParent;
                _pivots.RestAt(record->Kind, record->Up == amount > 0 ? ArcState.Upper : ArcState.Lower);
                if (record->Kind >= 0 && _core.Capacities[record->Kind] == 0) _core.States[record->Kind] = ArcState.Lower;
                HangFromRoot(v, amount - taken);
                _emptied.Add(v);
                _emptied.Add(parent);
                amount = taken;
            }

            v = parent;
        }

        foreach (int v in _emptied) DissolveIfSplit(v); // only now: what goes on went through them
    }

    private void HangFromRoot(int v, long supply)
    {
        bool up = supply >= 0;
        T price = up ? _artificialCost : -_artificialCost;
        _tree.Rehang(v, v, 0, TreeArc<T>.Carrying(ArcKind.Artificial, up, _artificialCost, Math.Abs(supply), ShiftedSupplies.Unlimited), unchecked(price - _tree.Prices[v]));
    }

    private void DissolveIfSplit(int node)
    {
        if (node >= _tree.CoreCount && _tree.RowOf(node) >= 0) _pivots.DissolveIfLeaf(node);
    }
}
