using System.Threading.Channels;
using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Tells all processes that share a store of the probes that one of them has taken, so that all judge by the same votes. What is lost on the way is made
/// up for by the vantage's next report; while the store is away each process judges by what it hears itself. Thread-safe.
/// </summary>
internal sealed class ProbeExchange : IHostedService, IAsyncDisposable
{
    /// <summary>The channel of broadcasts.</summary>
    public const string ChannelName = "probes";

    private const int MostWaiting = 20_000, MostBytes = IBroadcasts.MostBytes - 1024;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IBroadcasts _broadcasts;
    private readonly HealthDesk _desk;
    private readonly ProbeTally _tally;
    private readonly TimeProvider _time;
    private readonly ILogger<ProbeExchange> _logger;
    private readonly string _sender = Guid.NewGuid().ToString("N");
    private readonly Channel<ProbeReport> _waiting = Channel.CreateBounded<ProbeReport>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private IAsyncDisposable? _subscription;
    private Task _telling = Task.CompletedTask, _listening = Task.CompletedTask;
    private bool _isAway;

    /// <summary>Makes the part; nothing runs before <see cref="StartAsync"/>.</summary>
    public ProbeExchange(IBroadcasts broadcasts, HealthDesk desk, ProbeTally tally, TimeProvider time, ILogger<ProbeExchange> logger) =>
        (_broadcasts, _desk, _tally, _time, _logger) = (broadcasts, desk, tally, time, logger);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = ListenAsync();
        _telling = TellAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_telling, _listening);
        if (Interlocked.Exchange(ref _subscription, null) is { } subscription) await subscription.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Has the others told of a probe that counts here; never waits.</summary>
    public void Tell(ProbeReport report)
    {
        if (!_waiting.Writer.TryWrite(report)) _tally.CountUntold(1);
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

    /// <summary>Whatever came while a message was on its way goes with the next: few messages when much is reported, no delay when little is.</summary>
    private async Task TellAsync()
    {
        try
        {
            ProbeReport? left = null;
            while (left is not null || await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                ProbeBatch batch = new() { Sender = _sender };
                left = Fill(batch, left);
                await SendAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <returns>The report that no longer fitted; null where all did.</returns>
    private ProbeReport? Fill(ProbeBatch batch, ProbeReport? first)
    {
        int bytes = 0;
        for (ProbeReport? report = first; report is not null || _waiting.Reader.TryRead(out report); report = null)
        {
            bytes += report.CalculateSize() + 8;
            if (bytes > MostBytes && batch.Reports.Count > 0) return report;
            batch.Reports.Add(report);
        }
        return null;
    }

    private async Task SendAsync(ProbeBatch batch)
    {
        try
        {
            await _broadcasts.SendAsync(ChannelName, batch.ToByteArray(), _stop.Token);
            if (_isAway) HealthLog.ToldAgain(_logger);
            _isAway = false;
        }
        catch (StoreUnavailableException e)
        {
            _tally.CountUntold(batch.Reports.Count);
            if (!_isAway) HealthLog.NotTold(_logger, e.Message);
            _isAway = true;
        }
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        try
        {
            ProbeBatch batch = ProbeBatch.Parser.ParseFrom(message.Span);
            if (batch.Sender == _sender) return;
            foreach (ProbeReport report in batch.Reports)
            {
                if (!ProbeReading.TryRead(report, out Probe probe, out _, out _)) continue;
                _tally.CountFromOthers();
                if (_desk.Take(probe) == ProbeFate.Known) _tally.CountKnown();
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            HealthLog.Garbled(_logger, e.Message);
        }
    }
}
