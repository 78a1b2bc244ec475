using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>Takes what the leader tells of edges' loads, where this process keeps no book of its own.</summary>
internal sealed class LoadListener(StateDoor door, HealthDesk desk, TimeProvider time, ILogger<LoadListener> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;
    private bool _isForeign;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = ListenAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _listening;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            await using IAsyncDisposable subscription = await SubscribeAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task<IAsyncDisposable> SubscribeAsync()
    {
        while (true)
        {
            try
            {
                return await door.Store.Broadcasts.SubscribeAsync(LoadRelay.ChannelName, Hear, _stop.Token);
            }
            catch (StoreUnavailableException)
            {
                // The follower of tables says that the store is away; here there is only to try again.
                await Task.Delay(Retry, time, _stop.Token);
            }
        }
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        try
        {
            EdgeLoadNotice notice = EdgeLoadNotice.Parser.ParseFrom(message.Span);
            desk.Take([.. notice.Edges.Select(static l => new EdgeLoad(l.EdgeId, l.Mbps, l.CapacityMbps))]);
        }
        catch (InvalidProtocolBufferException e)
        {
            if (!_isForeign) MeasureLog.ForeignLoads(logger, e.Message);
            _isForeign = true;
        }
    }
}
