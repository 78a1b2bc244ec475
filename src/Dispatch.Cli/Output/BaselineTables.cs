using System.Globalization;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes an optimum beside its baselines for people: a column a plan.</summary>
internal static class BaselineTables
{
    /// <summary>The figures of every plan, what stays unserved by class, and what the optimum is worth beside each baseline.</summary>
    public static void Write(Terminal terminal, OptimumReport report, string title)
    {
        PlainTable.Write(terminal, Figures(terminal, report, title));
        PlainTable.Write(terminal, Worth(terminal, report));
    }

    private static Grid Figures(Terminal terminal, OptimumReport report, string title)
    {
        PlanReport[] plans = [report.Optimum, .. report.Baselines.Select(static b => b.Plan)];
        // "greedy" stays the heading of the baseline that is known under this name.
        Grid table = PlainTable.New(terminal, title, ["", "optimum>", .. report.Baselines.Select(static b => Heading(b.Name) + ">")]);
        Add(table, "objective", plans, static p => p.Objective.ToString(CultureInfo.InvariantCulture));
        Add(table, "demand, Gbit/s", plans, static p => Text(p.Overall.Demand.Gbps, "F3"));
        Add(table, "unserved, Gbit/s", plans, static p => Text(p.Overall.Unserved.Gbps, "F3"));
        for (int c = 0; c < report.Optimum.ByClass.Length; c++)
        {
            ClassFigures of = report.Optimum.ByClass[c];
            int at = c;
            Add(table, string.Create(CultureInfo.InvariantCulture, $"  of {of.ClassId}, priority {of.Priority}"), plans,
                p => Text(p.ByClass[at].Figures.Unserved.Gbps, "F3"));
        }
        Add(table, "cost, USD an hour", plans, static p => Text((double)p.Overall.CostMicroUsdPerHour / 1e6, "F2"));
        Add(table, "  a Gbit/s served", plans, static p => Text((double)p.Overall.CostMicroUsdPerServedGbpsHour / 1e6, "F3"));
        Add(table, "round trip, mean ms", plans, static p => Text(p.Overall.MeanRtt.Milliseconds, "F2"));
        Add(table, "round trip, median ms", plans, static p => Text(p.Overall.P50Rtt.Milliseconds, "F2"));
        Add(table, "round trip, 95 % ms", plans, static p => Text(p.Overall.P95Rtt.Milliseconds, "F2"));
        Add(table, "round trip, 99 % ms", plans, static p => Text(p.Overall.P99Rtt.Milliseconds, "F2"));
        return table;
    }

    private static Grid Worth(Terminal terminal, OptimumReport report)
    {
        PlanWorth[] worth = [.. report.Baselines.Select(static b => b.Worth)];
        Grid table = PlainTable.New(terminal, "what the optimum saves", ["beside", .. report.Baselines.Select(static b => Heading(b.Name) + ">")]);
        Add(table, "unserved, Gbit/s", worth, static w => Text(w.UnservedSavedMbps / 1000.0, "F3"));
        Add(table, "cost, USD an hour", worth, static w => Text((double)w.CostSavedMicroUsdPerHour / 1e6, "F2"));
        Add(table, "  at equal volume", worth, static w => Text((double)w.CostSavedAtEqualVolumeMicroUsdPerHour / 1e6, "F2"));
        Add(table, "round trip, mean ms", worth, static w => Text(w.MeanRttSavedMicroseconds / 1000.0, "F2"));
        Add(table, "round trip, median ms", worth, static w => Text(w.P50RttSavedMicroseconds / 1000.0, "F2"));
        Add(table, "round trip, 95 % ms", worth, static w => Text(w.P95RttSavedMicroseconds / 1000.0, "F2"));
        return table;
    }

    private static string Heading(string name) => name == GreedyBaseline.Name ? "greedy" : name;

    private static void Add<T>(Grid table, string label, T[] plans, Func<T, string> text) => table.Row([label, .. plans.Select(text)]);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
