using System.Globalization;
using TrafficDispatch.Solve.Failure;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch n1</c> for people.</summary>
internal static class FailureTables
{
    private const int MostAdditions = 2;

    /// <summary>The worst failures, then the summary.</summary>
    public static void Write(Terminal terminal, FailureReport report, ReserveReport? reserve, long failoverBytes, int top)
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
        terminal.Output.Write(Text($"failovers to ship with the table: {failoverBytes / 1024.0:F1} KiB for {report.Outcomes.Sum(static o => o.Diff.Groups.Length)} changed groups\n"));
        if (reserve is not null) WriteReserve(terminal, reserve);
    }

    private static void WriteReserve(Terminal terminal, ReserveReport reserve)
    {
        Grid table = PlainTable.New(terminal, Text($"reserve of {reserve.Groups.Length} groups; failures short of room unless others move"),
            "round", "groups tightened>", "failures short>", "unserved in them, Gbit/s>", "objective>", "");
        for (int i = 0; i < reserve.Rounds.Length; i++)
        {
            ReserveRound round = reserve.Rounds[i];
            table.Row(i == 0 ? "none" : Text($"{i}"), Text($"{round.Tightened}"), Text($"{round.Violations}"), Gbps(round.Unserved.Gbps), Text($"{round.Objective}"), i == reserve.Best ? "taken" : "");
        }
        terminal.Output.Write("\n");
        PlainTable.Write(terminal, table);
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
