using System.Diagnostics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>Splits a solve's time into building and solving, by the monotonic clock.</summary>
internal sealed class Stopwatches
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _build;

    /// <summary>Marks the end of building. A second kernel's building counts as build time from the start on.</summary>
    public void Built() => _build = Stopwatch.GetElapsedTime(_started);

    /// <summary>Sums up what was done until now.</summary>
    public SolveTrace Trace(string kernel, Budget budget)
        => new(kernel, budget.Pivots, _build, Stopwatch.GetElapsedTime(_started) - _build);
}
