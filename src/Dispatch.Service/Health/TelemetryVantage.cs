using TrafficDispatch.Measure;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.Service.Publish;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// The vantage <c>telemetry</c>: what clients measure of edges, as the word of one more vantage. An edge fails where most of the regions and most of the
/// reporters that see it see it lose; where few see it there is no word. The leader alone speaks, for all. Thread-safe.
/// </summary>
internal sealed class TelemetryVantage(
    HealthSettings settings, SampleFolder samples, ILeadership leadership, HealthDesk desk, ProbeExchange exchange, TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>As often as vantages usually probe.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Dictionary<string, (bool IsGood, uint Streak)> _seen = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private ulong _number;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.TelemetryVote != TelemetryVote.Off) _timer = time.CreateTimer(static o => ((TelemetryVantage)o!).Look(), this, Period, Period);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Says what is measured now.</summary>
    public void Look()
    {
        // A look that takes longer than the period is not waited for.
        if (leadership.Token is null || !_gate.TryEnter()) return;
        try
        {
            // Over a change of the leader, too, numbers rise.
            _number = Math.Max(_number + 1, (ulong)Math.Max(0, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
            Dictionary<string, (bool IsGood, uint Streak)> next = new(StringComparer.Ordinal);
            foreach ((string id, EdgeLosses losses) in samples.Losses(settings.TelemetryLossPercent))
            {
                if (losses.Regions < settings.TelemetryRegions || losses.Reporters < settings.TelemetryReporters) continue;
                bool good = !(2 * losses.LosingRegions > losses.Regions && 2 * losses.LosingReporters > losses.Reporters);
                uint streak = _seen.TryGetValue(id, out (bool IsGood, uint Streak) before) && before.IsGood == good ? before.Streak + 1 : 1;
                next[id] = (good, streak);
                Say(new() { Vantage = ProbeReading.OwnVantage, Kind = "edge", Id = id, Good = good, Number = _number, Streak = streak });
            }
            _seen = next;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Say(ProbeReport report)
    {
        if (ProbeReading.TryRead(report, out Probe probe, out _, out _) && desk.Take(probe) == ProbeFate.Taken) exchange.Tell(report);
    }
}
