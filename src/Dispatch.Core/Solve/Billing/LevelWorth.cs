using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Billing;

/// <summary>What one more Mbit/s would save where a contract's next one is free: read from the prices of the regions that could use it.</summary>
/// <remarks>
/// A contract's own potential does not tell: where it carries exactly what is paid for, or nothing, every potential between two prices
/// is optimal, and the solver's may be the highest. A region's price is what its next Mbit/s costs; less the way to an edge with room
/// under the contract it is what that room saves. Not thread-safe.
/// </remarks>
internal sealed class LevelWorth
{
    private readonly ContractTree _tree;
    private readonly MonthArcs _arcs;
    private readonly long[] _room, _edgeLoad, _peeringRoom, _load, _worth;
    private readonly bool[] _hasRoom;

    public LevelWorth(ContractTree tree, MonthArcs arcs)
    {
        (_tree, _arcs) = (tree, arcs);
        _room = [.. tree.Contracts.Select((c, i) => Math.Min(tree.Room[i], c.Ceiling?.ToMbps().Value ?? long.MaxValue))];
        _peeringRoom = new long[arcs.FirstFloor - arcs.FirstPeering];
        (_load, _worth) = (new long[_room.Length], new long[_room.Length]);
        (_edgeLoad, _hasRoom) = (new long[tree.Holder.Length], new bool[tree.Holder.Length]);
    }

    /// <summary>Micro-USD an hour by contract, at least 0; 0 for those that bill nothing. O(candidates).</summary>
    public ReadOnlySpan<long> Read(FlowSession session)
    {
        ReadLoads(session.ReadFlow());
        for (int e = 0; e < _hasRoom.Length; e++) _hasRoom[e] = _tree.Payer[e] >= 0 && _edgeLoad[e] < _tree.EdgeCapacity[e] && HasRoomBelowPayer(e);
        Array.Clear(_worth);
        Int128 sink = session.Potential(_arcs.Sink);
        long price = 0;
        int region = -1;
        bool asks = false;
        MonthDoors doors = _arcs.Doors;
        for (int a = 0; a < doors.Count; a++)
        {
            if (doors.RegionOf(a) != region)
            {
                region = doors.RegionOf(a);
                asks = session.Supply(region) > 0;
                price = (long)(sink - session.Potential(region));
            }
            int edge = doors.EdgeOf(a), peering = doors.PeeringOf(a);
            if (!asks || !_hasRoom[edge] || (peering >= 0 && _peeringRoom[peering] == 0)) continue;
            ref long worth = ref _worth[_tree.Payer[edge]];
            worth = Math.Max(worth, price - doors.CostOf(a));
        }
        for (int c = 0; c < _worth.Length; c++) _worth[c] = Math.Max(0, _worth[c] - (long)(sink - session.Potential(_arcs.HeadOf(c))));
        return _worth;
    }

    private void ReadLoads(SparseFlow flow)
    {
        Array.Clear(_load);
        Array.Clear(_edgeLoad);
        for (int p = 0; p < _peeringRoom.Length; p++) _peeringRoom[p] = _arcs.Network.UpperBounds[_arcs.FirstPeering + p];
        for (int i = 0; i < flow.Arcs.Length; i++)
        {
            int arc = flow.Arcs[i];
            if (arc < _arcs.FirstEdge) continue;
            if (arc < _arcs.FirstPeering) _edgeLoad[arc - _arcs.FirstEdge] += flow.Values[i];
            else if (arc < _arcs.FirstFloor) _peeringRoom[arc - _arcs.FirstPeering] -= flow.Values[i];
            else if (_arcs.IsStep(arc)) _load[_arcs.ContractOf(arc)] += flow.Values[i];
        }
    }

    private bool HasRoomBelowPayer(int edge)
    {
        for (int c = _tree.Holder[edge]; c != _tree.Payer[edge]; c = _tree.Parent[c])
            if (_load[c] >= _room[c]) return false;
        return true;
    }
}
