namespace TrafficDispatch.Service.Measure;

/// <summary>Holds one stream to a rate: whoever is ahead waits, and meanwhile is not read from. For one stream.</summary>
/// <param name="perSecond">Batches a second in the long run; twice as many may come at once.</param>
/// <param name="time">The clock.</param>
internal sealed class Pace(int perSecond, TimeProvider time)
{
    private readonly TimeSpan _each = TimeSpan.FromSeconds(1.0 / perSecond), _burst = TimeSpan.FromSeconds(2);
    private DateTimeOffset _paidUntil = DateTimeOffset.MinValue;

    /// <summary>Waits until the next batch may be taken.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        // A clock that was set back must not stop the stream for as long.
        if (_paidUntil < now || _paidUntil > now + _burst + _each) _paidUntil = now;
        _paidUntil += _each;
        TimeSpan ahead = _paidUntil - now - _burst;
        if (ahead > TimeSpan.Zero) await Task.Delay(ahead, time, cancellation);
    }
}
