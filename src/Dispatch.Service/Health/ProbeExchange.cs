using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Broadcast;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Tells all processes that share a store of the probes that one of them has taken, so that all judge by the same votes. What is lost on the way is made
/// up for by the vantage's next report. Thread-safe.
/// </summary>
internal sealed class ProbeExchange(IBroadcasts broadcasts, HealthDesk desk, ProbeTally tally, TimeProvider time, ILogger<ProbeExchange> logger)
    : StoreExchange<ProbeReport>(broadcasts, ChannelName, time)
{
    /// <summary>The channel of broadcasts.</summary>
    public const string ChannelName = "probes";

    protected override IMessage Batch(IReadOnlyList<ProbeReport> items) => new ProbeBatch { Sender = Sender, Reports = { items } };

    protected override void Take(ReadOnlySpan<byte> message)
    {
        ProbeBatch batch = ProbeBatch.Parser.ParseFrom(message);
        if (batch.Sender == Sender) return;
        foreach (ProbeReport report in batch.Reports)
        {
            if (!ProbeReading.TryRead(report, out Probe probe, out _, out _)) continue;
            tally.CountFromOthers();
            if (desk.Take(probe) == ProbeFate.Known) tally.CountKnown();
        }
    }

    protected override void CountUntold(int items) => tally.CountUntold(items);

    protected override void LogNotTold(string trouble) => HealthLog.NotTold(logger, trouble);

    protected override void LogToldAgain() => HealthLog.ToldAgain(logger);

    protected override void LogGarbled(string fault) => HealthLog.Garbled(logger, fault);
}
