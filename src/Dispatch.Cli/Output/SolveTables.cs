using System.Globalization;
using TrafficDispatch.Solve;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch solve</c> for people.</summary>
internal static class SolveTables
{
    private const int MostRows = 20;

    /// <summary>Figures of both plans, what stays unserved, and the busiest edges.</summary>
    public static void Write(Terminal terminal, Assignment assignment)
    {
        PlainTable.Write(terminal, Figures(terminal, assignment));
        WriteUnserved(terminal, assignment);
        PlainTable.Write(terminal, Busiest(terminal, assignment));
        SolveTrace trace = assignment.Trace;
        string proof = trace.Certificate.Valid ? "proved optimal, gap 0" : $"not proved, gap {trace.Certificate.Gap}";
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{proof}; {trace.Kernel}, {trace.Arcs} arcs, {trace.Pivots} pivots, {trace.SolveTime.TotalMilliseconds:F1} ms\n"));
    }

    private static Grid Figures(Terminal terminal, Assignment assignment)
    {
        (PlanFigures best, PlanFigures greedy) = (PlanFigures.Of(assignment.Optimum), PlanFigures.Of(assignment.Greedy));
        Grid table = PlainTable.New(terminal,
            string.Create(CultureInfo.InvariantCulture, $"{SolveJson.Kind(assignment)} objective at {assignment.Snapshot.UtcHour:D2}:00 UTC"),
            "", "optimum>", "greedy>");
        table.Row("objective", Text(assignment.Trace.Objective), Text(assignment.Greedy.Objective()));
        table.Row("demand, Gbit/s", Text(best.Demand.Gbps, "F3"), Text(greedy.Demand.Gbps, "F3"));
        table.Row("unserved, Gbit/s", Text(best.Unserved.Gbps, "F3"), Text(greedy.Unserved.Gbps, "F3"));
        table.Row("cost, USD an hour", Text((double)best.CostMicroUsdPerHour / 1e6, "F2"), Text((double)greedy.CostMicroUsdPerHour / 1e6, "F2"));
        table.Row("round trip, mean ms", Text(best.MeanRtt.Milliseconds, "F2"), Text(greedy.MeanRtt.Milliseconds, "F2"));
        table.Row("round trip, median ms", Text(best.P50Rtt.Milliseconds, "F2"), Text(greedy.P50Rtt.Milliseconds, "F2"));
        table.Row("round trip, 95 % ms", Text(best.P95Rtt.Milliseconds, "F2"), Text(greedy.P95Rtt.Milliseconds, "F2"));
        return table;
    }

    private static void WriteUnserved(Terminal terminal, Assignment assignment)
    {
        List<UnservedGroup> groups = [.. AssignmentView.Unserved(assignment).OrderByDescending(static g => g.Gbps).ThenBy(static g => g.RegionId, StringComparer.Ordinal)];
        if (groups.Count == 0) return;
        Grid table = PlainTable.New(terminal, Title("unserved", groups.Count, "groups"), "region", "class", "Gbit/s>", "of>");
        foreach (UnservedGroup group in groups.Take(MostRows))
            table.Row(group.RegionId, group.Class.Length == 0 ? "all" : group.Class, Text(group.Gbps, "F3"), Text(group.DemandGbps, "F3"));
        PlainTable.Write(terminal, table);
    }

    private static Grid Busiest(Terminal terminal, Assignment assignment)
    {
        List<EdgeLoad> edges = [.. AssignmentView.Edges(assignment).Where(static e => e.LoadGbps > 0)
            .OrderByDescending(static e => e.LoadGbps).ThenBy(static e => e.Edge.Id, StringComparer.Ordinal)];
        Grid table = PlainTable.New(terminal, Title("busiest edges", edges.Count, "in use"),
            "edge", "operator", "load, Gbit/s>", "capacity>", "used>", "shadow price>");
        foreach (EdgeLoad load in edges.Take(MostRows))
        {
            table.Row(load.Edge.Id, load.Edge.Operator, Text(load.LoadGbps, "F2"), Text(load.CapacityGbps, "F2"),
                Text(100 * load.LoadGbps / load.CapacityGbps, "F0") + " %", Text(load.ShadowPrice));
        }
        return table;
    }

    private static string Title(string what, int count, string unit) => count > MostRows
        ? string.Create(CultureInfo.InvariantCulture, $"{what}, {MostRows} of {count} {unit}; --json lists all")
        : string.Create(CultureInfo.InvariantCulture, $"{what}, {count} {unit}");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(Int128 value) => value.ToString(CultureInfo.InvariantCulture);
}
