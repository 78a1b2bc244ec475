using System.Globalization;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes what <c>dispatch flow</c> found.</summary>
internal static class FlowReport
{
    /// <summary>The DIMACS solution line; where there is no flow, why on standard error.</summary>
    public static void WriteText(Terminal terminal, FlowSolution solution)
    {
        if (solution.Status == FlowStatus.Optimal)
        {
            terminal.Output.Write(string.Create(CultureInfo.InvariantCulture, $"s {solution.Objective}\n"));
            return;
        }
        if (solution.Status is FlowStatus.Infeasible or FlowStatus.Unbounded) terminal.Output.Write($"s {solution.Status.Word()}\n");
        terminal.WriteFault($"{solution.Status.Word()}: {solution.Cause}");
        terminal.WriteHint(solution.Remedy);
    }

    /// <summary>One JSON object; <c>objective</c> is null where there is no flow.</summary>
    public static void WriteJson(TextWriter output, FlowNetwork network, FlowFileOutcome outcome, FlowSolution solution) =>
        JsonLine.WriteObject(output, json =>
        {
            if (solution.Status == FlowStatus.Optimal) json.WriteInteger("objective", solution.Objective);
            else json.WriteNull("objective");
            json.WriteString("status", solution.Status.Word());
            json.WriteString("kernel", solution.Kernel);
            json.WriteNumber("nodes", network.NodeCount);
            json.WriteNumber("arcs", network.ArcCount);
            json.WriteMilliseconds("read_ms", outcome.ReadTime);
            json.WriteMilliseconds("build_ms", outcome.BuildTime);
            json.WriteMilliseconds("solve_ms", outcome.SolveTime);
            if (outcome.SolvePeakBytes is { } peak) json.WriteNumber("solve_peak_mb", Math.Round(peak / 1048576.0, 1));
            else json.WriteNull("solve_peak_mb");
            json.WriteNumber("pivots", solution.Pivots);
            CertificateJson.Write(json, outcome.Certificate);
            json.WriteTextOrNull("cause", solution.Cause);
            json.WriteTextOrNull("remedy", solution.Remedy);
        });
}
