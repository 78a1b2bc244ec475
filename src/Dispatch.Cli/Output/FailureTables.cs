using System.Globalization;
using TrafficDispatch.Solve.Failure;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch n1</c> for people.</summary>
internal static class FailureTables
{
    private const int MostAdditions = 2;

    /// <summary>The worst failures, then the summary.</summary>
    public static void Write(Terminal terminal, FailureReport report, int top)
    {
        FailureOutcome[] worst = [.. report.WorstFirst().Take(top)];
        Grid table = PlainTable.New(terminal, Text($"worst {worst.Length} of {report.Outcomes.Length} failures"),
            "failure", "lost, Gbit/s>", "moved>", "of it ripple>", "unserved>", "by class", "cost more>", "what would fix it");
        foreach (FailureOutcome o in worst)
        {
            table.Row(o.Scenario.Name, Gbps(o.Lost.Gbps), Gbps(o.Moved.Gbps), Gbps(o.Ripple.Gbps), Gbps(o.Unserved.Gbps),
                string.Join(' ', FailureView.ByClass(report, o).Select(static c => $"{c.Class} {Gbps(c.MoreGbps)}")),
                Text($"{o.ServedCost - report.MainServedCost}"), Fix(report, o));
        }
        if (worst.Length > 0) PlainTable.Write(terminal, table);
        terminal.Output.Write(Text($"{report.Absorbed} of {report.Outcomes.Length} failures absorbed, {(report.Outcomes.All(static o => o.Certified) ? "each proved optimal" : "not all proved")} over "));
        terminal.Output.Write(Text($"{(report.OverAllEdges ? "all edges" : "the main plan's candidates")}; {report.Rounds} rounds, {report.AddedCandidates} candidates joined, {report.Elapsed.TotalSeconds:F1} s\n"));
    }

    private static string Fix(FailureReport report, FailureOutcome outcome)
    {
        if (outcome.Fix is not { } fix) return "";
        List<string> parts = [.. fix.Additions.OrderByDescending(static a => a.Added.Value).Take(MostAdditions).Select(static a => $"{a.Kind} {a.Id} +{Gbps(a.Added.Gbps)}")];
        if (fix.Additions.Length > MostAdditions) parts.Add(Text($"and {fix.Additions.Length - MostAdditions} more"));
        if (fix.Beyond.Length > 0) parts.Add(Text($"{fix.Beyond.Length} groups need another edge, first {FailureView.NameOf(report, fix.Beyond[0]).Region}"));
        return string.Join("; ", parts);
    }

    private static string Gbps(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
