using System.Threading.Channels;
using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Relays;

/// <summary>
/// Tells all processes that share a store of the votes that one of them has taken, at once and again every few seconds while they count: so a message that is
/// lost costs seconds, and a process that has just started knows as much as the others. While the store is away each judges by what it hears itself.
/// Thread-safe.
/// </summary>
internal sealed class PathExchange : IHostedService, IAsyncDisposable
{
    /// <summary>The channel of broadcasts.</summary>
    public const string ChannelName = "paths";

    private const int MostWaiting = 20_000, MostBytes = IBroadcasts.MostBytes - 1024;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1), Again = TimeSpan.FromSeconds(5);

    private readonly IBroadcasts _broadcasts;
    private readonly PathDesk _desk;
    private readonly PathTally _tally;
    private readonly TimeProvider _time;
    private readonly ILogger<PathExchange> _logger;
    private readonly string _sender = Guid.NewGuid().ToString("N");
    private readonly Channel<PathVote> _waiting = Channel.CreateBounded<PathVote>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private IAsyncDisposable? _subscription;
    private Task _telling = Task.CompletedTask, _listening = Task.CompletedTask;
    private ITimer? _timer;
    private bool _isAway;

    /// <summary>Makes the part; nothing runs before <see cref="StartAsync"/>.</summary>
    public PathExchange(IBroadcasts broadcasts, PathDesk desk, PathTally tally, TimeProvider time, ILogger<PathExchange> logger) =>
        (_broadcasts, _desk, _tally, _time, _logger) = (broadcasts, desk, tally, time, logger);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = ListenAsync();
        _telling = TellAsync();
        _timer = _time.CreateTimer(static exchange => ((PathExchange)exchange!).TellAllAgain(), this, Again, Again);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null) await _timer.DisposeAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_telling, _listening);
        if (Interlocked.Exchange(ref _subscription, null) is { } subscription) await subscription.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Has the others told of a vote that counts here; never waits.</summary>
    public void Tell(in HopVote vote, TimeSpan left)
    {
        PathVote told = new()
        {
            Reporter = vote.Reporter,
            Hop = new() { From = vote.Hop.From, To = vote.Hop.To },
            StreamKey = vote.Stream,
            Trouble = PathReading.ToWire(vote.Trouble),
            Named = vote.IsNamed,
            LeftMs = (ulong)Math.Max(1, left.TotalMilliseconds),
            Withdrawn = vote.Trouble == HopTrouble.Works,
        };
        if (!_waiting.Writer.TryWrite(told)) _tally.CountUntold(1);
    }

    private void TellAllAgain()
    {
        foreach ((HopVote vote, TimeSpan left) in _desk.TakenHere()) Tell(vote, left);
    }

    private async Task ListenAsync()
    {
        try
        {
            while (_subscription is null)
            {
                try
                {
                    _subscription = await _broadcasts.SubscribeAsync(ChannelName, Hear, _stop.Token);
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

    private async Task TellAsync()
    {
        try
        {
            PathVote? left = null;
            while (left is not null || await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                PathVoteBatch batch = new() { Sender = _sender };
                left = Fill(batch, left);
                await SendAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Whatever came while a message was on its way goes with the next.</summary>
    /// <returns>The vote that no longer fitted; null where all did.</returns>
    private PathVote? Fill(PathVoteBatch batch, PathVote? first)
    {
        int bytes = 0;
        for (PathVote? vote = first; vote is not null || _waiting.Reader.TryRead(out vote); vote = null)
        {
            bytes += vote.CalculateSize() + 8;
            if (bytes > MostBytes && batch.Votes.Count > 0) return vote;
            batch.Votes.Add(vote);
        }
        return null;
    }

    private async Task SendAsync(PathVoteBatch batch)
    {
        try
        {
            await _broadcasts.SendAsync(ChannelName, batch.ToByteArray(), _stop.Token);
            if (_isAway) PathLog.ToldAgain(_logger);
            _isAway = false;
        }
        catch (StoreUnavailableException e)
        {
            _tally.CountUntold(batch.Votes.Count);
            if (!_isAway) PathLog.NotTold(_logger, e.Message);
            _isAway = true;
        }
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        try
        {
            PathVoteBatch batch = PathVoteBatch.Parser.ParseFrom(message.Span);
            if (batch.Sender == _sender) return;
            foreach (PathVote vote in batch.Votes)
            {
                if (!PathReading.TryRead(vote, out HopVote read)) continue;
                _tally.CountFromOthers();
                _desk.Hear(read, TimeSpan.FromMilliseconds(Math.Min(vote.LeftMs, PathReading.MostLeftMs)), vote.Withdrawn);
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            PathLog.Garbled(_logger, e.Message);
        }
    }
}
