using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Decisions;

/// <summary>
/// Picks decisions for the log and hands them to whoever writes it. Picking costs a count; taking note allocates nothing; what comes faster than is written is
/// passed over and counted. Thread-safe.
/// </summary>
internal sealed class DecisionLog
{
    // Each thread counts for itself: one number for all would pull a cache line from processor to processor.
    [ThreadStatic]
    private static int _toGo;

    private readonly DecisionLogSettings _settings;
    private readonly TimeProvider _time;
    private readonly Channel<DecisionRecord> _taken;
    private long _left, _written, _passedOver, _failed;

    /// <summary>Makes the log; nothing is written before somebody reads <see cref="Taken"/>.</summary>
    public DecisionLog(DecisionLogSettings settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _taken = Channel.CreateBounded<DecisionRecord>(new BoundedChannelOptions(settings.PerSecond) { SingleReader = true });
        Allow();
    }

    /// <summary>What was taken note of.</summary>
    public ChannelReader<DecisionRecord> Taken => _taken.Reader;

    /// <summary>True where decisions are written at all.</summary>
    public bool IsOn => _settings.OneIn > 0;

    /// <summary>Counts a decision; true for one in <see cref="DecisionLogSettings.OneIn"/>.</summary>
    public bool IsDue()
    {
        if (_settings.OneIn <= 1) return _settings.OneIn == 1;
        if (--_toGo > 0) return false;
        // A thread that is new begins anywhere: else the first decision of every thread would be told.
        bool isDue = _toGo == 0;
        _toGo = isDue ? _settings.OneIn : Random.Shared.Next(1, _settings.OneIn + 1);
        return isDue;
    }

    /// <summary>Takes note of a decision that is due.</summary>
    /// <param name="state">What it was made from.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="decision">What it came to.</param>
    /// <param name="ranked">Its edges.</param>
    /// <param name="begun">What the clock was when it began; 0 where nobody looked.</param>
    public void Take(ServingState state, in DecisionRequest asked, in Decision decision, ReadOnlySpan<EdgeShare> ranked, long begun)
    {
        double microseconds = begun == 0 ? 0 : Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        if (Interlocked.Decrement(ref _left) < 0 || !_taken.Writer.TryWrite(new(state, asked, decision, ranked, _time.GetUtcNow(), microseconds)))
            Interlocked.Increment(ref _passedOver);
    }

    /// <summary>Allows the decisions of one more second.</summary>
    public void Allow() => Interlocked.Exchange(ref _left, _settings.PerSecond);

    /// <summary>Counts lines.</summary>
    public void Count(int written, int failed)
    {
        Interlocked.Add(ref _written, written);
        Interlocked.Add(ref _failed, failed);
    }

    /// <summary>What became of decisions that were due.</summary>
    public IEnumerable<Measurement<long>> Counts() => !IsOn ? [] :
    [
        new(Volatile.Read(ref _written), new KeyValuePair<string, object?>("result", "written")),
        new(Volatile.Read(ref _passedOver), new KeyValuePair<string, object?>("result", "passed_over")),
        new(Volatile.Read(ref _failed), new KeyValuePair<string, object?>("result", "failed")),
    ];
}
