namespace TrafficDispatch.Flow;

/// <summary>How the least cost answers to a change of one bound, one cost or one pair of supplies, exactly, from an optimal
/// flow and potentials that prove it.</summary>
/// <remarks>
/// <para>WHAT IS UNIQUE. Where the optimum is degenerate, many sets of potentials prove it: they form a polyhedron, and a
/// solver returns some corner of it. A potential, a reduced cost or the difference of two potentials is then a matter of the
/// path the solver took. What does not depend on it are the slopes of the least cost: what one more unit is worth, what one
/// less costs, how far either holds, and how much cheaper an arc must get to be used. This class returns those, and where
/// the dual values themselves are asked for, the whole range of them (<see cref="ReducedCosts"/>).</para>
/// <para>METHOD. The least cost is convex and piecewise linear in each of these quantities, with integer breakpoints. Its
/// slope to one side is the cost of the cheapest cycle or path that the change opens in the residual network; the slope
/// holds as long as cheapest paths of that cost last, and how many units they carry is a greatest flow among arcs of reduced
/// cost zero. Potentials serve only to make lengths non-negative, hence any optimal set gives the same answers. Each figure
/// is for one change alone: two changes at once may be worth more or less than their sum.</para>
/// <para>COST. Building is O(n + m) and checks the optimum with <see cref="OptimalityCertificate"/>. A query is one or two
/// searches of O(m + n log n) that end at their target, and one greatest flow among the arcs those searches found. Memory about
/// 70 bytes a node, and 4 an arc above its lower bound, beside the network and the solution, which are referred to; scratch is
/// kept between queries. Not thread safe: one instance a thread, any number of instances on one network and solution.</para>
/// <para>R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows (1993), sections 9.7 and 9.11; R. T. Rockafellar, Network
/// Flows and Monotropic Optimization (1984), chapter 8.</para>
/// </remarks>
public sealed class FlowSensitivity
{
    private readonly FlowNetwork _network;
    private readonly ResidualNetwork _residual;
    private readonly IResidualSearch _search;

    /// <summary>Prepares queries about an optimum.</summary>
    /// <param name="network">The network.</param>
    /// <param name="solution">An optimal solution of it, from any solver.</param>
    /// <exception cref="ArgumentException">The solution is not optimal for this network.</exception>
    public FlowSensitivity(FlowNetwork network, FlowSolution solution)
        : this(network, solution, default)
    {
    }

    /// <summary>Prepares queries with a search that would not have been chosen, so that tests can compare.</summary>
    internal FlowSensitivity(FlowNetwork network, FlowSolution solution, KernelTrial trial)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(solution);
        if (!OptimalityCertificate.Check(network, solution).Valid)
            throw new ArgumentException("The solution is not an optimum of this network; nothing follows from it.", nameof(solution));
        _network = network;
        _residual = new ResidualNetwork(network, solution);
        _search = ResidualSearch<long>.Fits(network, solution.Potentials) && !trial.Wide
            ? new ResidualSearch<long>(_residual, solution.Potentials, trial.Scalar)
            : new ResidualSearch<Int128>(_residual, solution.Potentials, trial.Scalar);
    }

    /// <summary>What the upper bound of an arc is worth: the gain of raising it, the loss of lowering it.</summary>
    /// <param name="arc">The arc.</param>
    /// <returns>Gain and loss with their ranges. An arc without upper bound gains and loses nothing, without end.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc.</exception>
    public BoundPrice UpperBoundPrice(int arc)
    {
        CheckArc(arc);
        if (_network.UpperBounds[arc] == FlowNetwork.Unlimited) return new BoundPrice(0, FlowNetwork.Unlimited, 0, FlowNetwork.Unlimited);
        return PriceOf(new BoundOfArc(arc, _network.Tails[arc], _network.Heads[arc], _network.Costs[arc], _residual.RoomAbove(arc), _residual.RoomBelow(arc)));
    }

    /// <summary>What the lower bound of an arc is worth: the gain of lowering it, the loss of raising it.</summary>
    /// <param name="arc">The arc.</param>
    /// <returns>Gain and loss with their ranges; more room means a lower bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc.</exception>
    public BoundPrice LowerBoundPrice(int arc)
    {
        CheckArc(arc);
        Int128 cost = -(Int128)_network.Costs[arc]; // the arc turned round: its lower bound is an upper bound
        return PriceOf(new BoundOfArc(arc, _network.Heads[arc], _network.Tails[arc], cost, _residual.RoomBelow(arc), _residual.RoomAbove(arc)));
    }

    /// <summary>What one more unit of upper bound saves, for all arcs into one node. One search, from the node.</summary>
    /// <param name="head">The node.</param>
    /// <returns>The arcs in rising order, each with its gain; the range of each is in <see cref="UpperBoundPrice"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public IReadOnlyList<ArcGain> UpperBoundGainsInto(int head)
    {
        CheckNode(head);
        int[] arcs = FindAllInto(head);
        return Array.ConvertAll(arcs, arc => new ArcGain(arc, _residual.RoomAbove(arc) > 0 || Closing(arc) is not { } cycle ? 0 : Int128.Max(0, -cycle)));
    }

    /// <summary>How much cheaper an arc must get before some optimal flow uses it, and how much it would carry then.</summary>
    /// <param name="arc">The arc.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc.</exception>
    public UseThreshold ThresholdOf(int arc)
    {
        CheckArc(arc);
        long flow = _residual.Flow[arc], room = _residual.RoomAbove(arc);
        bool used = _residual.RoomBelow(arc) > 0;
        if (room == 0) return new UseThreshold(used ? 0 : null, flow);
        Int128 cost = _network.Costs[arc];
        ResidualPath path = _search.Find(_network.Heads[arc], _network.Tails[arc], arc, used ? 1 - cost : null, room);
        if (!path.Exists) return new UseThreshold(used ? 0 : null, flow);
        return new UseThreshold(used ? 0 : cost + path.Cost, Sum(flow, path.Units));
    }

    /// <summary>How much cheaper each arc into one node must get before some optimal flow uses it: what it takes for the node
    /// to be used by each of its neighbours. One search, from the node.</summary>
    /// <param name="head">The node.</param>
    /// <returns>The arcs in rising order, each with its reduction.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public IReadOnlyList<ArcThreshold> ThresholdsInto(int head)
    {
        CheckNode(head);
        int[] arcs = FindAllInto(head);
        return Array.ConvertAll(arcs, arc => new ArcThreshold(arc, _residual.RoomBelow(arc) > 0 ? 0 : _residual.RoomAbove(arc) > 0 ? Closing(arc) : null));
    }

    /// <summary>The reduced costs that an arc has in the optimal sets of potentials, from least to greatest.</summary>
    /// <param name="arc">The arc.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc.</exception>
    public ReducedCostRange ReducedCosts(int arc)
    {
        CheckArc(arc);
        (int tail, int head, Int128 cost) = (_network.Tails[arc], _network.Heads[arc], _network.Costs[arc]);
        ResidualPath there = _search.Find(tail, head, exceptArc: -1, below: null, atMost: 0);
        ResidualPath back = _search.Find(head, tail, exceptArc: -1, below: null, atMost: 0);
        return new ReducedCostRange(there.Exists ? cost - there.Cost : null, back.Exists ? cost + back.Cost : null);
    }

    /// <summary>What one more unit from one node to another costs, and what one less saves: supply raised or lowered at
    /// <paramref name="from"/>, and at <paramref name="to"/> the reverse, so that supplies still sum to zero.</summary>
    /// <param name="from">Where the unit is supplied.</param>
    /// <param name="to">Where it is demanded.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public TransferPrice Transfer(int from, int to)
    {
        CheckNode(from);
        CheckNode(to);
        ResidualPath more = _search.Find(from, to, exceptArc: -1, below: null, FlowNetwork.Unlimited);
        ResidualPath less = _search.Find(to, from, exceptArc: -1, below: null, FlowNetwork.Unlimited);
        return new TransferPrice(more.Exists ? more.Cost : null, more.Units, less.Exists ? -less.Cost : null, less.Units);
    }

    // More room on tail → head is worth a cheapest path back from head to tail, if the two make a negative cycle; room taken
    // away beyond what is free must be served by a path from tail to head instead, if there is one, until the bounds meet.
    private BoundPrice PriceOf(BoundOfArc bound)
    {
        ResidualPath gain = bound.Free > 0 ? ResidualPath.None : _search.Find(bound.Head, bound.Tail, bound.Arc, -bound.Cost, FlowNetwork.Unlimited);
        (Int128 perUnit, long units) = gain.Exists ? (-(bound.Cost + gain.Cost), gain.Units) : (0, FlowNetwork.Unlimited);
        Int128? within = bound.Free > 0 ? bound.Cost + 1 : null; // while room is free only a path at no loss counts
        ResidualPath loss = bound.Carried == 0 ? ResidualPath.None : _search.Find(bound.Tail, bound.Head, bound.Arc, within, bound.Carried);
        if (bound.Free > 0) return new BoundPrice(perUnit, units, 0, Sum(bound.Free, loss.Units));
        return new BoundPrice(perUnit, units, loss.Exists ? loss.Cost - bound.Cost : null, loss.Units);
    }

    private Int128? Closing(int arc) => _network.Costs[arc] + _search.CostTo(_network.Heads[arc], _network.Tails[arc]);

    // The arcs into a node, with the cheapest paths from the node to their tails at hand for Closing.
    private int[] FindAllInto(int head)
    {
        ReadOnlySpan<int> heads = _network.Heads;
        var arcs = new List<int>();
        for (int start = 0; heads[start..].IndexOf(head) is var next and >= 0; start += next + 1) arcs.Add(start + next);
        int[] tails = new int[arcs.Count];
        for (int i = 0; i < tails.Length; i++) tails[i] = _network.Tails[arcs[i]];
        _search.FindAll(head, tails);
        return [.. arcs];
    }

    // A flow, or room, and units to add to it; no end stays no end.
    private static long Sum(long amount, long units)
        => units == FlowNetwork.Unlimited || units > FlowNetwork.Unlimited - Math.Max(amount, 0) ? FlowNetwork.Unlimited : amount + units;

    private void CheckArc(int arc)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(arc);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(arc, _network.ArcCount);
    }

    private void CheckNode(int node)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, _network.NodeCount);
    }

    // A bound seen as the upper bound of an arc from Tail to Head: Free units until it binds, Carried down to the other bound.
    private readonly record struct BoundOfArc(int Arc, int Tail, int Head, Int128 Cost, long Free, long Carried);
}
