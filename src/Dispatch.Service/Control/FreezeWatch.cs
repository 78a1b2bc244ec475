using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Control;

/// <summary>
/// Knows whether a person has stopped publishing, for every process that shares the store: read every second and on every announcement, and once more
/// before each table goes out. While the store gives no answer what was said last holds. Thread-safe: looks never overlap.
/// </summary>
internal sealed class FreezeWatch(StateDoor door, TableHolder holder, TimeProvider time, ILogger<FreezeWatch> logger)
    : StoreWatch(door, time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private PublishFreeze? _held;
    private long _revision;
    private string _told = "";

    /// <summary>Reads once before the first cycle, unless the store is slow or away.</summary>
    public override Task StartAsync(CancellationToken cancellationToken) => BeginLookedAtAsync(Period, cancellationToken);

    /// <summary>What holds as far as is known here; null where publishing goes on.</summary>
    public FreezeRecord? Current => holder.Freeze;

    /// <summary>Asks the store whether a table may go out now, just before it does: another process may have been told to stop a moment ago.</summary>
    /// <param name="fault">Why it may not; empty otherwise.</param>
    /// <param name="cancellation">Gives up.</param>
    public bool MayPublish(out string fault, CancellationToken cancellation)
    {
        try
        {
            LookNowAsync(cancellation).Awaited();
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

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        FreezeReading reading = await Door.Store.Freeze.ReadAsync(cancellation);
        await TakeAsync(reading, cancellation);
        if (reading.Fault.Length == 0) _told = "";
    }

    protected override bool Concerns(Announcement announcement) => announcement.Topic == Topic.Freeze;

    protected override void TellAway(StoreUnavailableException trouble)
    {
        if (_told.Length == 0) ControlLog.FreezeUnknown(logger, trouble.Message);
        _told = trouble.Message;
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
        if (reading.Revision < _revision && reading.Freeze is null && _held is { } lost && lost.HoldsAt(Time.GetUtcNow()))
        {
            _revision = await Door.Store.Freeze.PutAsync(lost, cancellation);
            ControlLog.FreezeGivenBack(logger, lost.By);
            return;
        }
        (_held, _revision) = (reading.Freeze, reading.Revision);
    }

    protected override void Settle()
    {
        FreezeRecord? before = holder.Freeze;
        FreezeRecord? now = _held is { } f && f.HoldsAt(Time.GetUtcNow()) ? new(f.By, f.Reason, f.SetAt, f.Until) : null;
        if (before == now) return;
        holder.Note(now);
        string kept = holder.Current?.Table.Version.ToString() ?? "(none)";
        if (now is not null && before is null) ControlLog.Frozen(logger, kept, Frozen(now));
        else if (now is null) ControlLog.Thawed(logger, before!.By);
    }
}
