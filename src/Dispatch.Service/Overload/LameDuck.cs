namespace TrafficDispatch.Service.Overload;

/// <summary>
/// How the process ends. Told to, it says that it is not ready and answers on for the delay: balancers that ask now and then find out before its
/// connections close. Then connections are asked to end, and calls under way may; after the timeout what is left is cut, so that neither a call that
/// never ends nor a peer that does not hear takes the time that the loops need to leave their books in order.
/// </summary>
internal sealed class LameDuck(ShutdownSettings settings, OverloadParts parts, IHostApplicationLifetime life, TimeProvider time, ILogger<LameDuck> log) : IHostedLifecycleService, IDisposable
{
    private ITimer? _cut;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        life.StopApplication();
        if (settings.Delay > TimeSpan.Zero) await AnswerOnAsync(cancellationToken);
        // Peers know no other clock than the machine's.
        _cut = TimeProvider.System.CreateTimer(static duck => ((LameDuck)duck!).Cut(), this, settings.Timeout, Timeout.InfiniteTimeSpan);
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _cut?.Dispose();

    private async Task AnswerOnAsync(CancellationToken cancellationToken)
    {
        OverloadLog.Leaving(log, settings.Delay.TotalSeconds);
        try
        {
            await Task.Delay(settings.Delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Out of time: no longer then.
        }
    }

    private void Cut()
    {
        int cut = parts.Connections.Sum(static endpoint => endpoint.Cut("The process ends."));
        if (cut > 0) OverloadLog.Cut(log, cut, settings.Timeout.TotalSeconds);
    }
}
