using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Supervision;

/// <summary>
/// Tells the supervisor when the process serves, with which table, that it still lives, and that it ends. That it lives is said by a timer on the threads that
/// serve: where they hang nothing is said, and the supervisor starts the process anew.
/// </summary>
internal sealed class SupervisorNotice(Supervisor supervisor, TimeSpan? patience, TableHolder holder, IHostApplicationLifetime life, TimeProvider time) : IHostedService, IDisposable
{
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!supervisor.IsThere) return Task.CompletedTask;
        _registrations.Add(life.ApplicationStarted.Register(() => supervisor.Tell($"READY=1\n{Standing()}")));
        _registrations.Add(life.ApplicationStopping.Register(() => supervisor.Tell("STOPPING=1\nSTATUS=ends: answers the calls that run")));
        holder.Swapped += Tell;
        if (patience is not { } most) return Task.CompletedTask;
        // Twice in its time, as sd_watchdog_enabled(3) advises.
        _timer = time.CreateTimer(static s => ((Supervisor)s!).Tell("WATCHDOG=1"), supervisor, most / 2, most / 2);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        holder.Swapped -= Tell;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        foreach (CancellationTokenRegistration registration in _registrations) registration.Dispose();
    }

    private string Standing() => holder.Current is { } state ? $"STATUS=answers from table {state.Table.Version}" : "STATUS=waits for its first table";

    private void Tell(object? sender, EventArgs e) => supervisor.Tell(Standing());
}
