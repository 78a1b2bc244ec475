using System.Diagnostics.Metrics;

namespace TrafficDispatch.Service.Planning;

/// <summary>How a run ended.</summary>
internal enum RunEnd
{
    /// <summary>All that was asked is told.</summary>
    Complete,

    /// <summary>The scenario cannot be applied or solved.</summary>
    Faulty,

    /// <summary>The time limit was over.</summary>
    TimeLimit,

    /// <summary>The caller went away.</summary>
    Cancelled,

    /// <summary>The caller did not read.</summary>
    Unread,

    /// <summary>The process stops.</summary>
    Stopping,

    /// <summary>Something broke; the log says what.</summary>
    Failed,
}

/// <summary>Why a question was turned away before it ran.</summary>
internal enum RunRefusal
{
    /// <summary>It has faults.</summary>
    Faults,

    /// <summary>There is nothing to hold it against.</summary>
    NoOptimum,

    /// <summary>As many wait as may.</summary>
    LineFull,
}

/// <summary>Counts what planners ask. Thread-safe.</summary>
internal sealed class PlannerTally
{
    private static readonly string[] Ends = ["complete", "faulty", "time_limit", "cancelled", "unread", "stopping", "failed"], Refusals = ["faults", "no_optimum", "line_full"];

    private readonly long[] _ended = new long[Ends.Length], _refused = new long[Refusals.Length];
    private Histogram<double>? _seconds;
    private long _cases;

    /// <summary>Counts a run that ended.</summary>
    public void Ended(RunEnd end, TimeSpan took)
    {
        Interlocked.Increment(ref _ended[(int)end]);
        _seconds?.Record(took.TotalSeconds);
    }

    /// <summary>Counts a question that was turned away.</summary>
    public void Refused(RunRefusal why) => Interlocked.Increment(ref _refused[(int)why]);

    /// <summary>Cases tried so far.</summary>
    public long Cases => Interlocked.Read(ref _cases);

    /// <summary>Counts a case that was tried, failures among them.</summary>
    public void Tried() => Interlocked.Increment(ref _cases);

    /// <summary>Adds the figures to the meter.</summary>
    public void AddTo(Meter meter, RunLine line)
    {
        _seconds = meter.CreateHistogram("dispatch_whatif_duration_seconds", "s", "Time of a planner's run, waiting aside.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800] });
        meter.CreateObservableGauge("dispatch_whatif_running", () => line.Running, null, "Planners' runs now.");
        meter.CreateObservableGauge("dispatch_whatif_queued", () => line.Waiting, null, "Planners' questions that wait for their turn.");
        meter.CreateObservableCounter("dispatch_whatif_runs_total", () => Counts(Ends, _ended, "result"), null, "Planners' runs, by how they ended.");
        meter.CreateObservableCounter("dispatch_whatif_refused_total", () => Counts(Refusals, _refused, "why"), null, "Planners' questions that were turned away before they ran, by why.");
        meter.CreateObservableCounter("dispatch_whatif_cases_total", () => Cases, null, "Cases that planners' runs tried, failures among them.");
    }

    private static Measurement<long>[] Counts(string[] words, long[] counts, string tag) =>
        [.. words.Select((word, i) => new Measurement<long>(Interlocked.Read(ref counts[i]), new KeyValuePair<string, object?>(tag, word)))];
}
