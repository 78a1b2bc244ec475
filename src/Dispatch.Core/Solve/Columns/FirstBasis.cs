using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Columns;

/// <summary>Where to start a network from the optimum of a coarse model: with its prices, its basis behind the doors, and groups where those prices put them.</summary>
/// <remarks>
/// At most doors the coarse optimum's price comes about by groups that share themselves between two edges. The largest of such a group's members stands
/// for it, so that the same prices hold from the start; what then does not fit is little.
/// </remarks>
internal sealed class FirstBasis
{
    private readonly DispatchNetwork _network;
    private readonly long[] _potentials;
    private readonly List<int> _basic = [], _atUpper = [];
    private readonly List<(long Reduced, int Arc)> _ways = [];

    private FirstBasis(DispatchNetwork network, long[] potentials) => (_network, _potentials) = (network, potentials);

    /// <summary>Makes the start. O(arcs).</summary>
    /// <param name="network">What is to be solved.</param>
    /// <param name="coarse">The optimum of a coarse model of its model.</param>
    public static FlowStart Start(DispatchNetwork network, ColumnOptimum coarse)
    {
        FirstBasis start = new(network, network.Potentials(coarse.Prices!.Tree));
        return new(coarse.Flow.Basis is { } basis ? start.From(coarse, basis) : null, start._potentials, coarse.Start.IsWide);
    }

    private FlowBasis From(ColumnOptimum coarse, FlowBasis basis)
    {
        var model = (CoarseModel)coarse.Plan!.Model;
        ILookup<int, int> shared = Shared(coarse.Network.Arcs, model, basis);
        for (int g = 0; g < _network.Arcs.Rows.GroupCount; g++)
            if (shared.Contains(g)) Share(g, shared[g]);
            else Place(g);
        for (int p = 0; p < _network.Arcs.PeeringCount; p++) _basic.Add(_network.Arcs.OfPeering(p));
        int shift = _network.Arcs.Tree[0] - coarse.Network.Arcs.Tree[0];
        Behind(coarse.Network.Arcs, basis.Basic, shift, _basic);
        Behind(coarse.Network.Arcs, basis.AtUpper, shift, _atUpper);
        _basic.Sort();
        _atUpper.Sort();
        return new(_network.Network.NodeCount, _network.Network.ArcCount, [.. _basic], [.. _atUpper]);
    }

    // By member, the edges (or −1 for none) between which the group it stands for shares itself.
    private static ILookup<int, int> Shared(ArcPlaces arcs, CoarseModel model, FlowBasis basis)
    {
        List<(int Group, int Edge)> held = [];
        foreach (int arc in basis.Basic)
            if (arcs.OwnerOf(arc) is ( >= 0, _) way) held.Add(way);
        return held.GroupBy(static way => way.Group).Where(static ways => ways.Count() > 1)
            .SelectMany(ways => ways.Select(way => (Member: model.LargestOf(ways.Key), way.Edge))).ToLookup(static s => s.Member, static s => s.Edge);
    }

    private void Share(int group, IEnumerable<int> edges)
    {
        foreach (int edge in edges)
        {
            int place = edge < 0 ? -1 : _network.Arcs.Rows.Edges(group).BinarySearch(edge);
            if (edge < 0) _basic.Add(_network.Arcs.FirstOverflow + group);
            else if (place >= 0) _basic.Add(_network.Arcs.OfCandidate(group, place).End - 1);
        }
    }

    // Ways in by rising price: those that the group fills rest at their bound, the next is basic.
    private void Place(int group)
    {
        FlowNetwork network = _network.Network;
        int first = _network.Arcs.FirstOf(group), end = _network.Arcs.FirstOf(group + 1);
        long left = network.Supplies[group];
        _ways.Clear();
        long least = network.Costs[_network.Arcs.FirstOverflow + group];
        int best = _network.Arcs.FirstOverflow + group;
        for (int arc = first; arc < end; arc++)
        {
            long reduced = network.Costs[arc] - _potentials[network.Heads[arc]];
            if (network.UpperBounds[arc] < left) _ways.Add((reduced, arc));
            else if (reduced < least) (least, best) = (reduced, arc);
        }
        _ways.Sort();
        foreach ((long reduced, int arc) in _ways)
        {
            if (reduced >= least || network.UpperBounds[arc] > left) break;
            left -= network.UpperBounds[arc];
            _atUpper.Add(arc);
        }
        _basic.Add(best);
    }

    private static void Behind(ArcPlaces from, ReadOnlySpan<int> arcs, int shift, List<int> to)
    {
        int first = from.Tree[0];
        foreach (int arc in arcs)
            if (arc >= first && arc < from.FirstOverflow) to.Add(arc + shift);
    }
}
