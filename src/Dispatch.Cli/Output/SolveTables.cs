using System.Globalization;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.Solve.Loops;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch solve</c> for people.</summary>
internal static class SolveTables
{
    private const int MostRows = 20;

    /// <summary>Figures of both plans, what stays unserved, and the busiest edges.</summary>
    public static void Write(Terminal terminal, Assignment assignment)
    {
        OptimumReport report = OptimumReport.Of(assignment);
        BaselineTables.Write(terminal, report,
            string.Create(CultureInfo.InvariantCulture, $"{SolveJson.Kind(assignment)} objective at {assignment.Snapshot.UtcHour:D2}:00 UTC"));
        WriteContradictions(terminal, assignment);
        WriteLoops(terminal, assignment);
        WriteUnserved(terminal, assignment);
        PlainTable.Write(terminal, Busiest(terminal, assignment));
        SolveTrace trace = assignment.Trace;
        string proof = trace.Certificate.Valid ? "proved optimal, gap 0" : $"not proved, gap {trace.Certificate.Gap}";
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{proof}; {trace.Kernel}, {trace.Arcs} arcs, {trace.Pivots} pivots, {trace.SolveTime.TotalMilliseconds:F1} ms\n"));
    }

    private static void WriteContradictions(Terminal terminal, Assignment assignment)
    {
        foreach (Contradiction found in assignment.Contradictions)
            terminal.Output.Write($"contradiction: {found.Subject}: {found.Rule} ({found.Kind}); remedy: {found.Remedy}\n");
        if (!assignment.Contradictions.IsEmpty) terminal.Output.Write("\n");
    }

    private static void WriteLoops(Terminal terminal, Assignment assignment)
    {
        if (assignment.Loops is not { } loops) return;
        foreach (CapPrice cap in loops.Caps)
            terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
                $"cap {cap.Name}: {cap.Load / 1000.0:F3} of {cap.Cap / 1000.0:F3} Gbit/s, at {cap.Price / 1e6:0.######} USD per Mbit/s and hour\n"));
        if (loops.LeastUtilisationPermille is { } least)
            terminal.Output.Write(string.Create(CultureInfo.InvariantCulture, $"least utilisation of the fullest edge that serves as much: {least / 10.0:F1} %\n"));
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{loops.Solves} solves; no plan that keeps these bounds is cheaper by more than {(double)loops.Gap / Math.Max(1.0, (double)assignment.Trace.Objective) * 1e6:0.#} millionths\n\n"));
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
