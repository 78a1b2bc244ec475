namespace TrafficDispatch.Flow.Simplex;

/// <summary>One node of the basis tree: its links, and the arc to its parent with what that arc can still take each way.</summary>
/// <typeparam name="T">Width of flows and prices.</typeparam>
internal struct TreeNode<T>
{
    /// <summary>Parent in the tree; −1 at the root.</summary>
    public int Parent;

    /// <summary>Arc <c>e</c> to the parent: <c>e</c> when it points to the parent, <c>~e</c> when it points to this node.</summary>
    public int ArcCode;

    /// <summary>Arcs between here and the root.</summary>
    public int Depth;

    /// <summary>Children form a doubly linked list; −1 ends each.</summary>
    public int FirstChild;

    /// <summary>Next child of the same parent.</summary>
    public int Next;

    /// <summary>Previous child of the same parent.</summary>
    public int Previous;

    /// <summary>Flow that can still be pushed to the parent.</summary>
    public T ToParent;

    /// <summary>Flow that can still be pushed from the parent to here.</summary>
    public T FromParent;
}

/// <summary>The rooted basis tree. Invariant: parent links reach the root, the child lists mirror them, and every node
/// but the root stores its basic arc's residuals, so that a pivot never touches the arcs' own arrays.</summary>
internal sealed class SpanningTree<T>
    where T : unmanaged
{
    private readonly TreeNode<T>[] _nodes;

    /// <summary>Creates a tree of a root alone; nodes 0 … <paramref name="nodeCount"/> − 1 are hung one by one.</summary>
    public SpanningTree(int nodeCount)
    {
        Root = nodeCount;
        _nodes = new TreeNode<T>[nodeCount + 1];
        for (int v = 0; v <= nodeCount; v++) _nodes[v] = new TreeNode<T> { Parent = -1, FirstChild = -1, Next = -1, Previous = -1 };
    }

    /// <summary>The artificial root's index.</summary>
    public int Root { get; }

    /// <summary>A node's record.</summary>
    public ref TreeNode<T> this[int node] => ref _nodes[node];

    /// <summary>Hangs a node without parent below another. Depths and prices are the caller's to set.</summary>
    public void Hang(int child, int parent)
    {
        ref TreeNode<T> c = ref _nodes[child];
        ref TreeNode<T> p = ref _nodes[parent];
        (c.Parent, c.Previous, c.Next) = (parent, -1, p.FirstChild);
        if (p.FirstChild >= 0) _nodes[p.FirstChild].Previous = child;
        p.FirstChild = child;
    }

    /// <summary>Takes a node with its subtree from its parent.</summary>
    public void Cut(int child)
    {
        ref TreeNode<T> c = ref _nodes[child];
        if (c.Previous >= 0) _nodes[c.Previous].Next = c.Next;
        else _nodes[c.Parent].FirstChild = c.Next;
        if (c.Next >= 0) _nodes[c.Next].Previous = c.Previous;
    }

    /// <summary>The deepest node that is above (or is) both.</summary>
    public int Join(int u, int v)
    {
        while (u != v)
        {
            int du = _nodes[u].Depth, dv = _nodes[v].Depth;
            if (du >= dv) u = _nodes[u].Parent;
            if (dv >= du) v = _nodes[v].Parent;
        }

        return u;
    }

    /// <summary>Moves the subtree below <paramref name="top"/>: it is turned to hang from <paramref name="entry"/> (inside it)
    /// by the given arc below <paramref name="parent"/> (outside it).</summary>
    /// <remarks>The arcs between entry and top change sides: each node on that path takes over its former child's arc.</remarks>
    public void Rehang(int entry, int top, int parent, int arcCode, T toParent, T fromParent)
    {
        int v = entry;
        while (true)
        {
            ref TreeNode<T> node = ref _nodes[v];
            int oldParent = node.Parent;
            (int oldCode, T oldTo, T oldFrom) = (node.ArcCode, node.ToParent, node.FromParent);
            Cut(v);
            Hang(v, parent);
            (node.ArcCode, node.ToParent, node.FromParent) = (arcCode, toParent, fromParent);
            if (v == top) return;
            (arcCode, toParent, fromParent) = (~oldCode, oldFrom, oldTo);
            (parent, v) = (v, oldParent);
        }
    }
}
