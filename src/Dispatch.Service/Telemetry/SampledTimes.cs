using System.Diagnostics.Metrics;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>
/// Times on their way from requests to a histogram. A request only leaves its time in a ring; somebody else records it, for recording takes
/// a lock. Times that come faster than they are fetched overwrite each other: they are a sample in any case. Thread-safe.
/// </summary>
internal sealed class SampledTimes(Histogram<double> histogram)
{
    // A second of samples at half a million decisions a second.
    private const int Room = 8192;

    private readonly long[] _ticks = new long[Room];
    private readonly Lock _recording = new();
    private long _left, _recorded;

    /// <summary>Leaves a time, in ticks of 100 ns.</summary>
    public void Leave(TimeSpan time) => Volatile.Write(ref _ticks[Interlocked.Increment(ref _left) & (Room - 1)], time.Ticks);

    /// <summary>Records what was left since the last time.</summary>
    public void Record()
    {
        lock (_recording)
        {
            long left = Volatile.Read(ref _left);
            for (long i = Math.Max(_recorded, left - Room) + 1; i <= left; i++)
                histogram.Record(TimeSpan.FromTicks(Volatile.Read(ref _ticks[i & (Room - 1)])).TotalSeconds);
            _recorded = left;
        }
    }
}
