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
internal sealed class OverrideWatch(StateDoor door, TableHolder holder, TimeProvider time, ILogger<OverrideWatch> logger)
    : StoreWatch(door, time)
{
    /// <summary>What the overlay calls this source.</summary>
    public const string Source = "operators";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly OverrideBook _book = new();
    private ImmutableArray<string> _faults = [];
    private string _trouble = "";

    /// <summary>Reads once before the first answer, unless the store is slow or away.</summary>
    public override Task StartAsync(CancellationToken cancellationToken) => BeginLookedAtAsync(Period, cancellationToken);

    protected override bool Concerns(Announcement announcement) => announcement.Topic == Topic.Overrides;

    protected override void TellAway(StoreUnavailableException trouble)
    {
        if (_trouble.Length == 0) OverlayLog.Unreadable(logger, "The list of overrides", trouble.Message);
        _trouble = trouble.Message;
    }

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        OverrideList list = await Door.Store.HealthOverrides.ListAsync(cancellation);
        TellFaults(list.Faults);
        _book.Take(list, Time.GetUtcNow());
        _trouble = "";
        List<HealthOverride> given = [];
        foreach (HealthOverride entry in _book.Lost)
        {
            // Without its overrides a store that was restarted empty would let what is drained serve. Every process that knows them does this, and only the first does it:
            // what people say between that and our own look counts.
            if (await Door.Store.HealthOverrides.GiveBackAsync(entry, cancellation)) given.Add(entry);
            _book.GaveBack(entry);
        }
        if (given.Count > 0) OverlayLog.GivenBack(logger, Listed([.. given]));
    }

    protected override void Settle()
    {
        DateTimeOffset now = Time.GetUtcNow();
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

    private static string Listed(ImmutableArray<HealthOverride> held) => held.IsEmpty ? "nothing" : string.Join("; ", held.Select(Of));

    private static string Of(HealthOverride o)
    {
        HealthStatement s = o.Statement;
        string state = s.State == HealthState.Up ? string.Create(CultureInfo.InvariantCulture, $"{100 * s.Factor:0.#} % usable") : s.State.ToString().ToLowerInvariant();
        string end = o.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $" until {until.UtcDateTime:u}") : "";
        return $"{s.Scope.ToString().ToLowerInvariant()}:{s.Id} {state} by {o.Source}{end}{(o.Reason.Length > 0 ? $" ({o.Reason})" : "")}";
    }
}
