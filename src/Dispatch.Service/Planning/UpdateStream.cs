using Grpc.Core;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Planning;

/// <summary>The caller's end of a run: writes, and knows why there is nobody to write to any more. Used by one call.</summary>
internal sealed class UpdateStream : IDisposable
{
    private readonly IServerStreamWriter<WhatIfUpdate> _writer;
    private readonly PlannerSettings _settings;
    private readonly CancellationToken _caller, _stopping;
    private readonly CancellationTokenSource _unread, _gone;

    /// <summary>Takes a call's writer.</summary>
    public UpdateStream(IServerStreamWriter<WhatIfUpdate> writer, PlannerSettings settings, TimeProvider time, CancellationToken caller, CancellationToken stopping)
    {
        (_writer, _settings, _caller, _stopping) = (writer, settings, caller, stopping);
        _unread = new(Timeout.InfiniteTimeSpan, time);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(caller, stopping, _unread.Token);
    }

    /// <summary>Cancelled once nothing can be sent any more: the caller went away or does not read, or the process stops.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Why; null while something can be sent.</summary>
    public RunEnd? Why => _caller.IsCancellationRequested ? RunEnd.Cancelled
        : _stopping.IsCancellationRequested ? RunEnd.Stopping
        : _unread.IsCancellationRequested ? RunEnd.Unread
        : null;

    /// <summary>Sends an update; waits for the caller to take it, but not for ever.</summary>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    /// <exception cref="RpcException">UNAVAILABLE: the process stops. RESOURCE_EXHAUSTED: the caller does not read.</exception>
    public async Task SendAsync(WhatIfUpdate update)
    {
        _unread.CancelAfter(_settings.ReadTimeout);
        // Left to itself and not cancelled: the server would end the whole call at once, and nobody would be told why.
        await OrGone(_writer.WriteAsync(update));
        _unread.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for something while the caller is there.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async Task OrGone(Task task)
    {
        try
        {
            await task.WaitAsync(Gone);
        }
        catch (OperationCanceledException e) when (Why is { } why)
        {
            throw Ending(why, e);
        }
    }

    /// <summary>What the call ends with where there is nobody to write to any more.</summary>
    public Exception Ending(RunEnd why, Exception cause) => why switch
    {
        RunEnd.Stopping => new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "The server is shutting down: ask again at the one that solves next.")),
        RunEnd.Unread => new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted,
            FormattableString.Invariant($"Nothing was read for {_settings.ReadTimeout:c} (Planner:ReadTimeout): the run is ended."))),
        _ => new OperationCanceledException("The caller has ended the run.", cause),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Dispose();
        _unread.Dispose();
    }
}
