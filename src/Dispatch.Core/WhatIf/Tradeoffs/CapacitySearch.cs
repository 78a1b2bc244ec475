using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf.Edits;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.WhatIf.Tradeoffs;

/// <summary>Finds where capacity does most, a piece at a time.</summary>
/// <remarks>
/// Shadow prices say where more room would help and are right for the next unit only. So each piece is tried at the places with the highest ones, by
/// solving with the piece in place, and stays where it lowers the objective most. Every figure is of an optimum; the order of pieces is greedy, and two pieces
/// that only help together may be passed over.
/// </remarks>
public static class CapacitySearch
{
    /// <summary>Runs it: pieces × places solves, each from where the baseline ended.</summary>
    /// <param name="runner">The baseline.</param>
    /// <param name="scenario">What holds besides; one without changes for the world as it is.</param>
    /// <param name="question">What may be added.</param>
    /// <param name="progress">Told each piece; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The advice, or every fault of the scenario.</returns>
    /// <exception cref="ArgumentException">The question's amounts are not above 0.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (CapacityAdvice? Advice, ImmutableArray<ScenarioFault> Faults) Run(
        ScenarioRunner runner, Scenario scenario, CapacityQuestion question, Action<CapacityPiece>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(question);
        if (!(question.Total.Value > 0) || !(question.Piece.Value > 0) || question.Tried < 1) throw new ArgumentException("Total, piece and places tried must be above 0.", nameof(question));
        ScenarioResult start = runner.Run(scenario, cancellation);
        if (start.Comparison is not { } now) return (null, start.Faults);
        PlanFigures first = now.After;
        ImmutableArray<CapacityPiece>.Builder pieces = ImmutableArray.CreateBuilder<CapacityPiece>();
        double left = question.Total.Value;
        while (left > 1e-9)
        {
            Gbps piece = new(Math.Min(question.Piece.Value, left));
            if (Best(runner, scenario, now, question, piece, cancellation) is not var (edit, next, found)) return (new(first, pieces.ToImmutable(), "More room would save nothing at any place that may get it."), []);
            if (!IsWorthIt(found, question)) return (new(first, pieces.ToImmutable(), string.Create(CultureInfo.InvariantCulture, $"The next {piece.Value:0.###} Gbit/s would save {found.UsdPerGbpsMonth:F0} USD a Gbit/s and month, less than {question.UsdPerGbpsMonth:F0}.")), []);
            (scenario, now, left) = (scenario.With(edit), next, left - piece.Value);
            pieces.Add(found);
            progress?.Invoke(found);
        }
        return (new(first, pieces.ToImmutable(), "All that may be added is."), []);
    }

    // What serves more is worth it at any price: that is what the ladder of charges says.
    private static bool IsWorthIt(CapacityPiece piece, CapacityQuestion question) =>
        piece.SavedMicroUsdPerHour != piece.ServedSavedMicroUsdPerHour || piece.UsdPerGbpsMonth >= question.UsdPerGbpsMonth;

    private static (ScenarioEdit Edit, ScenarioComparison After, CapacityPiece Piece)? Best(
        ScenarioRunner runner, Scenario scenario, ScenarioComparison now, CapacityQuestion question, Gbps piece, CancellationToken cancellation)
    {
        (ScenarioEdit Edit, ScenarioComparison After, CapacityPiece Piece)? best = null;
        foreach ((RoomKind kind, string id) in Places(now, question))
        {
            ScenarioEdit edit = kind == RoomKind.Edge ? new CapacityEdit(new(TargetKind.Edge, id), 1, piece.Value) : Raised(now.Assignment.Snapshot.World, id, piece);
            if (runner.Run(scenario.With(edit), cancellation).Comparison is not { } tried) continue;
            Int128 saved = Objective(now) - Objective(tried), served = saved - (Charge(now) - Charge(tried));
            if (saved > 0 && (best is null || saved > best.Value.Piece.SavedMicroUsdPerHour)) best = (edit, tried, new(kind, id, piece, now.After, tried.After, saved, served));
        }
        return best;
    }

    private static IEnumerable<(RoomKind Kind, string Id)> Places(ScenarioComparison now, CapacityQuestion question)
    {
        World world = now.Assignment.Snapshot.World;
        return now.Room.Where(r => r.After is { MicroUsdPerMbpsHour: > 0 } && MayGet(r, world, question)).Take(question.Tried).Select(static r => (r.Kind, r.Id));
    }

    private static bool MayGet(RoomChange room, World world, CapacityQuestion question)
    {
        if (room.Kind == RoomKind.Edge) return question.At.IsEmpty || question.At.Any(t => t.Covers(world.Edges[world.EdgeOrdinal(room.Id)]));
        Contract contract = world.Facts.Contracts.First(c => c.Id == room.Id);
        return contract.Ceiling is not null && (question.At.IsEmpty || contract.Edges.All(e => question.At.Any(t => t.Covers(world.Edges[world.EdgeOrdinal(e)]))));
    }

    private static ContractEdit Raised(World world, string id, Gbps piece) =>
        new(id) { Ceiling = new(world.Facts.Contracts.First(c => c.Id == id).Ceiling!.Value.Value + piece.Value) };

    private static Int128 Objective(ScenarioComparison of) => of.Assignment.Trace.Objective;

    private static Int128 Charge(ScenarioComparison of) => of.Assignment.Optimum.UnservedCharge();
}
