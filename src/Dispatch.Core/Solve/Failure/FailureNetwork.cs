using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Failure;

/// <summary>
/// The main plan's network with its optimum, kept warm: what closes when edges fail, whose arc is whose, and candidates that join later.
/// </summary>
/// <remarks>Candidates that join have no negative reduced cost at the main optimum, so its flow stays as it is.</remarks>
internal sealed class FailureNetwork
{
    private readonly int[] _treeArcs;
    private readonly int _firstAdded;
    private readonly List<(int Group, int Edge)> _added = [];
    private readonly HashSet<(int Group, int Edge)> _addedSet = [];
    private readonly Assignment _main;

    public FailureNetwork(Assignment main, CancellationToken cancellation)
    {
        _main = main;
        Dispatch = new DispatchNetwork(main.Model, main.Rows);
        _treeArcs = Dispatch.Arcs.Tree.ToArray();
        _firstAdded = Dispatch.Network.ArcCount;
        Session = FlowSession.Open(Dispatch.Network, main.Start.For(Dispatch), cancellation);
        cancellation.ThrowIfCancellationRequested();
        FlowSolution solution = Session.ToSolution();
        BasePlan = Dispatch.Plan(solution);
    }

    /// <summary>The network of the main plan.</summary>
    public DispatchNetwork Dispatch { get; }

    /// <summary>The session at the main optimum.</summary>
    public FlowSession Session { get; }

    /// <summary>The session's flow as a plan: the main plan, unless another optimum is as good.</summary>
    public TrafficPlan BasePlan { get; }

    /// <summary>Candidates that joined.</summary>
    public int AddedCount => _added.Count;

    private CostModel Model => _main.Model;

    /// <summary>The last arc of a tree node: its dearest step.</summary>
    public int LastArcOf(int node) => _treeArcs[node + 1] - 1;

    /// <summary>The failure as arcs that close: all that leaves the failed edges.</summary>
    public SweepCase CaseOf(FailureScenario scenario) =>
        new(scenario.Name, [.. scenario.Edges.SelectMany(e => Enumerable.Range(_treeArcs[e], _treeArcs[e + 1] - _treeArcs[e]))]);

    /// <summary>Whose arc it is; see <see cref="ArcPlaces.OwnerOf"/>. Arcs beyond candidates that joined belong to nobody.</summary>
    public (int Group, int Edge) CandidateOf(int arc) =>
        arc < _firstAdded ? Dispatch.Arcs.OwnerOf(arc) : arc - _firstAdded < _added.Count ? _added[arc - _firstAdded] : (-1, -1);

    /// <summary>True where the network has an arc from the group to the edge.</summary>
    public bool Holds(int group, int edge) => _main.Rows.Edges(group).BinarySearch(edge) >= 0 || _addedSet.Contains((group, edge));

    /// <summary>Lets candidates join; those that are in already are passed over.</summary>
    public void Add(IEnumerable<(int Group, int Edge)> candidates)
    {
        long[] row = new long[Model.Snapshot.World.Edges.Length];
        int last = -1;
        foreach ((int group, int edge) in candidates.Distinct().Order())
        {
            if (Holds(group, edge)) continue;
            if (group != last) Model.Row(last = group, row);
            Session.AddArc(group, Dispatch.DoorOf(group, edge), 0, Model.Groups[group].Demand, checked(row[edge] + Model.MoveCost));
            _added.Add((group, edge));
            _addedSet.Add((group, edge));
        }
        Session.Solve();
    }

    /// <summary>
    /// What turns the flow's cost into the objective of the world without the failed edges: charges for sessions on edges that are gone and
    /// for floors that the rest cannot fill are not owed.
    /// </summary>
    public Int128 ConstantWithout(FailureScenario scenario)
    {
        Int128 constant = Dispatch.Constant;
        if (Model.HardCharge == 0) return constant;
        for (int g = 0; g < Model.Groups.Count; g++)
            foreach (int e in scenario.Edges)
                if (Holds(g, e)) constant -= (Int128)Model.Sticky(g, Model.Prior.Volume(g, e)) * Model.HardCharge;
        foreach (Contract contract in Model.Snapshot.World.Facts.Contracts)
            constant -= (Int128)(FloorOf(contract, []) - FloorOf(contract, scenario.Edges.AsSpan())) * Model.HardCharge;
        return constant;
    }

    private long FloorOf(Contract contract, ReadOnlySpan<int> failed)
    {
        World world = Model.Snapshot.World;
        long room = 0;
        foreach (string id in contract.Edges)
            if (!failed.Contains(world.EdgeOrdinal(id))) room += Model.Capacity(world.EdgeOrdinal(id));
        if (contract.Ceiling is { } most) room = Math.Min(room, most.ToMbps().Value);
        return Math.Min(contract.Floor.ToMbps().Value, room);
    }
}
