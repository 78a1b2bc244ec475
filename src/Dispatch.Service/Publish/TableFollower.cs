using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Learns of tables that others publish, by announcement and by looking: an announcement may be lost. Says when the store is away and when it
/// is back. Thread-safe: looks never overlap.
/// </summary>
internal sealed class TableFollower(
    StateDoor door, ServiceSettings settings, TableIntake intake, ILeadership leadership, TableHolder holder, TimeProvider time, ILogger<TableFollower> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private ITimer? _timer;
    private IAsyncDisposable? _subscription;
    private StoreTrouble? _awayFor;
    private int _isHeard;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        TimeSpan poll = settings.Shared!.Poll;
        _timer = time.CreateTimer(static o => _ = ((TableFollower)o!).LookAsync(), this, TimeSpan.Zero, poll);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_timer is { } timer) await timer.DisposeAsync();
        if (_subscription is { } subscription) await subscription.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _stop.Dispose();
        _looking.Dispose();
    }

    /// <summary>Looks at the store once. Never throws.</summary>
    internal async Task LookAsync()
    {
        if (!await _looking.WaitAsync(TimeSpan.Zero)) return;
        try
        {
            do
            {
                Interlocked.Exchange(ref _isHeard, 0);
                await LookOnceAsync();
            }
            while (Volatile.Read(ref _isHeard) == 1);
        }
        catch (StoreUnavailableException e)
        {
            // Said again where the reason is another one: that a password is refused is known only some tries after that nothing can be reached.
            if (_awayFor != e.Trouble) ShareLog.StoreAway(logger, e.Message, holder.Current?.Table.Version.ToString() ?? "(none)");
            _awayFor = e.Trouble;
            holder.Note(r => r with { Trouble = e.Message });
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
            return;
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task LookOnceAsync()
    {
        TablesStanding standing = await door.Store.Tables.StandingAsync(_stop.Token);
        // What it publishes itself the leader puts in force itself.
        if (leadership.Token is null) await intake.TakeAsync(standing.Highest, _stop.Token);
        _subscription ??= await door.Store.Announcements.SubscribeAsync(Hear, _stop.Token);
        Note(standing);
        if (_awayFor is not null) ShareLog.StoreBack(logger, standing.Highest, standing.Leader);
        _awayFor = null;
    }

    private void Note(TablesStanding standing)
    {
        DateTimeOffset now = holder.Now;
        TableVersion mine = holder.Current?.Table.Version ?? TableVersion.None;
        bool isConfirmed = standing.Confirmed == mine && mine != TableVersion.None;
        holder.Note(r => r with
        {
            // It may be read from and yet take no writes: then nobody can lead, and whoever would says why.
            Trouble = leadership.Trouble,
            HeardAt = now,
            Leader = standing.Leader,
            Published = standing.Highest,
            ConfirmedAt = isConfirmed ? now - standing.ConfirmedAgo : r.ConfirmedAt,
        });
    }

    private void Hear(Announcement announcement)
    {
        if (announcement.Topic != Topic.Tables || leadership.Token is not null) return;
        Interlocked.Exchange(ref _isHeard, 1);
        _ = LookAsync();
    }
}
