using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow;

/// <summary>Proves, or refutes, one optimum after another of a network of which a few arcs and supplies differ each time.</summary>
/// <remarks>
/// <para>The conditions are those of <see cref="OptimalityCertificate"/>, with the same exactness. What differs is the form:
/// the flow comes as the list of arcs that carry any, the changes as a list of arcs with the values that count instead of the
/// network's, and nothing is allocated once the lists have grown. A check reads heads, tails and costs of all arcs once (16 bytes
/// an arc) and, closely, only the arcs that carry flow, have a lower bound, are overridden, or have a negative reduced cost.
/// A scan that remembers reads only the arcs at nodes whose potential differs from the last check (<see cref="ScreenMemory"/>).</para>
/// <para>Potentials must lie within ±2^61; beyond, the check fails with <see cref="CertificateRule.PotentialRange"/> and the
/// caller takes <see cref="OptimalityCertificate"/>. O(n + m) time a check, 16 bytes a node and 4 an arc with a lower bound of
/// memory. Not thread safe; one instance a thread.</para>
/// </remarks>
internal sealed unsafe class CertificateScan
{
    private const int Block = 2048;

    /// <summary>Arcs with flow lie far apart; their columns are asked for so many arcs before they are read.</summary>
    private const int PrefetchAhead = 12;

    private readonly FlowNetwork _network;
    private readonly FlowArcs _arcs;
    private readonly bool _scalar;
    private readonly ScreenMemory? _memory;
    private readonly int[] _bounded;
    private readonly Int128[] _leaving;
    private readonly int[] _kept = new int[Block];
    private ExactSum _primal;
    private ExactSum _dual;
    private bool _dualUnlimited;
    private CertificateRule? _rule;
    private (int Node, int Arc) _place;
    private (int Bounded, int Carrying, int Overridden) _next;

    /// <summary>Prepares checks of a network: lists the arcs with a lower bound, whose flow of 0 may be out of bounds. O(n + m).</summary>
    /// <param name="network">The network.</param>
    /// <param name="remember">Reads only what moved since the last check, for 4 bytes an arc and 20 a node more memory.</param>
    /// <param name="scalar">Forgoes vector instructions.</param>
    public CertificateScan(FlowNetwork network, bool remember = false, bool scalar = false)
    {
        (_network, _arcs, _scalar) = (network, network.Arcs, scalar);
        if (remember) _memory = new ScreenMemory(network, scalar);
        _leaving = new Int128[network.NodeCount];
        var bounded = new List<int>();
        for (int e = 0; e < _arcs.Lower.Length; e++) if (_arcs.Lower[e] != 0) bounded.Add(e);
        _bounded = [.. bounded];
    }

    /// <summary>Checks a flow and potentials.</summary>
    /// <param name="potentials">Potential of each node.</param>
    /// <param name="flow">The arcs that carry flow.</param>
    /// <param name="overrides">The arcs that differ from the network.</param>
    /// <param name="supplies">Supply of each node, in place of the network's.</param>
    public CertificateVerdict Check(ReadOnlySpan<long> potentials, SparseFlow flow, ArcOverrides overrides, ReadOnlySpan<long> supplies)
    {
        (_primal, _dual, _dualUnlimited, _rule, _place) = (default, default, false, null, (-1, -1));
        if (!HasShape(potentials, flow, overrides, supplies)) return new CertificateVerdict(false, 0, 0, CertificateRule.Shape, -1, -1);
        int far = FindFar(potentials);
        if (far >= 0) return new CertificateVerdict(false, 0, 0, CertificateRule.PotentialRange, far, -1);
        Array.Clear(_leaving);
        CheckArcs(potentials, flow, overrides);
        CheckNodes(potentials, supplies);
        Int128 primal = _primal.Held, dual = _dualUnlimited ? Int128.MinValue : _dual.Held;
        bool equal = !_dualUnlimited && (_primal.Fits && _dual.Fits ? primal == dual : _primal.Value == _dual.Value);
        return new CertificateVerdict(_rule is null && equal, primal, dual, _rule, _place.Node, _place.Arc);
    }

    private bool HasShape(ReadOnlySpan<long> potentials, SparseFlow flow, ArcOverrides overrides, ReadOnlySpan<long> supplies)
        => potentials.Length == _network.NodeCount && supplies.Length == _network.NodeCount && flow.Values.Length == flow.Arcs.Length
            && Rises(flow.Arcs) && overrides.AreSound && Rises(overrides.Arcs);

    private bool Rises(ReadOnlySpan<int> arcs)
    {
        int last = -1;
        foreach (int e in arcs)
        {
            if (e <= last) return false;
            last = e;
        }

        return last < _network.ArcCount;
    }

    private static int FindFar(ReadOnlySpan<long> potentials)
    {
        for (int v = 0; v < potentials.Length; v++) if (potentials[v] is > ArcScreen.Limit or < -ArcScreen.Limit) return v;
        return -1;
    }

    private void CheckArcs(ReadOnlySpan<long> potentials, SparseFlow flow, ArcOverrides overrides)
    {
        _next = default;
        if (_memory is not null)
        {
            Merge(_memory.Kept(potentials), _network.ArcCount, potentials, flow, overrides);
            return;
        }

        for (int start = 0; start < _network.ArcCount; start += Block)
        {
            int end = (int)Math.Min((long)start + Block, _network.ArcCount);
            int count = ArcScreen.Collect(_arcs, potentials, [], start, end, _kept, _scalar);
            Merge(_kept.AsSpan(0, count), end, potentials, flow, overrides);
        }
    }

    // Four rising lists are merged: what the screen kept, arcs with a lower bound, with flow, overridden. Each arc once.
    private void Merge(ReadOnlySpan<int> kept, int end, ReadOnlySpan<long> potentials, SparseFlow flow, ArcOverrides overrides)
    {
        (int bounded, int carrying, int overridden) = _next;
        for (int next = 0; ;)
        {
            int inFlow = At(flow.Arcs, carrying), inOverrides = At(overrides.Arcs, overridden);
            int arc = Math.Min(Math.Min(At(kept, next), At(_bounded, bounded)), Math.Min(inFlow, inOverrides));
            if (arc >= end) break;
            if (At(kept, next) == arc) next++;
            if (At(_bounded, bounded) == arc) bounded++;
            if (inFlow == arc) Prefetch(flow.Arcs, carrying + PrefetchAhead);
            long amount = inFlow == arc ? flow.Values[carrying++] : 0;
            ArcTerms terms = inOverrides == arc
                ? new ArcTerms(overrides.Lower[overridden], overrides.Upper[overridden], overrides.Costs[overridden++])
                : new ArcTerms(_arcs.Lower[arc], _arcs.Upper[arc], _arcs.Costs[arc]);
            Examine(arc, amount, terms, potentials);
        }

        _next = (bounded, carrying, overridden);
    }

    private void Prefetch(ReadOnlySpan<int> arcs, int position)
    {
        if (!Sse.IsSupported || position >= arcs.Length) return;
        int arc = arcs[position]; // an address is only a hint here: nothing is read, so the arrays may move
        Sse.Prefetch0(Unsafe.AsPointer(ref _arcs.Tails[arc]));
        Sse.Prefetch0(Unsafe.AsPointer(ref _arcs.Heads[arc]));
        Sse.Prefetch0(Unsafe.AsPointer(ref _arcs.Costs[arc]));
        Sse.Prefetch0(Unsafe.AsPointer(ref _arcs.Lower[arc]));
        Sse.Prefetch0(Unsafe.AsPointer(ref _arcs.Upper[arc]));
    }

    private static int At(ReadOnlySpan<int> arcs, int position) => position < arcs.Length ? arcs[position] : int.MaxValue;

    private void Examine(int arc, long amount, ArcTerms terms, ReadOnlySpan<long> potentials)
    {
        int tail = _arcs.Tails[arc], head = _arcs.Heads[arc];
        if (amount != 0)
        {
            _leaving[tail] += amount;
            _leaving[head] -= amount;
            _primal.AddProduct(terms.Cost, amount);
        }

        Int128 reduced = (Int128)terms.Cost + potentials[tail] - potentials[head];
        if (reduced > 0) _dual.AddProduct(reduced, terms.Lower);
        else if (reduced < 0 && terms.Upper == FlowNetwork.Unlimited) _dualUnlimited = true;
        else if (reduced < 0) _dual.AddProduct(reduced, terms.Upper);
        if (amount < terms.Lower || amount > terms.Upper) Fail(CertificateRule.Bounds, -1, arc);
        bool couldRise = reduced < 0 && (amount < terms.Upper || terms.Upper == FlowNetwork.Unlimited);
        if (couldRise || (reduced > 0 && amount > terms.Lower)) Fail(CertificateRule.ComplementarySlackness, -1, arc);
    }

    private void CheckNodes(ReadOnlySpan<long> potentials, ReadOnlySpan<long> supplies)
    {
        for (int v = 0; v < supplies.Length; v++)
        {
            if (_leaving[v] != supplies[v]) Fail(CertificateRule.Conservation, v, -1);
            if (supplies[v] != 0) _dual.AddProduct(-potentials[v], supplies[v]);
        }
    }

    private void Fail(CertificateRule rule, int node, int arc)
    {
        if (_rule is null) (_rule, _place) = (rule, (node, arc));
    }

    private readonly record struct ArcTerms(long Lower, long Upper, long Cost);
}

/// <summary>What a scan found.</summary>
/// <param name="Valid">True when the flow is feasible and the potentials prove it optimal.</param>
/// <param name="Primal">Cost of the flow; held at the end of the 128-bit range; 0 where the claim has no shape or range.</param>
/// <param name="Dual">The lower bound that the potentials prove; held likewise; <see cref="Int128.MinValue"/> for none.</param>
/// <param name="Rule">The first condition that fails, arcs before nodes; null when none does.</param>
/// <param name="Node">The node at fault, or −1.</param>
/// <param name="Arc">The arc at fault, or −1.</param>
internal readonly record struct CertificateVerdict(bool Valid, Int128 Primal, Int128 Dual, CertificateRule? Rule, int Node, int Arc);
