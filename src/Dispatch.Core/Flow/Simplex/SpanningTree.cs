using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>One node of the basis tree: its links, and the arc to its parent with what that arc can still take each way.</summary>
/// <typeparam name="T">Width of flows and prices.</typeparam>
internal struct TreeNode<T>
{
    /// <summary>Parent in the tree; −1 at the root.</summary>
    public int Parent;

    /// <summary>Arc <c>e</c> to the parent: <c>e</c> when it points to the parent, <c>~e</c> when it points to this node.</summary>
    public int ArcCode;

    /// <summary>Arcs between here and the root; not kept for unlisted nodes.</summary>
    public int Depth;

    /// <summary>Children form a doubly linked list; −1 ends each.</summary>
    public int FirstChild;

    /// <summary>Next child of the same parent.</summary>
    public int Next;

    /// <summary>Previous child of the same parent; <see cref="SpanningTree{T}.Unlisted"/> for nodes out of the list.</summary>
    public int Previous;

    /// <summary>Flow that can still be pushed to the parent.</summary>
    public T ToParent;

    /// <summary>Flow that can still be pushed from the parent to here.</summary>
    public T FromParent;
}

/// <summary>The rooted basis tree with the prices that follow from it.</summary>
/// <remarks>
/// <para>Invariant: parent links reach the root; every node but the root stores its basic arc's residuals, so that a pivot
/// never touches the arcs' own arrays; and the price of <c>v</c> is <c>Prices[Anchors[v]] + Offsets[v]</c>.</para>
/// <para>A node that no arc enters is <em>unlisted</em> while it has no child: it is in no child list, and its price follows
/// from its parent's (anchor = parent, offset = signed arc cost). Moving the subtree above it costs it nothing. Dispatch
/// networks consist of such nodes but for a small core. All other nodes are listed: anchor = itself, offset = 0. No arc
/// enters an unlisted node, so the head of any arc has its price in <c>Prices</c> directly.</para>
/// </remarks>
internal sealed class SpanningTree<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Mark in <see cref="TreeNode{T}.Previous"/> of a node that is in no child list.</summary>
    public const int Unlisted = -2;

    private readonly TreeNode<T>[] _nodes;
    private readonly bool[] _entered;
    private readonly long[] _costs;
    private readonly T _artificialCost;

    /// <summary>Creates a tree of a root alone; the nodes are hung one by one, then priced from the root down.</summary>
    /// <param name="entered">For each node, whether an arc enters it.</param>
    /// <param name="costs">Cost of each arc; the code after the last stands for every artificial arc.</param>
    /// <param name="artificialCost">Cost of an artificial arc.</param>
    public SpanningTree(bool[] entered, long[] costs, T artificialCost)
    {
        (_entered, _costs, _artificialCost, Root) = (entered, costs, artificialCost, entered.Length);
        _nodes = new TreeNode<T>[Root + 1];
        (Prices, Anchors, Offsets) = (new T[Root + 1], new int[Root + 1], new T[Root + 1]);
        for (int v = 0; v <= Root; v++)
        {
            _nodes[v] = new TreeNode<T> { Parent = -1, FirstChild = -1, Next = -1, Previous = Unlisted };
            Anchors[v] = v;
        }

        _nodes[Root].Previous = -1;
    }

    /// <summary>The artificial root's index.</summary>
    public int Root { get; }

    /// <summary>Prices of listed nodes.</summary>
    public T[] Prices { get; }

    /// <summary>The node each node's price hangs on.</summary>
    public int[] Anchors { get; }

    /// <summary>What each node's price adds to its anchor's.</summary>
    public T[] Offsets { get; }

    /// <summary>A node's record.</summary>
    public ref TreeNode<T> this[int node] => ref _nodes[node];

    /// <summary>The price of any node.</summary>
    public T PriceOf(int node) => unchecked(Prices[Anchors[node]] + Offsets[node]); // bound: Arithmetic<T>

    /// <summary>True for arc codes of artificial arcs.</summary>
    public bool IsArtificial(int arcCode) => (arcCode >= 0 ? arcCode : ~arcCode) == _costs.Length;

    /// <summary>Hangs a node that was never in the tree. Parents are hung and priced by the time <see cref="Price"/> is called.</summary>
    public void HangFirst(int node, int parent, int arcCode, T toParent, T fromParent)
    {
        ref TreeNode<T> record = ref _nodes[node];
        (record.Parent, record.ArcCode, record.ToParent, record.FromParent) = (parent, arcCode, toParent, fromParent);
        if (_entered[node] || record.FirstChild >= 0) Link(node);
        ref TreeNode<T> above = ref _nodes[parent];
        if (above.Previous == Unlisted && above.Parent >= 0) Link(parent);
    }

    /// <summary>Prices a node whose parent has its price.</summary>
    public void Price(int node)
    {
        if (_nodes[node].Previous != Unlisted) SetOwnPrice(node);
        else Anchor(node);
    }

    /// <summary>The deepest node that is above (or is) both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Join(int u, int v)
    {
        if (u == v) return u;
        if (_nodes[u].Previous == Unlisted) u = _nodes[u].Parent; // childless, hence above no other
        if (_nodes[v].Previous == Unlisted) v = _nodes[v].Parent;
        while (u != v)
        {
            int du = _nodes[u].Depth, dv = _nodes[v].Depth;
            if (du >= dv) u = _nodes[u].Parent;
            if (dv >= du) v = _nodes[v].Parent;
        }

        return u;
    }

    /// <summary>Moves the subtree below <paramref name="top"/>: it is turned to hang from <paramref name="entry"/> (inside it)
    /// by the given arc below <paramref name="parent"/> (outside it), and its prices change by <paramref name="shift"/>.</summary>
    /// <remarks>The arcs between entry and top change sides: each node on that path takes over its former child's arc.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rehang(int entry, int top, int parent, int arcCode, T toParent, T fromParent, T shift)
    {
        int v = entry;
        while (true)
        {
            ref TreeNode<T> node = ref _nodes[v];
            int oldParent = node.Parent;
            (int oldCode, T oldTo, T oldFrom) = (node.ArcCode, node.ToParent, node.FromParent);
            if (v != top) EnsureListed(v); // it is about to get a child
            Cut(v);
            EnsureListed(parent); // after the cut: a parallel arc hangs a node below the same parent, whose last child it may have been
            node.Parent = parent;
            (node.ArcCode, node.ToParent, node.FromParent) = (arcCode, toParent, fromParent);
            if (node.Previous == Unlisted) Anchor(v);
            else Link(v);
            if (v == top) break;
            (arcCode, toParent, fromParent) = (~oldCode, oldFrom, oldTo);
            (parent, v) = (v, oldParent);
        }

        if (_nodes[entry].Previous != Unlisted) ShiftSubtree(entry, shift);
    }

    private void Link(int node)
    {
        ref TreeNode<T> record = ref _nodes[node];
        ref TreeNode<T> above = ref _nodes[record.Parent];
        (record.Previous, record.Next) = (-1, above.FirstChild);
        if (above.FirstChild >= 0) _nodes[above.FirstChild].Previous = node;
        above.FirstChild = node;
    }

    private void Unlink(int node)
    {
        ref TreeNode<T> record = ref _nodes[node];
        if (record.Previous >= 0) _nodes[record.Previous].Next = record.Next;
        else _nodes[record.Parent].FirstChild = record.Next;
        if (record.Next >= 0) _nodes[record.Next].Previous = record.Previous;
    }

    // Leaves the node listed in name, to be linked elsewhere; a parent that nothing enters is unlisted with its last child.
    private void Cut(int node)
    {
        ref TreeNode<T> record = ref _nodes[node];
        if (record.Previous == Unlisted) return;
        Unlink(node);
        int parent = record.Parent;
        if (parent == Root || _entered[parent] || _nodes[parent].FirstChild >= 0) return;
        Unlink(parent);
        _nodes[parent].Previous = Unlisted;
        Anchor(parent);
    }

    private void EnsureListed(int node)
    {
        ref TreeNode<T> record = ref _nodes[node];
        if (record.Previous != Unlisted) return;
        Link(node);
        SetOwnPrice(node);
    }

    private void SetOwnPrice(int node)
    {
        ref TreeNode<T> record = ref _nodes[node];
        record.Depth = unchecked(_nodes[record.Parent].Depth + 1);
        Prices[node] = unchecked(Prices[record.Parent] + SignedCost(record.ArcCode));
        (Anchors[node], Offsets[node]) = (node, T.Zero);
    }

    private void Anchor(int node)
        => (Anchors[node], Offsets[node]) = (_nodes[node].Parent, SignedCost(_nodes[node].ArcCode));

    // What the node's price adds to its parent's, for a reduced cost of zero.
    private T SignedCost(int arcCode)
    {
        int arc = arcCode >= 0 ? arcCode : ~arcCode;
        T cost = arc == _costs.Length ? _artificialCost : T.CreateTruncating(_costs[arc]);
        return arcCode >= 0 ? unchecked(-cost) : cost;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ShiftSubtree(int top, T shift)
    {
        int v = top;
        while (true)
        {
            ref TreeNode<T> node = ref _nodes[v];
            node.Depth = unchecked(_nodes[node.Parent].Depth + 1);
            Prices[v] = unchecked(Prices[v] + shift);
            if (node.FirstChild >= 0)
            {
                v = node.FirstChild;
                continue;
            }

            while (v != top && _nodes[v].Next < 0) v = _nodes[v].Parent;
            if (v == top) return;
            v = _nodes[v].Next;
        }
    }
}
