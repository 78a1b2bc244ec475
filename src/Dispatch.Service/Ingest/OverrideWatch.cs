using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Ingest;

/// <summary>
/// Reads what operators say of nodes from the store, every second and on every announcement, and has answers heed it before any solve. While the store
/// gives no answer what was said last stays, until its time is over. Thread-safe: looks never overlap.
/// </summary>
internal sealed class OverrideWatch(StateDoor door, TableHolder holder, TimeProvider time, ILogger<OverrideWatch> logger) : IHostedService, IDisposable
{
    /// <summary>What the overlay calls this source.</summary>
    public const string Source = "operators";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly OverrideBook _book = new();
    private ITimer? _timer;
    private IAsyncDisposable? _subscription;
    private ImmutableArray<string> _faults = [];
    private string _trouble = "";
    private int _isHeard;

    /// <summary>Reads once before the first answer, unless the store is slow or away.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(LookAsync(), Task.Delay(Period, time, cancellationToken));
        _timer = time.CreateTimer(static o => _ = ((OverrideWatch)o!).LookAsync(), this, Period, Period);
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

    /// <summary>Reads what has been said by now, and has answers heed it when this returns.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task HeedAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            await ReadAsync();
        }
        finally
        {
            Apply();
            _looking.Release();
        }
    }

    /// <summary>Looks at the store once. Never throws.</summary>
    internal async Task LookAsync()
    {
        if (!await _looking.WaitAsync(TimeSpan.Zero)) return;
        try
        {
            do
            {
                Interlocked.Exchange(ref _isHeard, 0);
                await ReadAsync();
            }
            while (Volatile.Read(ref _isHeard) == 1);
        }
        catch (StoreUnavailableException e)
        {
            if (_trouble.Length == 0) OverlayLog.Unreadable(logger, "The list of overrides", e.Message);
            _trouble = e.Message;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
            return;
        }
        finally
        {
            Apply();
            _looking.Release();
        }
    }

    private async Task ReadAsync()
    {
        // Heard of from before the first reading on, so that nothing is said between the two.
        if (door.IsShared) _subscription ??= await door.Store.Announcements.SubscribeAsync(Hear, _stop.Token);
        OverrideList list = await door.Store.HealthOverrides.ListAsync(_stop.Token);
        TellFaults(list.Faults);
        _book.Take(list, time.GetUtcNow());
        _trouble = "";
        ImmutableArray<HealthOverride> lost = _book.Lost;
        foreach (HealthOverride entry in lost)
        {
            // Without its overrides a store that was restarted empty would let what is drained serve. Every process that knows them does this; the same is put twice at worst.
            await door.Store.HealthOverrides.PutAsync(entry, _stop.Token);
            _book.GaveBack(entry);
        }
        if (!lost.IsEmpty) OverlayLog.GivenBack(logger, Listed(lost));
    }

    private void Apply()
    {
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<HealthStatement> statements = _book.Statements(now);
        holder.Note(statements);
        if (holder.Say(Source, statements) is { } overlay) OverlayLog.Overridden(logger, overlay.Version, Listed(_book.At(now)));
    }

    private void TellFaults(ImmutableArray<string> faults)
    {
        if (faults.SequenceEqual(_faults, StringComparer.Ordinal)) return;
        _faults = faults;
        if (!faults.IsEmpty) holder.Refuse();
        foreach (string fault in faults) OverlayLog.Refused(logger, fault);
    }

    private void Hear(Announcement announcement)
    {
        if (announcement.Topic != Topic.Overrides) return;
        Interlocked.Exchange(ref _isHeard, 1);
        _ = LookAsync();
    }

    private static string Listed(ImmutableArray<HealthOverride> held) => held.IsEmpty ? "nothing" : string.Join("; ", held.Select(Of));

    private static string Of(HealthOverride o)
    {
        HealthStatement s = o.Statement;
        string state = s.State == HealthState.Up ? string.Create(CultureInfo.InvariantCulture, $"{100 * s.Factor:0.#} % usable") : s.State.ToString().ToLowerInvariant();
        string end = o.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $" until {until.UtcDateTime:u}") : "";
        return $"{s.Scope.ToString().ToLowerInvariant()}:{s.Id} {state} by {o.Source}{end}{(o.Reason.Length > 0 ? $" ({o.Reason})" : "")}";
    }
}
