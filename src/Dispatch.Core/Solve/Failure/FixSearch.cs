using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Failure;

/// <summary>Finds the least capacity that leaves nothing unserved in a failure, and tries it out.</summary>
/// <remarks>
/// Every surviving edge, contract and peering cap gets an arc of <em>bought</em> room beside its own. A bought unit costs one step of the ladder
/// of charges, which exceeds all re-routing, and unserved traffic costs more than buying at every node of a way to the sink: so
/// the optimum buys no unit that does not serve one, and as few as can be. What it buys is then put into the network as ordinary room
/// and the failure solved once more.
/// </remarks>
internal sealed class FixSearch
{
    private readonly Assignment _main;
    private readonly FailureNetwork _network;
    private readonly int _threads;
    private readonly FlowSession _session;
    private readonly int _firstBought;

    public FixSearch(Assignment main, FailureNetwork network, int threads)
    {
        (_main, _network, _threads) = (main, network, threads);
        _session = network.Session.Fork();
        _firstBought = _session.ArcCount;
        AddRoom();
        _session.Solve();
    }

    private CostModel Model => _main.Model;

    private int Nodes => Model.Tree.NodeCount;

    /// <summary>One fix for each outcome.</summary>
    public FailureFix[] Find(FailureOutcome[] outcomes, CancellationToken cancellation)
    {
        SweepOutcome[] bought = Sweep(_session, [.. outcomes.Select(CaseWithRoom)], cancellation);
        long[][] added = [.. bought.Select(Bought)];
        SweepOutcome[] tried = Sweep(_network.Session, [.. outcomes.Select((o, i) => CaseWith(o, added[i]))], cancellation);
        return [.. outcomes.Select((o, i) => FixOf(o, added[i], Overflowing(bought[i], _session), tried[i]))];
    }

    private void AddRoom()
    {
        int depth = 2;
        for (int node = 0; node < Nodes; node++) depth = Math.Max(depth, 2 + Depth(node));
        long step = long.MaxValue, demand = 0;
        for (int g = 0; g < Model.Groups.Count; g++)
        {
            step = Math.Min(step, Model.UnservedCost(g));
            demand = checked(demand + Model.Groups[g].Demand);
        }
        for (int g = 0; g < Model.Groups.Count; g++) _session.SetCost(_network.Dispatch.Arcs.FirstOverflow + g, checked(Model.UnservedCost(g) * (depth + 1)));
        for (int node = 0; node < Nodes; node++)
            _session.AddArc(_network.Dispatch.NodeOfTree(node), _network.Dispatch.NodeOfTree(Model.Tree.Parent(node)), 0, demand, IsForSale(node) ? step : 0);
        for (int p = 0; p < Model.Peering.Length; p++)
            _session.AddArc(_network.Dispatch.NodeOfPeering(p), _network.Dispatch.NodeOfTree(Model.Peering[p].Edge), 0, demand, step);
    }

    private int Depth(int node)
    {
        int depth = 0;
        for (int up = Model.Tree.Parent(node); up < Nodes; up = Model.Tree.Parent(up)) depth++;
        return depth;
    }

    // A contract without ceiling ends where its edges do: with more edge there is more of it, at the price of its last tier.
    private bool IsForSale(int node) => node < Model.Tree.EdgeCount || ContractOf(node)?.Ceiling is not null;

    private Contract? ContractOf(int node)
    {
        ImmutableArray<Contract> contracts = Model.Snapshot.World.Facts.Contracts;
        int contract = node - Model.Tree.EdgeCount;
        return contract >= 0 && contract < contracts.Length ? contracts[contract] : null;
    }

    private SweepCase CaseWithRoom(FailureOutcome outcome)
    {
        SweepCase failure = _network.CaseOf(outcome.Scenario);
        return failure with { ClosedArcs = [.. failure.ClosedArcs, .. outcome.Scenario.Edges.Select(e => _firstBought + e)] };
    }

    // What each tree node, then each peering cap, got.
    private long[] Bought(SweepOutcome outcome)
    {
        long[] bought = new long[Nodes + Model.Peering.Length];
        for (int i = 0; i < bought.Length; i++) bought[i] = _session.Flow(_firstBought + i);
        foreach (FlowChange change in outcome.Changes)
            if (change.Arc >= _firstBought) bought[change.Arc - _firstBought] = change.After;
        return bought;
    }

    private SweepCase CaseWith(FailureOutcome outcome, long[] added)
    {
        List<SweepBound> bounds = [];
        for (int i = 0; i < added.Length; i++)
        {
            if (added[i] == 0) continue;
            int arc = i < Nodes ? _network.LastArcOf(i) : _network.Dispatch.Arcs.OfPeering(i - Nodes);
            bounds.Add(new(arc, checked(_network.Session.ArcTerms(arc).Upper + added[i])));
        }
        return _network.CaseOf(outcome.Scenario) with { Bounds = bounds };
    }

    private FailureFix FixOf(FailureOutcome outcome, long[] added, Dictionary<int, long> beyond, SweepOutcome tried)
    {
        List<CapacityAddition> additions = [];
        for (int i = 0; i < added.Length; i++)
            if (added[i] > 0 && (i >= Nodes || IsForSale(i))) additions.Add(AdditionOf(outcome, i, added[i]));
        long left = Overflowing(tried, _network.Session).Values.Sum();
        Int128 after = tried.Objective + _network.ConstantWithout(outcome.Scenario);
        return new([.. additions], Model.ToMbps(left), [.. beyond.Keys.Order()], outcome.Objective - after);
    }

    private CapacityAddition AdditionOf(FailureOutcome outcome, int at, long units)
    {
        Mbps added = Model.ToMbps(units);
        if (at >= Nodes)
        {
            PeeringCap cap = Model.Peering[at - Nodes];
            return new("peering", $"{cap.Network} at {Model.Snapshot.World.Edges[cap.Edge].Id}", added, 0);
        }
        Int128 value = (Int128)outcome.Room[at] * Model.UnitsPerGbps;
        return ContractOf(at) is { } contract ? new("contract", contract.Id, added, value) : new("edge", Model.Snapshot.World.Edges[at].Id, added, value);
    }

    private Dictionary<int, long> Overflowing(SweepOutcome outcome, FlowSession start)
    {
        Dictionary<int, long> overflow = [];
        int first = _network.Dispatch.Arcs.FirstOverflow, groups = Model.Groups.Count;
        for (int g = 0; g < groups; g++)
            if (start.Flow(first + g) is > 0 and var units) overflow[g] = units;
        foreach (FlowChange change in outcome.Changes)
            if (change.Arc >= first && change.Arc < first + groups) overflow[change.Arc - first] = change.After;
        foreach (int g in overflow.Keys.Where(g => overflow[g] == 0).ToArray()) overflow.Remove(g);
        return overflow;
    }

    private SweepOutcome[] Sweep(FlowSession session, SweepCase[] cases, CancellationToken cancellation)
    {
        SweepOutcome?[] outcomes = FlowSweep.Run(session, cases, new() { Threads = _threads }, null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return [.. outcomes.Select(static o => o is { Status: FlowStatus.Optimal } ? o : throw new InvalidOperationException($"A fix ended {o?.Status}."))];
    }
}
