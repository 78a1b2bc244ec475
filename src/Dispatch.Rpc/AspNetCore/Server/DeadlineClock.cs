namespace Grpc.AspNetCore.Server;

/// <summary>Cancels a call's token when its deadline passes or its client gives up, and knows which of the two it was.</summary>
internal sealed class DeadlineClock : IDisposable
{
    // The longest wait a timer takes, some 49 days; a deadline beyond it is only reported, never enforced.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    // Never disposed: it holds no timer, and the handler may touch the token late.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _aborted;
    private readonly ITimer? _timer;
    private volatile bool _expired;

    public DeadlineClock(TimeProvider time, TimeSpan remaining, CancellationToken aborted)
    {
        _aborted = aborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
        if (remaining <= TimeSpan.Zero)
            Expire();
        else if (remaining <= LongestTimer)
            _timer = time.CreateTimer(static state => ((DeadlineClock)state!).Expire(), this, remaining, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the deadline has passed.</summary>
    public bool Expired => _expired;

    /// <summary>Cancelled at the deadline or when the client gives up.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer?.Dispose();
        _aborted.Dispose();
    }

    private void Expire()
    {
        _expired = true;
        _source.Cancel();
    }
}
