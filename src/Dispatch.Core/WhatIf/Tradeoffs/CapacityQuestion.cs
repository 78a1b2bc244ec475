using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.WhatIf.Tradeoffs;

/// <summary>How much capacity may be added, in what pieces, and what it costs.</summary>
public sealed record CapacityQuestion
{
    /// <summary>All that may be added, above 0.</summary>
    public required Gbps Total { get; init; }

    /// <summary>The piece that is added at a time, above 0.</summary>
    public required Gbps Piece { get; init; }

    /// <summary>Places that each piece is tried at, those with the highest shadow prices; at least 1. Default 6.</summary>
    public int Tried { get; init; } = 6;

    /// <summary>What a Gbit/s more costs a month, US dollars: a piece that saves less is not added. Default 0.</summary>
    public double UsdPerGbpsMonth { get; init; }

    /// <summary>Targets that may get it; empty (default) for every edge and every contract with a ceiling.</summary>
    public ImmutableArray<ScenarioTarget> At { get; init; } = [];
}

/// <summary>A piece of capacity at the place where it does most.</summary>
/// <param name="Kind">Edge or contract.</param>
/// <param name="Id">Which one.</param>
/// <param name="Added">How much.</param>
/// <param name="Before">Figures without this piece, those before it in place.</param>
/// <param name="After">Figures with it.</param>
/// <param name="SavedMicroUsdPerHour">What it lowers the objective by: money, latency and congestion as they are weighed, and charges for unserved traffic.</param>
/// <param name="ServedSavedMicroUsdPerHour">The same without charges for unserved traffic; may be negative, where serving more costs more.</param>
public sealed record CapacityPiece(RoomKind Kind, string Id, Gbps Added, PlanFigures Before, PlanFigures After, Int128 SavedMicroUsdPerHour, Int128 ServedSavedMicroUsdPerHour)
{
    /// <summary>What it serves that nobody served before.</summary>
    public Mbps ServedMore => Before.Unserved - After.Unserved;

    /// <summary>What a Gbit/s of it saves a month of 720 hours like this one, US dollars, charges for unserved traffic aside.</summary>
    public double UsdPerGbpsMonth => (double)ServedSavedMicroUsdPerHour / 1e6 * Price.HoursPerMonth / Added.Value;
}

/// <summary>Where to add capacity, best first.</summary>
/// <param name="Start">Figures before anything is added.</param>
/// <param name="Pieces">What was added, in order.</param>
/// <param name="Stopped">Why no more was: a sentence.</param>
public sealed record CapacityAdvice(PlanFigures Start, ImmutableArray<CapacityPiece> Pieces, string Stopped)
{
    /// <summary>The pieces summed up by place, most first, then by id.</summary>
    public ImmutableArray<(RoomKind Kind, string Id, Gbps Added)> ByPlace =>
    [
        .. Pieces.GroupBy(static p => (p.Kind, p.Id)).Select(static g => (g.Key.Kind, g.Key.Id, Added: new Gbps(g.Sum(static p => p.Added.Value))))
            .OrderByDescending(static p => p.Added.Value).ThenBy(static p => p.Id, StringComparer.Ordinal),
    ];
}
