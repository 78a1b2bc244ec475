using TrafficDispatch.Measure;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Where others lead, reads as often as it is written what the leader keeps: answers by resolver know the same clients everywhere, and levels of demand go on where
/// this process takes over. Looks never overlap.
/// </summary>
internal sealed class LastingWatch(
    TelemetrySettings settings, StateDoor door, ILeadership leadership, SampleFolder folder, TelemetryBoard board, TimeProvider time)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static o => _ = ((LastingWatch)o!).LookAsync(), this, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_timer is { } timer) await timer.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        (TimeSpan again, TimeSpan next) = (settings.KeepEvery < Longest ? settings.KeepEvery : Longest, settings.KeepEvery);
        try
        {
            if (leadership.Token is null)
            {
                // Reading it takes its time: not on the thread that Redis's answers come in on.
                MeasuresReading reading = await door.Store.Measures.LatestAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                if (reading.Found is { } found) Take(found.Book);
                // A leader may not have kept anything yet.
                else next = again;
            }
        }
        catch (StoreUnavailableException)
        {
            // The follower of tables says that the store is away.
            next = again;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
            return;
        }
        if (!_stop.IsCancellationRequested) _timer?.Change(next, Timeout.InfiniteTimeSpan);
    }

    private void Take(ReadOnlyMemory<byte> book)
    {
        if (ResolverDirectory.Read(book.Span, folder.Measure, time.GetUtcNow().ToUnixTimeMilliseconds()) is not { } known) return;
        board.Note(known);
        folder.Merge(book, BookKinds.Levels);
    }
}
