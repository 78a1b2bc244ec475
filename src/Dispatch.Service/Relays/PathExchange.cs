using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Broadcast;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Relays;

/// <summary>
/// Tells all processes that share a store of the votes about paths that one of them has taken, at once and again every few seconds while they count: so a message
/// that is lost costs seconds, and a process that has just started knows as much as the others. Thread-safe.
/// </summary>
internal sealed class PathExchange(IBroadcasts broadcasts, PathDesk desk, PathTally tally, TimeProvider time, ILogger<PathExchange> logger)
    : StoreExchange<PathVote>(broadcasts, ChannelName, time)
{
    /// <summary>The channel of broadcasts.</summary>
    public const string ChannelName = "paths";

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time;
    private ITimer? _timer;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _time.CreateTimer(static exchange => ((PathExchange)exchange!).TellAllAgain(), this, Again, Again);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null) await _timer.DisposeAsync();
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>Has the others told of a vote that counts here; never waits.</summary>
    public void Tell(in HopVote vote, TimeSpan left) => Tell(new()
    {
        Reporter = vote.Reporter,
        Hop = new() { From = vote.Hop.From, To = vote.Hop.To },
        StreamKey = vote.Stream,
        Trouble = PathReading.ToWire(vote.Trouble),
        Named = vote.IsNamed,
        LeftMs = (ulong)Math.Max(1, left.TotalMilliseconds),
        Withdrawn = vote.Trouble == HopTrouble.Works,
    });

    protected override IMessage Batch(IReadOnlyList<PathVote> items) => new PathVoteBatch { Sender = Sender, Votes = { items } };

    protected override void Take(ReadOnlySpan<byte> message)
    {
        PathVoteBatch batch = PathVoteBatch.Parser.ParseFrom(message);
        if (batch.Sender == Sender) return;
        foreach (PathVote vote in batch.Votes)
        {
            if (!PathReading.TryRead(vote, out HopVote read)) continue;
            tally.CountFromOthers();
            desk.Hear(read, TimeSpan.FromMilliseconds(Math.Min(vote.LeftMs, PathReading.MostLeftMs)), vote.Withdrawn);
        }
    }

    protected override void CountUntold(int items) => tally.CountUntold(items);

    protected override void LogNotTold(string trouble) => PathLog.NotTold(logger, trouble);

    protected override void LogToldAgain() => PathLog.ToldAgain(logger);

    protected override void LogGarbled(string fault) => PathLog.Garbled(logger, fault);

    private void TellAllAgain()
    {
        foreach ((HopVote vote, TimeSpan left) in desk.TakenHere()) Tell(vote, left);
    }
}
