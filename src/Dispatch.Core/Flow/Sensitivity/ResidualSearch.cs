using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow;

/// <summary>Cheapest residual paths in one number type: Dijkstra's method on reduced costs.</summary>
/// <remarks>
/// <para>Lengths are reduced costs under the optimal potentials p, so none is negative. The search keeps, for each node, the
/// price s(v) = p(v) + distance(v) rather than the distance: relaxing an arc is then s(tail) + cost &lt; s(head), one gather an
/// arc, and s is itself a set of optimal potentials under which every cheapest path has reduced costs of zero.</para>
/// <para>Invariant: s(v) of an unreached node is p(v) + limit, so an arc that would only lead beyond the limit fails the same
/// comparison. Nodes at the distance being scanned wait on a stack, farther ones in a heap; an entry whose distance has
/// fallen since is stale and skipped, so each node is settled once, at its final distance.</para>
/// <para>LATE ROWS. Of the forward arcs of a node none is shorter than its least step, known beforehand. The row therefore waits
/// in the heap until the search has come that much farther than the node, and is not read at all when the target is nearer.
/// A node without backward arcs has nothing else to offer: with a target in view it is not even reached before its row is
/// due. Most nodes of a large network have one arc in use and a dear second choice, and cost a query next to nothing.</para>
/// <para>Width: with P the greatest |potential| and C the greatest |cost|, a price lies within P + nC and a distance within
/// 2P + nC. <see cref="Fits"/> keeps both below 2^61, and <see cref="Infinite"/> is 2^62; for Int128, P ≤ 2^124 and
/// nC ≤ 2^93 are far below 2^126. Adding one more price or cost stays below the sign bit.</para>
/// <para>O(m log n) a search at worst, near O(m + n log n) in practice; vectors only skip arcs that a scalar comparison would
/// skip. E. W. Dijkstra, Numerische Mathematik 1 (1959); J. Edmonds, R. M. Karp, Journal of the ACM 19 (1972).</para>
/// </remarks>
internal sealed unsafe class ResidualSearch<T> : IResidualSearch
    where T : unmanaged, IBinaryInteger<T>
{
    private static readonly T Infinite = T.One << (sizeof(T) * 8 - 2);

    private readonly ResidualNetwork _residual;
    private readonly T[] _potentials;
    private readonly T[] _prices;
    private readonly T[] _leastStep;
    private readonly bool[] _wanted;
    private readonly PriorityQueue<int, T> _farther = new();
    private readonly Stack<int> _here = new();
    private readonly List<int> _seen = [];
    private readonly TightFlow _tight;
    private readonly bool _vectors;
    private int _except;
    private int _target;
    private int _missing;
    private T _distance;
    private T _cut;

    /// <summary>Prepares searches.</summary>
    /// <param name="residual">What the flow leaves open.</param>
    /// <param name="potentials">Optimal potentials.</param>
    /// <param name="scalar">Forgoes vector instructions; the answers are the same.</param>
    public ResidualSearch(ResidualNetwork residual, ReadOnlySpan<Int128> potentials, bool scalar)
    {
        _residual = residual;
        _vectors = typeof(T) == typeof(long) && Avx2.IsSupported && !scalar;
        _potentials = new T[potentials.Length];
        for (int v = 0; v < potentials.Length; v++) _potentials[v] = T.CreateTruncating(potentials[v]);
        _prices = new T[potentials.Length];
        _leastStep = new T[potentials.Length];
        _wanted = new bool[potentials.Length];
        for (int v = 0; v < potentials.Length; v++) _leastStep[v] = LeastStep(v);
        _tight = new TightFlow(potentials.Length);
    }

    /// <summary>True when 64 bits provably hold every price and distance.</summary>
    public static bool Fits(FlowNetwork network, ReadOnlySpan<Int128> potentials)
    {
        Int128 potential = 0;
        foreach (Int128 p in potentials) potential = Int128.Max(potential, Int128.Abs(p));
        (long least, long most) = (0, 0);
        foreach (long c in network.Costs) (least, most) = (Math.Min(least, c), Math.Max(most, c));
        Int128 cost = Int128.Max(most, -(Int128)least);
        return (2 * potential) + ((network.NodeCount + (Int128)2) * cost) < (Int128.One << 61);
    }

    /// <inheritdoc/>
    public ResidualPath Find(int source, int target, int exceptArc, Int128? below, long atMost)
    {
        T limit = Infinite;
        if (below is { } bound)
        {
            Int128 length = bound + Wide(_potentials[source]) - Wide(_potentials[target]);
            if (length <= 0) return ResidualPath.None;
            if (length < Wide(Infinite)) limit = T.CreateTruncating(length);
        }

        if (source == target) return new ResidualPath(true, 0, atMost);
        _missing = int.MaxValue;
        Search(source, target, exceptArc, limit);
        if (Distance(target) >= limit) return ResidualPath.None;
        Int128 cost = Wide(_prices[target]) - Wide(_potentials[source]);
        return new ResidualPath(true, cost, atMost == 0 ? 0 : Widest(source, target, atMost));
    }

    /// <inheritdoc/>
    public void FindAll(int source, ReadOnlySpan<int> targets)
    {
        _missing = 0;
        foreach (int v in targets)
        {
            if (_wanted[v]) continue;
            _wanted[v] = true;
            _missing++;
        }

        Search(source, -1, -1, Infinite);
        foreach (int v in targets) _wanted[v] = false;
    }

    /// <inheritdoc/>
    public Int128? CostTo(int source, int node)
        => Distance(node) >= Infinite ? null : Wide(_prices[node]) - Wide(_potentials[source]);

    private static Int128 Wide(T value) => Int128.CreateTruncating(value);

    private T Distance(int node) => unchecked(_prices[node] - _potentials[node]);

    private void Search(int source, int target, int exceptArc, T limit)
    {
        (_except, _target, _cut) = (exceptArc, target, limit);
        for (int v = 0; v < _prices.Length; v++) _prices[v] = unchecked(_potentials[v] + limit);
        _prices[source] = _potentials[source];
        _farther.Clear();
        _here.Clear();
        _seen.Clear();
        _distance = T.Zero;
        _here.Push(source);
        while (_missing > 0 && TryTake(out int entry))
        {
            if (entry < 0) ScanRow(~entry);
            else Settle(entry);
        }
    }

    // The next node to settle, the complement of the next whose row is due, or none: the rest lies beyond target or limit.
    private bool TryTake(out int entry)
    {
        if (_here.TryPop(out entry)) return true;
        while (_farther.TryDequeue(out entry, out T distance))
        {
            if (distance > _cut) return false;
            if (distance != (entry >= 0 ? Distance(entry) : unchecked(Distance(~entry) + _leastStep[~entry]))) continue;
            _distance = distance;
            return true;
        }

        return false;
    }

    private void Settle(int node)
    {
        if (_wanted[node]) _missing--;
        T price = _prices[node], step = _leastStep[node];
        foreach (int arc in _residual.BackwardFrom(node))
        {
            int tail = _residual.Arcs.Tails[arc];
            T reached = unchecked(price - T.CreateTruncating(_residual.Arcs.Costs[arc]));
            if (reached <= _prices[tail] && arc != _except) Relax(~arc, tail, reached);
        }

        if (step == T.Zero) ScanRow(node);
        else if (step != Infinite && unchecked(_distance + step) is var due && due <= _cut) _farther.Enqueue(~node, due);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanRow(int node)
    {
        T price = _prices[node];
        fixed (int* heads = _residual.Arcs.Heads)
        fixed (long* costs = _residual.Arcs.Costs)
        fixed (T* prices = _prices)
        {
            foreach (ArcRun run in _residual.Runs.From(node))
            {
                int e = run.First;
                if (_vectors) e = ScanFours(e, run.End, Unsafe.BitCast<T, long>(price), heads, costs, (long*)prices);
                for (; e < run.End; e++) TryForward(e, heads[e], unchecked(price + T.CreateTruncating(costs[e])), prices);
            }
        }
    }

    // The least reduced cost of an open forward arc of a node; Infinite when there is none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T LeastStep(int node)
    {
        T least = Infinite;
        foreach (ArcRun run in _residual.Runs.From(node))
        {
            for (int e = run.First; e < run.End; e++)
            {
                T reduced = unchecked(T.CreateTruncating(_residual.Arcs.Costs[e]) + _potentials[node] - _potentials[_residual.Arcs.Heads[e]]);
                if (reduced < least && IsOpen(e)) least = reduced;
            }
        }

        return least;
    }

    private bool IsOpen(int arc) => _residual.Arcs.Upper[arc] == FlowNetwork.Unlimited || _residual.Flow[arc] < _residual.Arcs.Upper[arc];

    // Four arcs at a time: skips those that reach no head more cheaply or as cheaply, which nearly all are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanFours(int e, int end, long price, int* heads, long* costs, long* prices)
    {
        Vector256<long> tail = Vector256.Create(price);
        for (; e + 4 <= end; e += 4)
        {
            Vector256<long> known = Avx2.GatherVector256(prices, Sse2.LoadVector128(heads + e), sizeof(long));
            Vector256<long> reached = Avx2.Add(Avx.LoadVector256(costs + e), tail);
            int mask = 15 & ~Avx.MoveMask(Avx2.CompareGreaterThan(reached, known).AsDouble());
            for (; mask != 0; mask &= mask - 1)
            {
                int lane = BitOperations.TrailingZeroCount(mask);
                TryForward(e + lane, heads[e + lane], Unsafe.BitCast<long, T>(reached.GetElement(lane)), (T*)prices);
            }
        }

        return e;
    }

    private void TryForward(int arc, int head, T reached, T* prices)
    {
        if (reached <= prices[head] && arc != _except && IsOpen(arc)) Relax(arc, head, reached);
    }

    private void Relax(int code, int head, T reached)
    {
        T distance = unchecked(reached - _potentials[head]);
        if (distance > _cut) return;
        bool direct = _target >= 0 && head != _target && _residual.BackwardFrom(head).IsEmpty; // only its row leads on
        T due = direct ? unchecked(distance + _leastStep[head]) : distance;
        if (due > _cut) return;
        if (_target >= 0) _seen.Add(code);
        if (reached == _prices[head]) return;
        _prices[head] = reached;
        if (head == _target) _cut = distance;
        if (due != _distance) _farther.Enqueue(direct ? ~head : head, due);
        else _here.Push(direct ? ~head : head);
    }

    // All arcs of cheapest paths were seen when their tail was scanned; those that still are tight carry the flow.
    private long Widest(int source, int target, long atMost)
    {
        FlowArcs arcs = _residual.Arcs;
        _tight.Clear();
        foreach (int code in _seen)
        {
            bool forward = code >= 0;
            int arc = forward ? code : ~code;
            (int from, int to) = forward ? (arcs.Tails[arc], arcs.Heads[arc]) : (arcs.Heads[arc], arcs.Tails[arc]);
            T cost = T.CreateTruncating(arcs.Costs[arc]);
            T step = unchecked(_prices[to] - _prices[from]);
            if (step != (forward ? cost : unchecked(-cost)) || Distance(to) > _cut) continue;
            _tight.Add(from, to, forward ? _residual.RoomAbove(arc) : _residual.RoomBelow(arc));
        }

        return _tight.Push(source, target, atMost);
    }
}
