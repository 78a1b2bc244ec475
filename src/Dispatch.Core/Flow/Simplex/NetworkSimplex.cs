using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Simplex;

// THE PROBLEM. Given a directed network with supplies b(v), bounds l(e) <= u(e) and costs c(e), find a flow x that
//
//     minimises   sum of c(e) x(e)
//     subject to  (what leaves v) - (what enters v) = b(v)   for every node v,
//                 l(e) <= x(e) <= u(e)                        for every arc e.
//
// Lower bounds are shifted away first: x = l + y with 0 <= y <= u - l and b'(v) = b(v) - l(leaving v) + l(entering v).
// The arcs' arrays stay the network's own; capacities are computed where they are needed.
//
// SIGNS. A price (potential) p(v) is the cost of bringing a unit from the root to v along the tree. The reduced cost of
// an arc is r(e) = c(e) + p(tail) - p(head). Basic arcs have r = 0. The basis is optimal when r >= 0 on arcs out of the
// basis at their lower bound and r <= 0 on those at their upper.
//
// THE BASIS. n real nodes and an artificial root are joined by a spanning tree of basic arcs; every other arc sits at one
// of its bounds. Each node starts with, or can fall back on, an artificial arc to or from the root: unlimited, of cost
// M = nC + 1 with C the greatest |cost|, more than any path of real arcs can cost. An optimum that still uses artificial
// arcs therefore proves that no flow exists: the nodes that hang from the root by artificial arcs pointing to it form a cut
// whose supply cannot leave (see FeasibilityCut). Artificial arcs never re-enter the basis.
//
// INVARIANTS, one a file:
//   SpanningTree      the links form one rooted tree; residuals of basic arcs live in their lower node; prices follow the tree.
//   BlockPricing      no candidate after a whole ring means optimal.
//   ArcCapacity       a capacity that can never bind is infinite.
//   CrashBasis        the starting arcs leave their node and form a forest.
//   Arithmetic        no price, residual or reduced cost passes the number type.
//   this file         the basis is STRONGLY FEASIBLE before and after every pivot: from every node a positive amount can be
//                     pushed along the tree to the root (Cunningham 1976). The leaving arc is therefore the last blocking
//                     one met when the cycle is walked in the direction of the push, starting at its join. With this rule
//                     no sequence of degenerate pivots returns to a basis it has left, so the method ends for any pivot rule.
//
// UNLIMITED ARCS. A residual that does not end is a mark, not a number. A push that meets no finite residual has found a
// negative cycle of unlimited arcs: the network is unbounded if it is feasible at all, which a second run with zero costs
// decides. A flow that reaches the mark on an unlimited arc ends the 64-bit run (OutOfWidth); the 128-bit run decides.
//
// COMPLEXITY. A pivot costs the priced block, the cycle, and the subtree that changes prices: O(m) at worst, a few thousand
// operations on dispatch networks. The number of pivots has no polynomial bound for this rule and is a small multiple of n
// in practice. Memory above the network: about 120 bytes a node, 1 byte an arc, and the flow.
//
// PAPERS. R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows (1993), chapter 11. W. H. Cunningham, A network simplex
// method, Mathematical Programming 11 (1976). P. Kiraly, P. Kovacs, Efficient implementations of minimum-cost flow
// algorithms, Acta Univ. Sapientiae, Informatica 4 (2012). M. D. Grigoriadis, An efficient implementation of the network
// simplex method, Mathematical Programming Study 26 (1986).

/// <summary>How a run of the kernel ended.</summary>
internal enum KernelEnd
{
    /// <summary>No arc can improve the basis.</summary>
    Optimal,

    /// <summary>A negative cycle of unlimited arcs was found.</summary>
    UnlimitedCycle,

    /// <summary>A flow left the range of the number type.</summary>
    OutOfWidth,

    /// <summary>The budget ended.</summary>
    BudgetEnded,
}

/// <summary>An exact primal network simplex over a strongly feasible basis; see the essay at the head of this file.</summary>
/// <typeparam name="T">Width of prices and flows: <c>long</c> under a proven bound, else <c>Int128</c>.</typeparam>
/// <remarks>One run an instance, one thread. Same arrays, same flow.</remarks>
internal sealed class NetworkSimplex<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly FlowArcs _arcs;
    private readonly long[] _costs;
    private readonly ArcCapacity<T> _capacity;
    private readonly SpanningTree<T> _tree;
    private readonly BlockPricing<T> _pricing;
    private readonly sbyte[] _atUpper;

    /// <summary>Builds the arrays and the first basis.</summary>
    /// <param name="shifted">The network after the shift; its supplies sum to zero.</param>
    /// <param name="costs">The costs to use: the network's, or zeros to ask for feasibility only.</param>
    /// <param name="greatestCost">Greatest absolute cost among them.</param>
    /// <param name="scalar">Forgoes vector instructions; the pivots are the same.</param>
    public NetworkSimplex(ShiftedNetwork shifted, long[] costs, Int128 greatestCost, bool scalar)
    {
        _arcs = shifted.Network.Arcs;
        _costs = costs;
        int nodes = shifted.Network.NodeCount;
        _capacity = new ArcCapacity<T>(shifted);
        _tree = new SpanningTree<T>(_capacity.Entered, costs, T.CreateTruncating((greatestCost * nodes) + 1));
        _atUpper = new sbyte[_arcs.Tails.Length];
        _pricing = new BlockPricing<T>(_arcs, _costs, _tree, _atUpper, scalar);
        HangNodes(shifted);
    }

    /// <summary>The basis tree.</summary>
    public SpanningTree<T> Tree => _tree;

    /// <summary>−1 for arcs out of the basis at their upper bound, else 0.</summary>
    public ReadOnlySpan<sbyte> AtUpper => _atUpper;

    /// <summary>Arcs of the unlimited cycle, in the direction of flow, when a run ends with <see cref="KernelEnd.UnlimitedCycle"/>.</summary>
    public IReadOnlyList<int> Cycle { get; private set; } = [];

    /// <summary>Pivots until the end.</summary>
    public KernelEnd Run(Budget budget)
    {
        if (!budget.Lasts()) return KernelEnd.BudgetEnded;
        for (int arc = _pricing.FindEntering(); arc >= 0; arc = _pricing.FindEntering())
        {
            if (!budget.Spend()) return KernelEnd.BudgetEnded;
            KernelEnd end = Pivot(arc);
            if (end != KernelEnd.Optimal) return end;
        }

        return KernelEnd.Optimal;
    }

    // Leaves first, every node passes its excess on along the arc the crash chose, if less than its capacity (strong
    // feasibility), or else along an artificial arc: to the root for an excess, from the root for a lack.
    private void HangNodes(ShiftedNetwork shifted)
    {
        var crash = new CrashBasis<T>(shifted, _capacity);
        T[] excess = Array.ConvertAll(shifted.Supplies, T.CreateTruncating);
        int[] leavesFirst = crash.LeavesFirst();
        foreach (int v in leavesFirst)
        {
            int arc = crash.Chosen[v];
            T capacity = arc >= 0 ? _capacity.Of(arc) : T.Zero;
            if (arc >= 0 && excess[v] >= T.Zero && excess[v] < capacity)
            {
                int head = _arcs.Heads[arc];
                excess[head] = unchecked(excess[head] + excess[v]);
                _tree.HangFirst(v, head, arc, Arithmetic<T>.Less(capacity, excess[v]), excess[v]);
            }
            else if (excess[v] >= T.Zero) _tree.HangFirst(v, _tree.Root, _arcs.Tails.Length, Arithmetic<T>.Infinite, excess[v]);
            else _tree.HangFirst(v, _tree.Root, ~_arcs.Tails.Length, unchecked(-excess[v]), Arithmetic<T>.Infinite);
        }

        for (int i = leavesFirst.Length - 1; i >= 0; i--) _tree.Price(leavesFirst[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private KernelEnd Pivot(int arc)
    {
        bool fromUpper = _atUpper[arc] != 0;
        (int first, int second) = fromUpper ? (_arcs.Heads[arc], _arcs.Tails[arc]) : (_arcs.Tails[arc], _arcs.Heads[arc]);
        int join = _tree.Join(first, second);
        T capacity = _capacity.Of(arc);
        (int top, bool onFirstSide, T amount) = LastBlocking(first, second, join, capacity);
        if (amount == Arithmetic<T>.Infinite) return FoundCycle(arc, first, second, join);
        if (amount != T.Zero && !Push(first, second, join, amount)) return KernelEnd.OutOfWidth;
        if (top < 0)
        {
            _atUpper[arc] = (sbyte)~_atUpper[arc];
            return KernelEnd.Optimal;
        }

        Leave(top, onFirstSide);
        Enter(arc, fromUpper, onFirstSide ? first : second, top, onFirstSide ? second : first, onFirstSide, capacity, amount);
        return KernelEnd.Optimal;
    }

    // The push runs join -> first -> entering arc -> second -> join. Of several blocking arcs the last on that way must
    // leave: on the first side, walked upwards, a tie keeps what was found; on the second side a tie replaces it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Top, bool OnFirstSide, T Amount) LastBlocking(int first, int second, int join, T amount)
    {
        int top = -1;
        for (int v = first; v != join;)
        {
            ref TreeNode<T> node = ref _tree[v];
            if (node.FromParent < amount) (amount, top) = (node.FromParent, v);
            v = node.Parent;
        }

        bool onFirstSide = true;
        for (int v = second; v != join;)
        {
            ref TreeNode<T> node = ref _tree[v];
            if (node.ToParent <= amount) (amount, top, onFirstSide) = (node.ToParent, v, false);
            v = node.Parent;
        }

        return (top, onFirstSide, amount);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Push(int first, int second, int join, T amount)
    {
        bool fits = true;
        for (int v = first; v != join;)
        {
            ref TreeNode<T> node = ref _tree[v];
            fits &= Move(ref node.FromParent, ref node.ToParent, amount);
            v = node.Parent;
        }

        for (int v = second; v != join;)
        {
            ref TreeNode<T> node = ref _tree[v];
            fits &= Move(ref node.ToParent, ref node.FromParent, amount);
            v = node.Parent;
        }

        return fits;
    }

    private static bool Move(ref T less, ref T more, T amount)
    {
        less = Arithmetic<T>.Less(less, amount);
        bool unlimited = more == Arithmetic<T>.Infinite;
        more = Arithmetic<T>.More(more, amount);
        return unlimited || more < Arithmetic<T>.Infinite;
    }

    // On the first side the push came from the parent: it filled an arc that points to the node, emptied one that leaves it.
    private void Leave(int top, bool onFirstSide)
    {
        int code = _tree[top].ArcCode;
        if (_tree.IsArtificial(code)) return;
        bool pointsToParent = code >= 0;
        _atUpper[pointsToParent ? code : ~code] = (sbyte)(pointsToParent == onFirstSide ? 0 : -1);
    }

    private void Enter(int arc, bool fromUpper, int entry, int top, int parent, bool onFirstSide, T capacity, T amount)
    {
        T ahead = Arithmetic<T>.Less(capacity, amount);
        T reduced = unchecked(T.CreateTruncating(_costs[arc]) + _tree.PriceOf(_arcs.Tails[arc]) - _tree.PriceOf(_arcs.Heads[arc]));
        bool leavesEntry = onFirstSide != fromUpper;
        T shift = leavesEntry ? unchecked(-reduced) : reduced;
        _atUpper[arc] = 0;
        if (onFirstSide) _tree.Rehang(entry, top, parent, leavesEntry ? arc : ~arc, ahead, amount, shift);
        else _tree.Rehang(entry, top, parent, leavesEntry ? arc : ~arc, amount, ahead, shift);
    }

    private KernelEnd FoundCycle(int arc, int first, int second, int join)
    {
        var cycle = new List<int> { arc };
        for (int v = second; v != join; v = _tree[v].Parent) cycle.Add(_tree[v].ArcCode);
        int upwards = cycle.Count;
        for (int v = first; v != join; v = _tree[v].Parent) cycle.Insert(upwards, ~_tree[v].ArcCode);
        Cycle = cycle;
        return KernelEnd.UnlimitedCycle;
    }
}
