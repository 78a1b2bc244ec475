using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve.Failure;

/// <summary>The duals of a failure's optimum.</summary>
/// <param name="Groups">Price of each group.</param>
/// <param name="Tree">Price from each node of the capacity tree on.</param>
/// <param name="Loads">Load of each node.</param>
/// <param name="Entry">Price at each door.</param>
internal sealed record ScenarioPrices(long[] Groups, long[] Tree, long[] Loads, EntryPrices Entry);

/// <summary>Reads a warm re-solve as an outcome against the main plan. Thread-safe.</summary>
internal sealed class FailureReading
{
    private readonly Assignment _main;
    private readonly FailureNetwork _network;
    private readonly long[] _mainLoads, _baseLoads;
    private readonly int[] _drifted;
    private readonly long _mainUnserved;

    public FailureReading(Assignment main, FailureNetwork network)
    {
        (_main, _network) = (main, network);
        (_mainLoads, _baseLoads) = (main.Optimum.EdgeLoads(), network.BasePlan.EdgeLoads());
        _drifted = [.. Enumerable.Range(0, Model.Groups.Count).Where(g => !IsSame(main.Optimum, network.BasePlan, g))];
        for (int g = 0; g < Model.Groups.Count; g++) _mainUnserved += main.Optimum.Unserved(g);
        MainCharge = main.Optimum.UnservedCharge();
    }

    /// <summary>What the main plan charges for unserved traffic.</summary>
    public Int128 MainCharge { get; }

    private CostModel Model => _main.Model;

    /// <summary>The duals of the optimum that the session holds.</summary>
    public ScenarioPrices PricesOf(SweepOutcome outcome, FlowSession session)
    {
        FlowSolution solution = session.ToSolution();
        long[] edges = [.. _baseLoads];
        foreach (FlowChange change in outcome.Changes)
            if (_network.CandidateOf(change.Arc) is { Edge: >= 0 } arc) edges[arc.Edge] += change.After - change.Before;
        DispatchNetwork network = _network.Dispatch;
        long[] groups = network.GroupPrices(solution), bids = network.BidsOf(groups), loads = Model.Tree.Loads(edges);
        long[] tree = network.TreePrices(solution, loads, bids);
        return new(groups, tree, loads, network.EntryPrices(solution, tree, bids));
    }

    /// <summary>The outcome.</summary>
    public FailureOutcome OutcomeOf(FailureScenario scenario, SweepOutcome sweep, ScenarioPrices prices)
    {
        PlanDiff diff = DiffOf(sweep);
        long moved = 0, ripple = 0, more = 0;
        Int128 chargeMore = 0;
        List<UnservedChange> unserved = [];
        for (int i = 0; i < diff.Groups.Length; i++)
        {
            int g = diff.Groups[i];
            (long up, long down) = Shift(diff, i, g, scenario.Edges);
            (moved, ripple) = (moved + up, ripple + down);
            long change = diff.Unserved(i) - _main.Optimum.Unserved(g);
            if (change > 0) unserved.Add(new(g, Model.ToMbps(_main.Optimum.Unserved(g)), Model.ToMbps(diff.Unserved(i))));
            more += change;
            chargeMore += (Int128)change * Model.UnservedCost(g);
        }
        Int128 objective = sweep.Objective + _network.ConstantWithout(scenario);
        return new FailureOutcome
        {
            Scenario = scenario,
            Objective = objective,
            ServedCost = objective - MainCharge - chargeMore,
            Lost = Model.ToMbps(scenario.Edges.Sum(e => _mainLoads[e])),
            Moved = Model.ToMbps(moved),
            Ripple = Model.ToMbps(ripple),
            Unserved = Model.ToMbps(_mainUnserved + more),
            UnservedMore = [.. unserved],
            Diff = diff,
            IsAbsorbed = chargeMore <= 0,
            Certified = sweep.Certified,
            Pivots = sweep.Pivots,
            Elapsed = sweep.Elapsed,
            Room = chargeMore > 0 ? RoomPrices(prices) : [],
        };
    }

    private PlanDiff DiffOf(SweepOutcome sweep)
    {
        SortedDictionary<int, (SortedDictionary<int, long> Volumes, long Unserved)> rows = [];
        foreach (int g in _drifted) Open(g);
        foreach (FlowChange change in sweep.Changes)
        {
            (int group, int edge) = _network.CandidateOf(change.Arc);
            if (group < 0) continue;
            (SortedDictionary<int, long> volumes, long unserved) = Open(group);
            long by = change.After - change.Before;
            if (edge < 0) rows[group] = (volumes, unserved + by);
            else volumes[edge] = volumes.GetValueOrDefault(edge) + by;
        }
        PlanDiff.Builder diff = new();
        foreach ((int group, (SortedDictionary<int, long> volumes, long unserved)) in rows) diff.Add(_main.Optimum, group, volumes, unserved);
        return diff.Build();

        (SortedDictionary<int, long>, long) Open(int group)
        {
            if (rows.TryGetValue(group, out (SortedDictionary<int, long>, long) row)) return row;
            SortedDictionary<int, long> volumes = [];
            ReadOnlySpan<int> edges = _network.BasePlan.Edges(group);
            for (int i = 0; i < edges.Length; i++) volumes.Add(edges[i], _network.BasePlan.Volumes(group)[i]);
            return rows[group] = (volumes, _network.BasePlan.Unserved(group));
        }
    }

    // What a group gained at surviving edges, and what it gave up at them.
    private (long Up, long Down) Shift(PlanDiff diff, int at, int group, ImmutableArray<int> failed)
    {
        long up = 0, kept = 0, before = 0;
        ReadOnlySpan<int> edges = diff.Edges(at), old = _main.Optimum.Edges(group);
        for (int i = 0; i < edges.Length; i++)
        {
            long had = _main.Optimum.Volume(group, edges[i]), has = diff.Volumes(at)[i];
            up += Math.Max(0, has - had);
            kept += Math.Min(has, had);
        }
        for (int i = 0; i < old.Length; i++)
            if (!failed.Contains(old[i])) before += _main.Optimum.Volumes(group)[i];
        return (up, before - kept);
    }

    private long[] RoomPrices(ScenarioPrices prices)
    {
        CapacityTree tree = Model.Tree;
        long[] room = new long[tree.NodeCount];
        for (int node = 0; node < room.Length; node++)
        {
            StepCost cost = tree.Cost(node);
            long beyond = tree.Parent(node) == tree.NodeCount ? 0 : prices.Tree[tree.Parent(node)];
            long last = cost.Steps[^1].Cost;
            if (last < 0) last += Model.HardCharge; // as in DualPrices: one unit more is above the floor
            if (prices.Loads[node] == cost.Room) room[node] = Math.Max(0, prices.Tree[node] - last - beyond);
        }
        return room;
    }

    private static bool IsSame(TrafficPlan a, TrafficPlan b, int group) =>
        a.Unserved(group) == b.Unserved(group) && a.Edges(group).SequenceEqual(b.Edges(group)) && a.Volumes(group).SequenceEqual(b.Volumes(group));
}
