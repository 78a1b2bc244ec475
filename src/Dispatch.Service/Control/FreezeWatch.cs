using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Control;

/// <summary>
/// Knows whether a person has stopped publishing, for every process that shares the store: read every second and on every announcement, and once more
/// before each table goes out. While the store gives no answer what was said last holds. Thread-safe: looks never overlap.
/// </summary>
internal sealed class FreezeWatch(StateDoor door, TableHolder holder, TimeProvider time, ILogger<FreezeWatch> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private ITimer? _timer;
    private IAsyncDisposable? _subscription;
    private PublishFreeze? _held;
    private long _revision;
    private string _told = "";

    /// <summary>Reads once before the first cycle, unless the store is slow or away.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(TickAsync(), Task.Delay(Period, time, cancellationToken));
        _timer = time.CreateTimer(static o => _ = ((FreezeWatch)o!).TickAsync(), this, Period, Period);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_timer is { } timer) await timer.DisposeAsync();
        if (_subscription is { } subscription) await subscription.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _stop.Dispose();
        _looking.Dispose();
    }

    /// <summary>What holds as far as is known here; null where publishing goes on.</summary>
    public FreezeRecord? Current => holder.Freeze;

    /// <summary>Asks the store and takes its word.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer; what was said last holds.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            if (door.IsShared) _subscription ??= await door.Store.Announcements.SubscribeAsync(Hear, _stop.Token);
            await TakeAsync(await door.Store.Freeze.ReadAsync(cancellation), cancellation);
        }
        finally
        {
            Apply();
            _looking.Release();
        }
    }

    /// <summary>Asks the store whether a table may go out now, just before it does: another process may have been told to stop a moment ago.</summary>
    /// <param name="fault">Why it may not; empty otherwise.</param>
    /// <param name="cancellation">Gives up.</param>
    public bool MayPublish(out string fault, CancellationToken cancellation)
    {
        try
        {
            LookAsync(cancellation).Awaited();
        }
        catch (StoreUnavailableException e)
        {
            fault = $"Whether publishing is frozen cannot be looked up: {e.Message}";
            return false;
        }
        fault = holder.Freeze is { } freeze ? Frozen(freeze) : "";
        return fault.Length == 0;
    }

    /// <summary>A freeze in words.</summary>
    public static string Frozen(FreezeRecord freeze) => $"Publishing is frozen by {freeze.By}{(freeze.Until is { } until ? $" until {until.UtcDateTime:u}" : "")}{(freeze.Reason.Length > 0 ? $": {freeze.Reason}" : "")}.";

    private async Task TickAsync()
    {
        try
        {
            await LookAsync(_stop.Token);
            _told = "";
        }
        catch (StoreUnavailableException e)
        {
            if (_told.Length == 0) ControlLog.FreezeUnknown(logger, e.Message);
            _told = e.Message;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
            return;
        }
    }

    private async Task TakeAsync(FreezeReading reading, CancellationToken cancellation)
    {
        if (reading.Fault.Length > 0)
        {
            if (_told != reading.Fault) ControlLog.FreezeUnknown(logger, reading.Fault);
            _told = reading.Fault;
            return;
        }
        // A store that came back empty, or with an old copy, has forgotten that nothing is to be published.
        if (reading.Revision < _revision && reading.Freeze is null && _held is { } lost && lost.HoldsAt(time.GetUtcNow()))
        {
            _revision = await door.Store.Freeze.PutAsync(lost, cancellation);
            ControlLog.FreezeGivenBack(logger, lost.By);
            return;
        }
        (_held, _revision) = (reading.Freeze, reading.Revision);
    }

    private void Apply()
    {
        FreezeRecord? before = holder.Freeze;
        FreezeRecord? now = _held is { } f && f.HoldsAt(time.GetUtcNow()) ? new(f.By, f.Reason, f.SetAt, f.Until) : null;
        if (before == now) return;
        holder.Note(now);
        string kept = holder.Current?.Table.Version.ToString() ?? "(none)";
        if (now is not null && before is null) ControlLog.Frozen(logger, kept, Frozen(now));
        else if (now is null) ControlLog.Thawed(logger, before!.By);
    }

    private void Hear(Announcement announcement)
    {
        if (announcement.Topic == Topic.Freeze) _ = TickAsync();
    }
}
