namespace TrafficDispatch.Service.Access;

/// <summary>Looks at files of credentials every second, and tells what changed: a token is taken back or given out without a restart. Thread-safe.</summary>
internal sealed class FileWatch(IEnumerable<IWatchedFile> files, TimeProvider time, ILogger<FileWatch> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly IWatchedFile[] _files = [.. files];
    private readonly Lock _gate = new();
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_files.Length > 0) _timer = time.CreateTimer(static o => ((FileWatch)o!).Look(), this, Period, Period);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is { } timer) await timer.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks at all of them once. Never throws.</summary>
    internal void Look()
    {
        if (!_gate.TryEnter()) return;
        try
        {
            foreach (IWatchedFile file in _files)
            {
                if (file.Look() is not { } news) continue;
                if (news.Faults.IsEmpty) AccessLog.Reread(logger, file.Path);
                foreach (string fault in news.Faults) AccessLog.Kept(logger, file.Path, fault);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }
}
