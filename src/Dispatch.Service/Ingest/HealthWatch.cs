using System.Globalization;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Ingest;

/// <summary>
/// Looks at <c>health.csv</c> every second and has answers leave what it says is down or drained, before any solve. Thread-safe: looks
/// never overlap.
/// </summary>
internal sealed class HealthWatch(WorldSettings settings, TableHolder holder, TimeProvider time, ILogger<HealthWatch> logger) : IHostedService, IDisposable
{
    /// <summary>What the overlay calls this source.</summary>
    public const string Source = "health.csv";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private string _stamp = "";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static watch => ((HealthWatch)watch!).Look(), this, Period, Period);
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

    /// <summary>Reads the file where its length or time of writing changed; a faulty one leaves what was known before in force. Never throws.</summary>
    public void Look()
    {
        // A look that takes longer than the period is not waited for: the next one sees the file, too.
        if (!_gate.TryEnter()) return;
        try
        {
            string stamp = Stamp();
            if (stamp == _stamp) return;
            _stamp = stamp;
            Take(WorldFolder.ReadHealth(settings.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            OverlayLog.Unreadable(logger, Source, e.Message);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Take(HealthReadResult read)
    {
        if (!read.IsRead)
        {
            holder.Refuse();
            foreach (WorldFault fault in read.Faults) OverlayLog.Refused(logger, fault.ToString());
            return;
        }
        if (holder.Say(Source, read.Statements) is not { } overlay) return;
        OverlayLog.Changed(logger, overlay.Version, Source, overlay.BySource.TryGetValue(Source, out var taken)
            ? string.Join(", ", taken.Select(static s => $"{s.Scope.ToString().ToLowerInvariant()} {s.Id} {s.State.ToString().ToLowerInvariant()}"))
            : "nothing");
    }

    private string Stamp()
    {
        string stamp = "";
        foreach (string name in (ReadOnlySpan<string>)["health.csv", "health.csv.gz"])
        {
            FileInfo file = new(Path.Combine(settings.Path, name));
            if (file.Exists) stamp += string.Create(CultureInfo.InvariantCulture, $"{name}/{file.Length}/{file.LastWriteTimeUtc.Ticks}|");
        }
        return stamp;
    }
}
