using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Nodes and arcs of a month's network, and what each arc means.</summary>
/// <remarks>
/// Nodes: regions, edges, contracts, meters of contracts with a floor, peering caps, sink. Arcs: candidates region by region, overflow, edges,
/// peering caps, floors (two a floor: what counts towards it, and what lies above), contracts' steps.
/// </remarks>
internal sealed class MonthArcs
{
    private readonly World _world;
    private readonly ContractTree _tree;
    private readonly MonthDoors _doors;
    private readonly FlowNetworkBuilder _network = new();
    private readonly int[] _floored;

    /// <param name="world">Facts.</param>
    /// <param name="tree">Its contracts.</param>
    /// <param name="candidates">Edges a region may use.</param>
    /// <param name="steps">The steps of each contract at first.</param>
    /// <param name="dearestStep">No step is ever dearer.</param>
    public MonthArcs(World world, ContractTree tree, int candidates, Func<int, ContractStep[]> steps, long dearestStep)
    {
        (_world, _tree) = (world, tree);
        _doors = new MonthDoors(world, tree, candidates);
        _floored = [.. Enumerable.Range(0, tree.Contracts.Length).Where(c => tree.Floor[c] > 0)];
        _network.AddNodes(Sink + 1);
        // Of contracts on one way at most one has tiers; a way meets each edge, contract and peering cap at most once.
        long nodes = world.Edges.Length + tree.Contracts.Length + world.Facts.Peering.Length + 1L, dearest = checked(_doors.Dearest + dearestStep);
        HardCharge = _floored.Length > 0 ? checked(nodes * dearest + 1) : 0;
        UnservedCost = checked(nodes * (dearest + HardCharge) + 1);
        for (int a = 0; a < _doors.Count; a++)
        {
            int peering = _doors.PeeringOf(a);
            _network.AddArc(_doors.RegionOf(a), peering < 0 ? EdgeNode(_doors.EdgeOf(a)) : PeeringNode(peering), 0, FlowNetwork.Unlimited, _doors.CostOf(a));
        }
        for (int r = 0; r < world.Regions.Length; r++) _network.AddArc(r, Sink, 0, FlowNetwork.Unlimited, UnservedCost);
        for (int e = 0; e < world.Edges.Length; e++) _network.AddArc(EdgeNode(e), NodeOf(tree.Holder[e]), 0, tree.EdgeCapacity[e], 0);
        foreach (PeeringCap cap in world.Facts.Peering) _network.AddArc(PeeringNode(cap), EdgeNode(cap.Edge), 0, cap.Capacity.ToMbps().Value, 0);
        foreach (int c in _floored) AddFloor(c);
        FirstStep = new int[tree.Contracts.Length];
        for (int c = 0; c < FirstStep.Length; c++) AddSteps(c, steps(c));
        Network = _network.Build();
    }

    /// <summary>The network without demand.</summary>
    public FlowNetwork Network { get; }

    /// <summary>What the candidates are.</summary>
    public MonthDoors Doors => _doors;

    /// <summary>What a Mbit/s short of a contract's floor is charged for an hour, micro-USD: above every way to fill it; 0 without floors.</summary>
    public long HardCharge { get; }

    /// <summary>Micro-USD for a Mbit/s that stays unserved for an hour: above all that serving it may change.</summary>
    public long UnservedCost { get; }

    /// <summary>First overflow arc; the candidates lie before it.</summary>
    public int FirstOverflow => _doors.Count;

    /// <summary>First edge arc; the overflow arcs lie before it.</summary>
    public int FirstEdge => FirstOverflow + _world.Regions.Length;

    /// <summary>First peering arc; the edge arcs lie before it.</summary>
    public int FirstPeering => FirstEdge + _world.Edges.Length;

    /// <summary>First arc of a floor; the peering arcs lie before it.</summary>
    public int FirstFloor => FirstPeering + _world.Facts.Peering.Length;

    /// <summary>First step arc of each contract, and after them nothing else.</summary>
    public int[] FirstStep { get; }

    /// <summary>All floors together, Mbit/s.</summary>
    public long FloorMbps => _floored.Sum(c => _tree.Floor[c]);

    /// <summary>The sink's node.</summary>
    public int Sink => PeeringNode(_world.Facts.Peering.Length);

    /// <summary>A contract's node; the sink's for −1.</summary>
    public int NodeOf(int contract) => contract < 0 ? Sink : _world.Regions.Length + _world.Edges.Length + contract;

    /// <summary>The node behind a contract.</summary>
    public int HeadOf(int contract) => NodeOf(_tree.Parent[contract]);

    /// <summary>Contract of a step arc.</summary>
    public int ContractOf(int step)
    {
        int at = Array.BinarySearch(FirstStep, step);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>True where the arc carries what counts towards a floor.</summary>
    public bool IsFloor(int arc) => arc >= FirstFloor && arc < FirstFloor + 2 * _floored.Length && (arc - FirstFloor) % 2 == 0;

    /// <summary>True where the arc is a contract's step.</summary>
    public bool IsStep(int arc) => FirstStep.Length > 0 && arc >= FirstStep[0];

    private int EdgeNode(int edge) => _world.Regions.Length + edge;

    private int MeterNode(int contract) =>
        Array.IndexOf(_floored, contract) is >= 0 and int at ? NodeOf(0) + _tree.Contracts.Length + at : NodeOf(contract);

    private int PeeringNode(int cap) => _world.Regions.Length + _world.Edges.Length + _tree.Contracts.Length + _floored.Length + cap;

    private int PeeringNode(PeeringCap cap) => PeeringNode(_world.Facts.Peering.IndexOf(cap));

    private void AddFloor(int contract)
    {
        _network.AddArc(NodeOf(contract), MeterNode(contract), 0, _tree.Floor[contract], -HardCharge);
        _network.AddArc(NodeOf(contract), MeterNode(contract), 0, FlowNetwork.Unlimited, 0);
    }

    private void AddSteps(int contract, ContractStep[] steps)
    {
        FirstStep[contract] = _network.ArcCount;
        foreach (ContractStep step in steps) _network.AddArc(MeterNode(contract), HeadOf(contract), 0, step.Capacity.Value, step.Cost.Value);
    }
}
