using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;

namespace TrafficDispatch.Cli.Output.Sheets;

/// <summary>What planners are answered, as sheets.</summary>
internal static class WhatIfSheets
{
    private static readonly SheetColumn Before = new("before_gbps", "before, Gbit/s", 2), After = new("after_gbps", "after", 2);

    /// <summary>All parts of a difference.</summary>
    public static Sheet[] Difference(IEnumerable<BillChange> bills, IEnumerable<RoomChange> room, IEnumerable<RegionChange> regions, IEnumerable<EdgeChange> edges) =>
        [Bills(bills), Room(room), Regions(regions), Edges(edges)];

    /// <summary>What each bill comes to.</summary>
    private static Sheet Bills(IEnumerable<BillChange> changes) => Sheet.Of("bills", "bills, at the margin", changes,
        (new("kind", "bill of"), static b => b.Kind == BillKind.Contract ? "contract" : "operator"),
        (new("id", "id"), static b => b.Id),
        (Before, static b => b.LoadBefore.Gbps), (After, static b => b.LoadAfter.Gbps),
        (new("before_usd_per_hour", "before, USD/h", 2), static b => Usd(b.MicroUsdPerHourBefore)),
        (new("after_usd_per_hour", "after", 2), static b => Usd(b.MicroUsdPerHourAfter)),
        (new("change_usd_per_hour", "change", 2), static b => Usd(b.Change)));

    /// <summary>What is full, and what more room is worth.</summary>
    private static Sheet Room(IEnumerable<RoomChange> changes) => Sheet.Of("room", "full places, and what a Gbit/s more is worth there", changes,
        (new("kind", "kind"), static r => r.Kind == RoomKind.Edge ? "edge" : "contract"),
        (new("id", "id"), static r => r.Id),
        (new("room_before_gbps", "room, Gbit/s", 2), static r => r.Before?.Room.Gbps),
        (new("room_after_gbps", "after", 2), static r => r.After?.Room.Gbps),
        (new("full_before", "full"), static r => r.Before?.IsFull ?? false),
        (new("full_after", "after"), static r => r.After?.IsFull ?? false),
        (new("worth_before_usd_per_gbps_hour", "worth, USD/h", 3), static r => Worth(r.Before)),
        (new("worth_after_usd_per_gbps_hour", "after", 3), static r => Worth(r.After)),
        (new("relieves_after", "would serve more"), static r => r.After?.Relieves ?? false));

    /// <summary>How regions fare.</summary>
    private static Sheet Regions(IEnumerable<RegionChange> changes) => Sheet.Of("regions", "regions that change", changes,
        (new("region", "region"), static r => r.RegionId),
        (new("demand_before_gbps", "demand, Gbit/s", 2), static r => r.DemandBefore.Gbps),
        (new("demand_after_gbps", "after", 2), static r => r.DemandAfter.Gbps),
        (new("unserved_before_gbps", "unserved", 2), static r => r.UnservedBefore.Gbps),
        (new("unserved_after_gbps", "after", 2), static r => r.UnservedAfter.Gbps),
        (new("moved_gbps", "moved", 2), static r => r.Moved.Gbps),
        (new("p50_before_ms", "50 % ms", 1), static r => r.LatencyBefore?.P50.Milliseconds),
        (new("p50_after_ms", "after", 1), static r => r.LatencyAfter?.P50.Milliseconds),
        (new("p95_before_ms", "95 % ms", 1), static r => r.LatencyBefore?.P95.Milliseconds),
        (new("p95_after_ms", "after", 1), static r => r.LatencyAfter?.P95.Milliseconds),
        (new("p99_before_ms", "99 % ms", 1), static r => r.LatencyBefore?.P99.Milliseconds),
        (new("p99_after_ms", "after", 1), static r => r.LatencyAfter?.P99.Milliseconds));

    /// <summary>How edges' loads change.</summary>
    private static Sheet Edges(IEnumerable<EdgeChange> changes) => Sheet.Of("edges", "edges whose load or capacity changes", changes,
        (new("edge", "edge"), static e => e.EdgeId),
        (Before, static e => e.Before.Gbps), (After, static e => e.After.Gbps),
        (new("change_gbps", "change", 2), static e => e.Change.Gbps),
        (new("capacity_before_gbps", "capacity", 2), static e => e.CapacityBefore.Gbps),
        (new("capacity_after_gbps", "after", 2), static e => e.CapacityAfter.Gbps));

    /// <summary>The cases of a sweep.</summary>
    public static Sheet Cases(string title, IEnumerable<SweepRow> rows) => Sheet.Of<SweepRow>("cases", title, rows,
    [
        (new("case", "case"), static r => r.Name),
        .. FigureSheets.Columns<SweepRow>(static r => r.Figures),
        (new("unserved_more_gbps", "unserved more", 2), static r => r.Figures is null ? null : r.UnservedMore.Gbps),
        (new("moved_gbps", "moved", 2), static r => r.Figures is null ? null : r.Moved.Gbps),
        (new("absorbed", "absorbed"), static r => r.Figures is null ? null : r.IsAbsorbed),
        (new("faults", "faults"), static r => r.Faults.IsEmpty ? null : string.Join("; ", r.Faults)),
    ]);

    /// <summary>The hours of a day.</summary>
    public static Sheet Hours(IEnumerable<HourComparison> hours) => Sheet.Of("hours", "hour by hour", hours,
        (new("utc_hour", "UTC"), static h => (long)h.UtcHour),
        (new("demand_before_gbps", "demand, Gbit/s", 1), static h => h.Before.Demand.Gbps), (new("demand_after_gbps", "after", 1), static h => h.After.Demand.Gbps),
        (new("unserved_before_gbps", "unserved", 2), static h => h.Before.Unserved.Gbps), (new("unserved_after_gbps", "after", 2), static h => h.After.Unserved.Gbps),
        (new("cost_before_usd_per_hour", "cost, USD", 2), static h => Usd(h.Before.CostMicroUsdPerHour)), (new("cost_after_usd_per_hour", "after", 2), static h => Usd(h.After.CostMicroUsdPerHour)),
        (new("p95_before_ms", "95 % ms", 1), static h => h.Before.P95Rtt.Milliseconds), (new("p95_after_ms", "after", 1), static h => h.After.P95Rtt.Milliseconds),
        (new("moved_gbps", "moved", 2), static h => h.Moved.Gbps), (new("full_edges", "full edges"), static h => (long)h.FullEdges)) with
    { IsWhole = true };

    /// <summary>The bills of a month; a contract that one of both does not have has none there.</summary>
    public static Sheet Month(ScenarioMonth month) => Month(
        month.Before.Aware.Bills.ToDictionary(static b => b.ContractId, static b => b.TotalMicroUsd, StringComparer.Ordinal), month.Before.Aware.OutsideMicroUsd,
        month.After.Aware.Bills.ToDictionary(static b => b.ContractId, static b => b.TotalMicroUsd, StringComparer.Ordinal), month.After.Aware.OutsideMicroUsd);

    /// <summary>The same from bills by contract and what is paid outside of contracts, micro-USD.</summary>
    public static Sheet Month(IReadOnlyDictionary<string, long> before, long outsideBefore, IReadOnlyDictionary<string, long> after, long outsideAfter)
    {
        IEnumerable<(string Id, long? Before, long? After)> rows =
        [
            .. before.Keys.Union(after.Keys).Select(id => (id, before.TryGetValue(id, out long b) ? b : (long?)null, after.TryGetValue(id, out long a) ? a : (long?)null)),
            ("outside contracts", outsideBefore, outsideAfter), ("all", before.Values.Sum() + outsideBefore, after.Values.Sum() + outsideAfter),
        ];
        return Sheet.Of("month", "bills of the month", rows,
            (new("contract", "contract"), static r => r.Id),
            (new("before_usd", "before, USD", 0), static r => r.Before / 1e6), (new("after_usd", "after", 0), static r => r.After / 1e6),
            (new("change_usd", "change", 0), static r => ((r.After ?? 0) - (r.Before ?? 0)) / 1e6));
    }

    /// <summary>Money against latency.</summary>
    public static Sheet Pareto(IEnumerable<ParetoPoint> points) => Sheet.Of<ParetoPoint>("pareto", "money against latency", points,
    [
        (new("latency_factor", "a ms is worth ×", 3), static p => p.Factor),
        .. FigureSheets.Columns<ParetoPoint>(static p => p.Figures),
        (new("dominated", "another is better"), static p => p.IsDominated),
    ]);

    /// <summary>Capacity to add.</summary>
    public static Sheet Pieces(IEnumerable<CapacityPiece> pieces) => Sheet.Of("pieces", "capacity to add, best first", pieces.Select(static (p, i) => (Piece: p, Place: i + 1)),
        (new("order", "#"), static r => (long)r.Place),
        (new("kind", "at"), static r => r.Piece.Kind == RoomKind.Edge ? "edge" : "contract"), (new("id", "id"), static r => r.Piece.Id),
        (new("added_gbps", "added, Gbit/s", 2), static r => r.Piece.Added.Value),
        (new("served_more_gbps", "serves more", 2), static r => r.Piece.ServedMore.Gbps),
        (new("saves_usd_per_hour", "saves, USD/h", 2), static r => Usd(r.Piece.ServedSavedMicroUsdPerHour)),
        (new("saves_usd_per_gbps_month", "USD a Gbit/s, month", 0), static r => r.Piece.UsdPerGbpsMonth),
        (new("cost_usd_per_hour", "bill, USD/h", 2), static r => Usd(r.Piece.After.CostMicroUsdPerHour)),
        (new("mean_rtt_ms", "mean ms", 2), static r => r.Piece.After.MeanRtt.Milliseconds),
        (new("p95_rtt_ms", "95 % ms", 2), static r => r.Piece.After.P95Rtt.Milliseconds));

    /// <summary>The same summed up by place.</summary>
    public static Sheet Places(IReadOnlyCollection<(RoomKind Kind, string Id, Gbps Added)> places) => Sheet.Of("places",
        string.Create(CultureInfo.InvariantCulture, $"{places.Sum(static p => p.Added.Value):0.##} Gbit/s by place"), places,
        (new("kind", "at"), static p => p.Kind == RoomKind.Edge ? "edge" : "contract"), (new("id", "id"), static p => p.Id), (new("added_gbps", "added, Gbit/s", 2), static p => p.Added.Value));

    // Where more room would serve what nobody serves, the shadow price is a charge and no money.
    private static double? Worth(RoomFigures? room) => room is { Relieves: false } r ? r.MicroUsdPerMbpsHour / 1e3 : null;

    private static double Usd(Int128 micro) => (double)micro / 1e6;
}
