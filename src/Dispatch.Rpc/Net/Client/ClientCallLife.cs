using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>The life of a call apart from its messages: what cancels it, and the one status with which it ends. Thread-safe.</summary>
internal sealed class ClientCallLife : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    // Never disposed: it holds no timer, and a late cancellation must stay harmless.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationTokenRegistration _shutdown;
    private readonly ITimer? _timer;
    private volatile Ending? _ending;
    private volatile bool _expired;

    public ClientCallLife(GrpcChannel channel, in CallOptions options)
    {
        _caller = options.CancellationToken.UnsafeRegister(static state => ((ClientCallLife)state!).Cancel(), this);
        _shutdown = channel.Shutdown.UnsafeRegister(static state => ((ClientCallLife)state!).Cancel(), this);
        if (options.Deadline is not { } deadline || deadline == DateTime.MaxValue)
            return;
        Remaining = deadline.ToUniversalTime() - channel.Time.GetUtcNow().UtcDateTime;
        if (Remaining <= TimeSpan.Zero)
            Expire();
        else if (Remaining <= LongestTimer)
            _timer = channel.Time.CreateTimer(static s => ((ClientCallLife)s!).Expire(), this, Remaining.Value, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time left to the deadline when the call began, or null.</summary>
    public TimeSpan? Remaining { get; }

    /// <summary>Cancelled when the caller, the deadline, the channel or the end of the call says so.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>How the call ended, or null while it runs.</summary>
    public Ending? Ended => _ending;

    public void Cancel() => _source.Cancel();

    /// <summary>Ends the call; the first ending counts, and is returned.</summary>
    public Ending End(Status status, Metadata trailers)
    {
        var mine = new Ending(status, trailers);
        Ending first = Interlocked.CompareExchange(ref _ending, mine, null) ?? mine;
        Dispose();
        return first;
    }

    /// <summary>The status that a failure means for the call.</summary>
    public Status StatusOf(Exception exception)
    {
        if (_expired)
            return new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded", exception);
        if (exception is RpcException rpc)
            return rpc.Status;
        return _source.IsCancellationRequested
            ? new Status(StatusCode.Cancelled, "The call was cancelled by the client.", exception)
            : TransportStatus.Of(exception);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _caller.Unregister();
        _shutdown.Unregister();
    }

    private void Expire()
    {
        _expired = true;
        _source.Cancel();
    }

    internal sealed record Ending(Status Status, Metadata Trailers)
    {
        public RpcException ToException() => new(Status, Trailers);
    }
}
