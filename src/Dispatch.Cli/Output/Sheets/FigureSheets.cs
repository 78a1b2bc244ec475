using System.Collections.Immutable;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Cli.Output.Sheets;

/// <summary>Plans' figures as sheets.</summary>
internal static class FigureSheets
{
    private static readonly ImmutableArray<(string Name, string Head, Func<PlanFigures, double> Of)> All =
    [
        ("demand_gbps", "demand, Gbit/s", static f => f.Demand.Gbps),
        ("unserved_gbps", "unserved, Gbit/s", static f => f.Unserved.Gbps),
        ("cost_usd_per_hour", "cost, USD an hour", static f => (double)f.CostMicroUsdPerHour / 1e6),
        ("mean_rtt_ms", "round trip, mean ms", static f => f.MeanRtt.Milliseconds),
        ("p50_rtt_ms", "round trip, 50 % ms", static f => f.P50Rtt.Milliseconds),
        ("p95_rtt_ms", "round trip, 95 % ms", static f => f.P95Rtt.Milliseconds),
        ("p99_rtt_ms", "round trip, 99 % ms", static f => f.P99Rtt.Milliseconds),
    ];

    /// <summary>A row a figure: before, after and the change.</summary>
    public static Sheet Change(string title, PlanFigures before, PlanFigures after) => Sheet.Of("figures", title, All,
        (new("figure", ""), static f => f.Head),
        (new("name", "name") { IsForPrograms = true }, static f => f.Name),
        (new("before", "before", 2), f => f.Of(before)),
        (new("after", "after", 2), f => f.Of(after)),
        (new("change", "change", 2), f => Math.Round(f.Of(after) - f.Of(before), 9))) with
    { IsWhole = true };

    /// <summary>A row a figure, a column a plan.</summary>
    public static Sheet Beside(string title, IReadOnlyList<(string Name, PlanFigures Figures)> plans)
    {
        (SheetColumn, Func<(string Name, string Head, Func<PlanFigures, double> Of), object?>)[] columns =
        [
            (new("figure", ""), static f => f.Head), (new("name", "name") { IsForPrograms = true }, static f => f.Name),
            .. plans.Select(static p => (new SheetColumn(p.Name, p.Name, 2), new Func<(string Name, string Head, Func<PlanFigures, double> Of), object?>(f => f.Of(p.Figures)))),
        ];
        return Sheet.Of("figures", title, All, columns) with { IsWhole = true };
    }

    /// <summary>Columns of a list whose rows have figures.</summary>
    public static (SheetColumn, Func<T, object?>)[] Columns<T>(Func<T, PlanFigures?> figures) =>
    [
        .. All.Where(static f => f.Name != "demand_gbps").Select(f => (new SheetColumn(f.Name, ShortHead(f.Name, f.Head), 2), new Func<T, object?>(row => figures(row) is { } of ? f.Of(of) : null))),
    ];

    private static string ShortHead(string name, string head) => name switch
    {
        "cost_usd_per_hour" => "cost, USD/h",
        "mean_rtt_ms" => "mean ms",
        "p50_rtt_ms" => "50 % ms",
        "p95_rtt_ms" => "95 % ms",
        "p99_rtt_ms" => "99 % ms",
        _ => head,
    };
}
