using System.Globalization;

namespace TrafficDispatch.Service.Overload;

/// <summary>Tells the log while calls are shed, once a beat, and when that is over.</summary>
internal sealed class ShedWatch(Shedding shedding, TimeProvider time, ILogger<ShedWatch> log) : IHostedService, IDisposable
{
    private const int Seconds = 10;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(Seconds);

    private ITimer? _timer;
    private long _told;
    private bool _sheds;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static watch => ((ShedWatch)watch!).Look(), this, Beat, Beat);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        long total = shedding.Total, fresh = total - _told;
        _told = total;
        if (fresh > 0) OverloadLog.Shed(log, fresh, Seconds, string.Join(", ", shedding.Counts.Select(static c => string.Create(CultureInfo.InvariantCulture, $"{c.Reason} {c.Count}"))));
        else if (_sheds) OverloadLog.ShedEnded(log, Seconds);
        _sheds = fresh > 0;
    }
}
