using System.Globalization;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Publish;

/// <summary>Looks each second, and on every announcement, whether the shared store holds another world or other streams, and then has the next cycle come sooner. Thread-safe.</summary>
internal sealed class WorldWatch(StateDoor door, ILeadership leadership, PublishLoop loop, TimeProvider time) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private ITimer? _timer;
    private IAsyncDisposable? _subscription;
    private string? _seen;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static o => _ = ((WorldWatch)o!).LookAsync(), this, Period, Period);
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

    private async Task LookAsync()
    {
        if (leadership.Token is null || !await _looking.WaitAsync(TimeSpan.Zero)) return;
        try
        {
            _subscription ??= await door.Store.Announcements.SubscribeAsync(Hear, _stop.Token);
            long streams = (await door.Store.Announcements.LatestAsync(Topic.Streams, _stop.Token)).Sequence;
            string world = StoredFacts.NameOf(await door.Store.Worlds.StampAsync(_stop.Token)), stamp = string.Create(CultureInfo.InvariantCulture, $"{world}|{streams}");
            if (_seen is not null && stamp != _seen) loop.Hasten();
            _seen = stamp;
        }
        catch (StoreUnavailableException)
        {
            // The follower says that the store is away; the next look, or the next cycle, sees the world.
            _seen ??= "";
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

    private void Hear(Announcement announcement)
    {
        if (announcement.Topic is Topic.World or Topic.Streams) _ = LookAsync();
    }
}
