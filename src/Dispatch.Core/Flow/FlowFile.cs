using System.Diagnostics;

namespace TrafficDispatch.Flow;

/// <summary>What reading and solving a DIMACS file took and gave.</summary>
/// <param name="Network">The network; null when the file has faults.</param>
/// <param name="Faults">The faults of the file; empty when there is a network.</param>
/// <param name="Solution">The last solve's outcome; null without a network.</param>
/// <param name="Certificate">Proof of the solution; null unless it is optimal.</param>
/// <param name="ReadTime">Time of reading the file.</param>
/// <param name="BuildTime">Median over the solves of the time from the arcs to the first basis.</param>
/// <param name="SolveTime">Median over the solves of the time from the first basis to the optimum.</param>
public sealed record FlowFileOutcome(
    FlowNetwork? Network,
    IReadOnlyList<DimacsFault> Faults,
    FlowSolution? Solution,
    OptimalityCertificate? Certificate,
    TimeSpan ReadTime,
    TimeSpan BuildTime,
    TimeSpan SolveTime)
{
    /// <summary>How far the process grew above the network during the first solve, its result included, in bytes; null where it was not
    /// asked for or the system does not tell.</summary>
    public long? SolvePeakBytes { get; init; }
}

/// <summary>Reads a DIMACS file, solves it as often as asked, and proves the result: all that <c>dispatch flow</c> does.</summary>
public static class FlowFile
{
    /// <summary>Runs a file.</summary>
    /// <param name="path">The file, compressed by gzip or not.</param>
    /// <param name="repeat">How often to solve; at least 1. A solve that does not end optimal is not repeated.</param>
    /// <param name="options">Limits of each solve.</param>
    /// <param name="measureMemory">Also measures memory, on Linux; collects garbage before the first solve.</param>
    /// <param name="progress">Told <c>reading</c>, <c>solving K of N</c> and <c>checking</c>; may be null.</param>
    /// <param name="cancellation">Ends reading with <see cref="OperationCanceledException"/> and a solve with
    /// <see cref="FlowStatus.BudgetEnded"/>.</param>
    public static FlowFileOutcome Run(
        string path, int repeat = 1, FlowOptions? options = null, bool measureMemory = false, IProgress<string>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeat, 1);
        progress?.Report("reading");
        long started = Stopwatch.GetTimestamp();
        DimacsReadResult read = DimacsReader.ReadFile(path, limits: null, cancellation);
        TimeSpan readTime = Stopwatch.GetElapsedTime(started);
        if (read.Network is not { } network)
            return new FlowFileOutcome(null, read.Faults, null, null, readTime, TimeSpan.Zero, TimeSpan.Zero);

        List<FlowSolution> solutions = [];
        long? mark = measureMemory ? PeakMemory.Mark() : null, peak = null;
        do
        {
            progress?.Report($"solving {solutions.Count + 1} of {repeat}");
            solutions.Add(FlowSolver.Solve(network, options, cancellation));
            if (solutions.Count == 1) peak = PeakMemory.Above(mark);
        }
        while (solutions.Count < repeat && solutions[^1].Status == FlowStatus.Optimal);

        progress?.Report("checking");
        FlowSolution last = solutions[^1];
        OptimalityCertificate? certificate = last.Status == FlowStatus.Optimal ? OptimalityCertificate.Check(network, last) : null;
        return new FlowFileOutcome(network, [], last, certificate, readTime,
            Median(solutions.ConvertAll(s => s.BuildTime)), Median(solutions.ConvertAll(s => s.SolveTime)))
        {
            SolvePeakBytes = peak,
        };
    }

    private static TimeSpan Median(List<TimeSpan> times)
    {
        times.Sort();
        int middle = times.Count / 2;
        return times.Count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    }
}
