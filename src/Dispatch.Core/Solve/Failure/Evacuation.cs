using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve.Failure;

/// <summary>What is left when only the failed edges' traffic moves.</summary>
/// <param name="Unserved">What of it finds no room.</param>
/// <param name="Charge">What that is charged, priorities counted.</param>
public readonly record struct EvacuationOutcome(Mbps Unserved, Int128 Charge);

/// <summary>
/// The failed edges' traffic on the room that a plan leaves: the best that can be done about a failure without touching anybody else.
/// </summary>
/// <remarks>
/// A flow over the residual capacity tree and all lawful surviving edges. What it leaves unserved and a free re-solve serves is served at
/// the price of a ripple: a plan with more room in the right places would have spared it. Thread-safe.
/// </remarks>
internal sealed class Evacuation(TrafficPlan plan)
{
    private readonly long[] _loads = plan.EdgeLoads();
    private readonly PeeringIndex _peering = new(plan.Model.Peering);
    private readonly long[] _peered = new PeeringIndex(plan.Model.Peering).Loads(plan);

    private CostModel Model => plan.Model;

    /// <summary>Evacuates some edges.</summary>
    public EvacuationOutcome Of(FailureScenario scenario)
    {
        (int Group, long Lost)[] moved = [.. Enumerable.Range(0, Model.Groups.Count).Select(g => (g, scenario.Edges.Sum(e => plan.Volume(g, e)))).Where(static m => m.Item2 > 0)];
        if (moved.Length == 0) return new(new(0), 0);
        FlowNetwork network = Network(scenario, moved, out int firstOverflow);
        FlowSolution solution = FlowSolver.Solve(network);
        if (solution.Status != FlowStatus.Optimal) throw new InvalidOperationException($"An evacuation ended {solution.Status}: {solution.Cause}");
        long unserved = 0;
        Int128 charge = 0;
        for (int i = 0; i < moved.Length; i++)
        {
            long left = solution.Flow[firstOverflow + i];
            unserved += left;
            charge += (Int128)left * Model.UnservedCost(moved[i].Group);
        }
        return new(Model.ToMbps(unserved), charge);
    }

    private FlowNetwork Network(FailureScenario scenario, (int Group, long Lost)[] moved, out int firstOverflow)
    {
        CapacityTree tree = Model.Tree;
        FlowNetworkBuilder network = new();
        foreach ((_, long lost) in moved) network.AddNode(lost);
        int firstTree = network.AddNodes(tree.NodeCount), firstPeering = firstTree + tree.NodeCount;
        if (Model.Peering.Length > 0) network.AddNodes(Model.Peering.Length);
        int sink = network.AddNode(-moved.Sum(static m => m.Lost));
        AddGroups(network, scenario, moved, firstTree, firstPeering);
        AddTree(network, scenario, firstTree, sink);
        firstOverflow = network.ArcCount;
        for (int i = 0; i < moved.Length; i++) network.AddArc(i, sink, 0, moved[i].Lost, Model.UnservedCost(moved[i].Group));
        return network.Build();
    }

    private void AddGroups(FlowNetworkBuilder network, FailureScenario scenario, (int Group, long Lost)[] moved, int firstTree, int firstPeering)
    {
        long[] row = new long[Model.Tree.EdgeCount];
        for (int p = 0; p < Model.Peering.Length; p++)
        {
            PeeringCap cap = Model.Peering[p];
            if (!scenario.Edges.Contains(cap.Edge)) network.AddArc(firstPeering + p, firstTree + cap.Edge, 0, Math.Max(0, cap.Capacity.ToMbps().Value - _peered[p]), 0);
        }
        for (int i = 0; i < moved.Length; i++)
        {
            Model.Row(moved[i].Group, row);
            for (int e = 0; e < row.Length; e++)
            {
                if (row[e] == CostModel.NotAllowed || scenario.Edges.Contains(e)) continue;
                int cap = _peering.CapOf(Model.Groups[moved[i].Group].Region, e);
                network.AddArc(i, cap == PeeringIndex.None ? firstTree + e : firstPeering + cap, 0, moved[i].Lost, row[e]);
            }
        }
    }

    // The steps that the traffic which stays leaves over.
    private void AddTree(FlowNetworkBuilder network, FailureScenario scenario, int firstTree, int sink)
    {
        CapacityTree tree = Model.Tree;
        long[] staying = [.. _loads];
        foreach (int e in scenario.Edges) staying[e] = 0;
        long[] loads = tree.Loads(staying);
        for (int node = 0; node < tree.NodeCount; node++)
        {
            if (node < tree.EdgeCount && scenario.Edges.Contains(node)) continue;
            int parent = tree.Parent(node) == tree.NodeCount ? sink : firstTree + tree.Parent(node);
            long used = loads[node];
            foreach (CostStep step in tree.Cost(node).Steps)
            {
                long taken = Math.Min(used, step.Units);
                used -= taken;
                if (step.Units > taken) network.AddArc(firstTree + node, parent, 0, step.Units - taken, step.Cost);
            }
        }
    }
}
