using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.WhatIf.Results;

/// <summary>A scenario's optimum beside the baseline's.</summary>
/// <remarks>Immutable and thread-safe. The parts of the difference are summed up when they are first asked for.</remarks>
public sealed class ScenarioComparison
{
    private readonly Lazy<ImmutableArray<EdgeChange>> _edges;
    private readonly Lazy<ImmutableArray<RegionChange>> _regions;
    private readonly Lazy<ImmutableArray<BillChange>> _bills;
    private readonly Lazy<ImmutableArray<RoomChange>> _room;

    private ScenarioComparison(Assignment before, Assignment after, PlanFigures figuresBefore)
    {
        (Baseline, Assignment, Before, After) = (before, after, figuresBefore, PlanFigures.Of(after.Optimum));
        Moved = PlanMoves.Of(before.Optimum, after.Optimum);
        _edges = new(() => EdgeChange.AllOf(before.Optimum, after.Optimum));
        _regions = new(() => RegionChange.AllOf(before.Optimum, after.Optimum));
        _bills = new(() => BillChange.AllOf(before.Optimum, after.Optimum));
        _room = new(() => RoomChange.AllOf(before, after));
    }

    /// <summary>The optimum without the scenario's changes.</summary>
    public Assignment Baseline { get; }

    /// <summary>The scenario's optimum.</summary>
    public Assignment Assignment { get; }

    /// <summary>The baseline's figures.</summary>
    public PlanFigures Before { get; }

    /// <summary>The scenario's figures.</summary>
    public PlanFigures After { get; }

    /// <summary>Traffic that an edge serves now and did not serve before, for the same group.</summary>
    public Mbps Moved { get; }

    /// <summary>Edges whose load or capacity changed, largest change of load first, then by id.</summary>
    public ImmutableArray<EdgeChange> Edges => _edges.Value;

    /// <summary>Regions of which anything changed: what is unserved first, then by how much moved, then by id.</summary>
    public ImmutableArray<RegionChange> Regions => _regions.Value;

    /// <summary>What each contract that bills, and each operator's traffic outside of such, costs; largest change first, then by id.</summary>
    public ImmutableArray<BillChange> Bills => _bills.Value;

    /// <summary>Edges and contracts that are full before or after, and what more room there is worth: dearest after first, then by id.</summary>
    public ImmutableArray<RoomChange> Room => _room.Value;

    /// <summary>
    /// The scenario's optimum beside the simpler rules on the changed input: whether it is solving or the change that helps. Summed up at
    /// each call, O(groups × edges).
    /// </summary>
    public OptimumReport ReportAfter() => OptimumReport.Of(Assignment);

    /// <summary>Compares two assignments of the same groups; edges of the first keep their place in the second.</summary>
    public static ScenarioComparison Of(Assignment before, Assignment after)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Of(before, after, PlanFigures.Of(before.Optimum));
    }

    /// <summary>The same, with figures of the first that are there already.</summary>
    internal static ScenarioComparison Of(Assignment before, Assignment after, PlanFigures figuresBefore) => new(before, after, figuresBefore);
}
