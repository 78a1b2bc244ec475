using System.Threading.Channels;
using Google.Protobuf;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Broadcast;

/// <summary>
/// Tells all processes that share a store of what one of them has taken, and hears what the others tell. Small messages that may be lost: whoever derives from
/// this has another way to make up for them. While the store is away each process goes by what it hears itself. Thread-safe.
/// </summary>
/// <typeparam name="TItem">What is told.</typeparam>
internal abstract class StoreExchange<TItem> : IHostedService, IAsyncDisposable
    where TItem : class, IMessage
{
    private const int MostWaiting = 20_000, MostBytes = IBroadcasts.MostBytes - 1024;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IBroadcasts _broadcasts;
    private readonly string _channel;
    private readonly TimeProvider _time;
    private readonly Channel<TItem> _waiting = Channel.CreateBounded<TItem>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private IAsyncDisposable? _subscription;
    private Task _telling = Task.CompletedTask, _listening = Task.CompletedTask;
    private bool _isAway;

    /// <summary>Makes the part; nothing runs before <see cref="StartAsync"/>.</summary>
    protected StoreExchange(IBroadcasts broadcasts, string channel, TimeProvider time) => (_broadcasts, _channel, _time) = (broadcasts, channel, time);

    /// <summary>By what this process knows its own messages again.</summary>
    protected string Sender { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public virtual Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = ListenAsync();
        _telling = TellAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public virtual async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_telling, _listening);
        if (Interlocked.Exchange(ref _subscription, null) is { } subscription) await subscription.DisposeAsync();
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Has the others told; never waits.</summary>
    public void Tell(TItem item)
    {
        if (!_waiting.Writer.TryWrite(item)) CountUntold(1);
    }

    /// <summary>A message of these, with <see cref="Sender"/> in it.</summary>
    protected abstract IMessage Batch(IReadOnlyList<TItem> items);

    /// <summary>Takes a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none of these.</exception>
    protected abstract void Take(ReadOnlySpan<byte> message);

    /// <summary>So many could not be told.</summary>
    protected abstract void CountUntold(int items);

    /// <summary>The store takes no messages; told once until it does again.</summary>
    protected abstract void LogNotTold(string trouble);

    /// <summary>The store takes messages again.</summary>
    protected abstract void LogToldAgain();

    /// <summary>A message cannot be read.</summary>
    protected abstract void LogGarbled(string fault);

    private async Task ListenAsync()
    {
        try
        {
            while (_subscription is null)
            {
                try
                {
                    _subscription = await _broadcasts.SubscribeAsync(_channel, Hear, _stop.Token);
                }
                catch (StoreUnavailableException)
                {
                    // The side that tells says so; here there is only to try again.
                    await Task.Delay(Retry, _time, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Whatever came while a message was on its way goes with the next: few messages when much is told, no delay when little is.</summary>
    private async Task TellAsync()
    {
        try
        {
            TItem? left = null;
            while (left is not null || await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                List<TItem> items = [];
                left = Fill(items, left);
                await SendAsync(items);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <returns>The item that no longer fitted; null where all did.</returns>
    private TItem? Fill(List<TItem> items, TItem? first)
    {
        int bytes = 0;
        for (TItem? item = first; item is not null || _waiting.Reader.TryRead(out item); item = null)
        {
            // Its tag and length come on top.
            bytes += item.CalculateSize() + 8;
            if (bytes > MostBytes && items.Count > 0) return item;
            items.Add(item);
        }
        return null;
    }

    private async Task SendAsync(List<TItem> items)
    {
        try
        {
            await _broadcasts.SendAsync(_channel, Batch(items).ToByteArray(), _stop.Token);
            if (_isAway) LogToldAgain();
            _isAway = false;
        }
        catch (StoreUnavailableException e)
        {
            CountUntold(items.Count);
            if (!_isAway) LogNotTold(e.Message);
            _isAway = true;
        }
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        try
        {
            Take(message.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            LogGarbled(e.Message);
        }
    }
}
