using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve.Explain;

/// <summary>Explains an optimum of the full objective: for any group and any edge why, why not, and what would change it.</summary>
/// <remarks>
/// Figures are the optimum's duals: right for the next unit; where the optimum is degenerate other duals are as valid, and a change that is called
/// for may have to be a little larger. Thread-safe.
/// </remarks>
public sealed class AssignmentExplainer
{
    private readonly Assignment _assignment;
    private readonly FullCost _model;
    private readonly World _world;
    private readonly long[] _loads;

    /// <summary>Prepares to explain.</summary>
    /// <exception cref="ArgumentException">The assignment is one of the reference objective.</exception>
    public AssignmentExplainer(Assignment assignment)
    {
        _model = assignment.Model as FullCost
            ?? throw new ArgumentException("The reference objective knows no services, contracts or classes to explain by.", nameof(assignment));
        (_assignment, _world) = (assignment, assignment.Snapshot.World);
        _loads = _model.Tree.Loads(assignment.Optimum.EdgeLoads());
    }

    /// <summary>The group of a region and a service.</summary>
    public int GroupOf(int region, int service) => region * _model.Profiles.Profiles.Length + _model.Profiles.OfService[service];

    /// <summary>Explains one edge for one group. O(edges).</summary>
    public EdgeExplanation Explain(int group, int edge)
    {
        long[] row = new long[_world.Edges.Length];
        _model.Row(group, row);
        return Explain(group, edge, row);
    }

    /// <summary>The edges that serve a group, largest volume first, then the best of the others by what they would have to become cheaper by, then,
    /// by round trip, those that are not allowed.</summary>
    /// <param name="group">The group.</param>
    /// <param name="count">Edges to explain at most.</param>
    /// <param name="onlyAllowed">Leave out edges that are not allowed.</param>
    public ImmutableArray<EdgeExplanation> Explain(int group, int count, bool onlyAllowed)
    {
        long[] row = new long[_world.Edges.Length];
        _model.Row(group, row);
        return
        [
            .. Enumerable.Range(0, row.Length).Where(e => !onlyAllowed || row[e] != CostModel.NotAllowed).Select(e => Explain(group, e, row))
                .OrderByDescending(static x => x.Volume).ThenBy(static x => x.ReducedCost ?? long.MaxValue).ThenBy(static x => x.RttMs).ThenBy(static x => x.Edge)
                .Take(count),
        ];
    }

    private EdgeExplanation Explain(int group, int edge, long[] row)
    {
        double rtt = _world.Rtt.Row(_model.Groups[group].Region)[edge];
        if (row[edge] == CostModel.NotAllowed) return Forbidden(group, edge, rtt);
        long[] reduced = [.. row];
        _assignment.ToReducedCosts(group, reduced);
        ImmutableArray<BindingBound> bounds = Bounds(group, edge);
        long volume = _assignment.Optimum.Volume(group, edge);
        EdgeVerdict verdict = volume > 0 ? EdgeVerdict.Serves
            : reduced[edge] == 0 ? EdgeVerdict.AsGood
            : bounds.Sum(static b => b.Value) >= reduced[edge] ? EdgeVerdict.Full : EdgeVerdict.Dearer;
        UnitCost cost = _model.Parts(group, edge, Door(group, edge));
        ExplanationWords words = new(_assignment, group, edge, bounds, cost, reduced[edge]);
        return new(edge, verdict, volume, rtt, cost, reduced[edge], bounds, words.Why(verdict), words.Change(verdict));
    }

    private EdgeExplanation Forbidden(int group, int edge, double rtt)
    {
        ClientGroup g = _model.Groups[group];
        ServiceProfile profile = _model.Profiles.Profiles[g.Profile];
        TrafficClass cls = _world.Classes[profile.Class];
        NodeHealth health = _world.Health.Of(_world.Edges[edge]);
        double loss = _world.Facts.Loss?.Row(g.Region)[edge] ?? 0, reach = Math.Min(cls.MaxRtt?.Value ?? double.PositiveInfinity, _model.Options.MaxRtt?.Value ?? double.PositiveInfinity);
        EdgeVerdict verdict = !_world.Law.Allows(_world.Regions[g.Region], _world.Edges[edge]) ? EdgeVerdict.Law
            : !health.CanServe ? EdgeVerdict.Health
            : !profile.Accepts(_world.Edges[edge]) ? EdgeVerdict.Service
            : rtt > reach ? EdgeVerdict.TooFar : EdgeVerdict.TooLossy;
        (string why, string change) = ExplanationWords.Forbidden(verdict, _world, g, edge, cls, reach, rtt, loss, health);
        return new(edge, verdict, 0, rtt, null, null, [], why, change);
    }

    private long Door(int group, int edge)
    {
        long[] doors = new long[_world.Edges.Length];
        _assignment.Prices.Entry.Row(_model.Groups[group].Region, doors);
        return doors[edge];
    }

    private ImmutableArray<BindingBound> Bounds(int group, int edge)
    {
        ImmutableArray<BindingBound>.Builder bounds = ImmutableArray.CreateBuilder<BindingBound>();
        foreach (PeeringCap cap in _model.Peering)
        {
            long value = Door(group, edge) - _assignment.Prices.Entry.AtEdge(edge);
            if (cap.Edge == edge && value > 0 && cap.Regions.Contains(_model.Groups[group].Region))
                bounds.Add(new("peering", $"{cap.Network} to {_world.Edges[edge].Id}", cap.Capacity.ToMbps().Value, value));
        }
        CapacityTree tree = _model.Tree;
        for (int node = edge; node < tree.NodeCount; node = tree.Parent(node))
        {
            long value = _assignment.Prices.Room[node];
            bool isReserve = node - tree.EdgeCount >= _world.Facts.Contracts.Length; // soft: it binds nobody
            if (value == 0 || isReserve || _loads[node] < tree.Cost(node).Room) continue;
            bounds.Add(node < tree.EdgeCount
                ? new("edge", _world.Edges[node].Id, tree.Cost(node).Room, value)
                : new("contract", _world.Facts.Contracts[node - tree.EdgeCount].Id, tree.Cost(node).Room, value));
        }
        return bounds.ToImmutable();
    }
}
