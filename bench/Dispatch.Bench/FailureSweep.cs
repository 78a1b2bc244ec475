using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>Every edge of a network fails once, all from one basis.</summary>
internal static class FailureSweep
{
    public static int Run(string name, FlowNetwork network, EdgeFailure[] edges, int threads, bool certify)
    {
        SweepCase[] cases = [.. edges.Select(edge => new SweepCase($"edge {edge.Node + network.FirstNumber}", edge.Arcs))];
        SweepOptions options = new() { Threads = threads, Certify = certify, WatchedArcs = EdgeFailure.OverflowArcs(network) };
        FlowSession session = FlowSession.Open(network);
        FlowSweep.Run(session, cases[..Math.Min(cases.Length, 4 * threads)], options); // compiles
        long began = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        SweepOutcome[] outcomes = [.. FlowSweep.Run(session, cases, options).OfType<SweepOutcome>()];
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Print($"{name}, {threads} threads", seconds, (Environment.CpuUsage.TotalTime - busy).TotalSeconds, outcomes);
        return outcomes.Length == cases.Length && (!certify || outcomes.All(static o => o.Certified || o.Status != FlowStatus.Optimal)) ? 0 : 1;
    }

    private static void Print(string name, double seconds, double busySeconds, SweepOutcome[] outcomes)
    {
        Samples times = new();
        foreach (SweepOutcome outcome in outcomes) times.Add(outcome.Elapsed.TotalMilliseconds);
        using Process self = Process.GetCurrentProcess();
        string kernels = string.Join(", ", outcomes.Select(static o => o.Kernel).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Console.WriteLine("| network | cases | total s | CPU s | median ms | p90 ms | max ms | optimal | certified | unserved | moved | arcs changed | peak MiB of the process | kernel |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {outcomes.Length} | {seconds:F2} | {busySeconds:F2} | {times.Cells} | {outcomes.Count(static o => o.Status == FlowStatus.Optimal)} | {outcomes.Count(static o => o.Certified)} | {Sum(outcomes, static o => o.WatchedFlow)} | {Sum(outcomes, static o => o.MovedVolume)} | {Sum(outcomes, static o => o.Changes.Count)} | {self.PeakWorkingSet64 / 1048576.0:F0} | {kernels} |"));
    }

    private static Int128 Sum(SweepOutcome[] outcomes, Func<SweepOutcome, Int128> figure)
    {
        Int128 sum = 0;
        foreach (SweepOutcome outcome in outcomes) if (outcome.Status == FlowStatus.Optimal) sum += figure(outcome);
        return sum;
    }
}
