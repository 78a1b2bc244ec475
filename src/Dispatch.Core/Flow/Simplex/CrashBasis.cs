using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>A cheap first guess of the basis: supplies travel along shortest paths, as far as these have room.</summary>
/// <remarks>
/// <para>A shortest path forest towards the demands (Bellman–Ford over the arc list, capacities and negative signs ignored)
/// gives inner nodes their arc. Supplies at its leaves then choose, in falling order of supply, the cheapest arc whose path
/// still has room for all of them. What finds no room stays on the artificial arc to the root.</para>
/// <para>Invariant: every chosen arc leaves its node, and the chosen arcs form a forest. Nothing else matters for
/// correctness: <see cref="NetworkSimplex{T}"/> drops an arc whose flow would not fit. Networks of many demands get no guess.</para>
/// <para>O(m) a pass, at most <see cref="MostPasses"/> passes, and O(m + s·d) for the greedy part, d the forest's depth.</para>
/// </remarks>
internal sealed class CrashBasis<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Passes over the arcs before the forest is taken as it is; a forest that is not yet shortest is still a forest.</summary>
    private const int MostPasses = 12;

    /// <summary>With more demands than one node in so many, no guess is made. A demand that the guess fills exactly hangs on a
    /// full arc at the far end of the price range; getting every such node back costs degenerate pivots: an assignment of
    /// 8,000 to 8,000 took 134,912 pivots with a guess and 37,854 without. Dispatch networks have few demands.</summary>
    private const int DemandShare = 4;

    private readonly FlowArcs _arcs;
    private readonly Int128[] _supplies;
    private readonly ArcCapacity<T> _capacity;
    private readonly T[] _distance;
    private readonly T[] _room;
    private readonly bool[] _inner;

    /// <summary>Computes the basis.</summary>
    public CrashBasis(ShiftedNetwork shifted, ArcCapacity<T> capacity)
    {
        _arcs = shifted.Network.Arcs;
        _supplies = shifted.Supplies;
        _capacity = capacity;
        int nodes = _supplies.Length;
        (_distance, _room, _inner) = (new T[nodes], new T[nodes], new bool[nodes]);
        Chosen = new int[nodes];
        if (HasManyDemands())
        {
            Array.Fill(Chosen, -1);
            return;
        }

        GrowForest();
        MeasureRoom();
        PlaceLeaves();
    }

    /// <summary>The arc each node sends its excess on, or −1 for the artificial arc.</summary>
    public int[] Chosen { get; }

    /// <summary>The nodes with every node before the one its chosen arc enters.</summary>
    public int[] LeavesFirst()
    {
        var waiting = new int[Chosen.Length];
        foreach (int arc in Chosen) if (arc >= 0) waiting[_arcs.Heads[arc]]++;
        var order = new int[Chosen.Length];
        int count = 0;
        for (int v = 0; v < waiting.Length; v++) if (waiting[v] == 0) order[count++] = v;
        for (int i = 0; i < count; i++)
        {
            int arc = Chosen[order[i]];
            if (arc >= 0 && --waiting[_arcs.Heads[arc]] == 0) order[count++] = _arcs.Heads[arc];
        }

        return order;
    }

    private bool HasManyDemands()
    {
        int demands = 0;
        foreach (Int128 supply in _supplies) if (supply < 0) demands++;
        return demands > _supplies.Length / DemandShare;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GrowForest()
    {
        Array.Fill(Chosen, -1);
        for (int v = 0; v < _distance.Length; v++) _distance[v] = _supplies[v] < 0 ? T.Zero : Arithmetic<T>.Infinite;
        int arcs = _arcs.Tails.Length;
        for (int pass = 0; pass < MostPasses; pass++)
        {
            bool changed = false;
            if ((pass & 1) == 0) for (int e = arcs - 1; e >= 0; e--) changed |= Relax(e);
            else for (int e = 0; e < arcs; e++) changed |= Relax(e);
            if (!changed) break;
        }

        foreach (int arc in Chosen) if (arc >= 0) _inner[_arcs.Heads[arc]] = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Relax(int arc)
    {
        T beyond = _distance[_arcs.Heads[arc]];
        if (beyond == Arithmetic<T>.Infinite) return false;
        int tail = _arcs.Tails[arc];
        T through = unchecked(beyond + T.CreateTruncating(Math.Max(0, _arcs.Costs[arc]))); // at most nC: Arithmetic<T>
        if (through >= _distance[tail] || _arcs.Lower[arc] == _arcs.Upper[arc]) return false;
        (_distance[tail], Chosen[tail]) = (through, arc);
        return true;
    }

    // A path may be filled up to one unit short of its capacity: a full arc would break strong feasibility.
    private void MeasureRoom()
    {
        for (int v = 0; v < _room.Length; v++)
        {
            if (Chosen[v] >= 0) _room[v] = Room(Chosen[v]);
            else if (_supplies[v] < 0) _room[v] = T.CreateTruncating(-_supplies[v]);
        }
    }

    private T Room(int arc)
    {
        T capacity = _capacity.Of(arc);
        return capacity == Arithmetic<T>.Infinite ? capacity : unchecked(capacity - T.One);
    }

    private void PlaceLeaves()
    {
        int[] sources = SourcesByFallingSupply();
        var rows = new ArcRows(_arcs.Tails, _supplies.Length);
        foreach (int v in sources)
        {
            T supply = T.CreateTruncating(_supplies[v]);
            if (!_inner[v]) Chosen[v] = CheapestWithRoom(rows, v, supply);
            if (Chosen[v] >= 0) Take(_inner[v] ? v : _arcs.Heads[Chosen[v]], supply);
        }
    }

    private int[] SourcesByFallingSupply()
    {
        int count = 0;
        foreach (Int128 supply in _supplies) if (supply > 0) count++;
        var keys = new (Int128 Supply, int Node)[count];
        for (int v = 0, i = 0; v < _supplies.Length; v++) if (_supplies[v] > 0) keys[i++] = (-_supplies[v], v);
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => key.Node);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CheapestWithRoom(ArcRows rows, int node, T supply)
    {
        int best = -1;
        T least = Arithmetic<T>.Infinite;
        for (int i = rows.Start(node); i < rows.Start(node + 1); i++)
        {
            int arc = rows.Arc(i), head = _arcs.Heads[arc];
            if (head == node || (!_inner[head] && _supplies[head] >= 0) || _distance[head] == Arithmetic<T>.Infinite) continue;
            T cost = unchecked(_distance[head] + T.CreateTruncating(_arcs.Costs[arc]));
            if (cost < least && Room(arc) >= supply && HasRoom(head, supply)) (least, best) = (cost, arc);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool HasRoom(int node, T amount)
    {
        for (int v = node; ; v = _arcs.Heads[Chosen[v]])
        {
            if (_room[v] < amount) return false;
            if (Chosen[v] < 0) return true;
        }
    }

    private void Take(int node, T amount)
    {
        for (int v = node; ; v = _arcs.Heads[Chosen[v]])
        {
            _room[v] = Arithmetic<T>.Less(_room[v], amount);
            if (Chosen[v] < 0) return;
        }
    }
}
