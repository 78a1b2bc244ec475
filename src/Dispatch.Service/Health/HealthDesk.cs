using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Where probes and load reports come in, and from where answers hear about them once a second. Thread-safe; reports never wait for a solve.
/// </summary>
/// <param name="health">Rules of probes.</param>
/// <param name="load">Rules of loads.</param>
/// <param name="world">The facts of this moment; null where this process has none: then every edge weighs the same.</param>
/// <param name="holder">What answers are made from.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where changes are told.</param>
public sealed class HealthDesk(
    HealthSettings health, LoadSettings load, Func<World?> world, TableHolder holder, TimeProvider time, ILogger<HealthDesk> logger) : IHostedService, IDisposable
{
    /// <summary>What the overlay calls the votes of vantages.</summary>
    public const string Probes = "probes";

    /// <summary>What the overlay calls edges that come back.</summary>
    public const string Returns = "returns";

    /// <summary>What the overlay calls edges that shed load.</summary>
    public const string Loads = "loads";

    // A word that turns is not left for the next look of the period; but the vantage's other probes, on their way now, may tell that it is the vantage.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), Soon = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly HealthBoard _board = new(health);
    private readonly LoadShedder _shedder = new(load);
    private object? _factsOf;
    private NodeFacts[] _facts = [];
    private ITimer? _timer;
    private bool _isHastened;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static desk => ((HealthDesk)desk!).Look(), this, Period, Period);
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

    /// <summary>Takes a probe; answers heed it within a second.</summary>
    /// <returns>Whether it counts; else why not.</returns>
    public ProbeFate Take(in Probe probe)
    {
        if (!IsKnown(probe)) return ProbeFate.Unknown;
        lock (_gate)
        {
            ProbeFate fate = _board.Add(probe, time.GetUtcNow());
            if (_board.HasTurned && !_isHastened) _isHastened = _timer?.Change(Soon, Period) ?? false;
            return fate;
        }
    }

    /// <summary>Takes what edges carry; answers heed it within a second.</summary>
    /// <param name="loads">The reports; an edge may be named more than once, the last counts.</param>
    /// <returns>How many could be true and name a known edge.</returns>
    public int Take(ReadOnlySpan<EdgeLoad> loads)
    {
        if (holder.Current is not { } state) return 0;
        int taken = 0;
        lock (_gate)
        {
            foreach (EdgeLoad edge in loads)
                if (state.Table.EdgeOrdinal(edge.EdgeId) >= 0 && _shedder.Add(edge, time.GetUtcNow())) taken++;
        }
        return taken;
    }

    /// <summary>Judges what came in and has answers heed it.</summary>
    public void Look()
    {
        // A look that takes longer than the period is not waited for.
        if (holder.Current is not { } state || !_gate.TryEnter()) return;
        try
        {
            _isHastened = false;
            Judge(state);
            Shed(state);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Judge(ServingState state)
    {
        HealthVerdict before = holder.Health, now = _board.Judge(Facts(state), time.GetUtcNow());
        holder.Note(now);
        Overlay? changed = holder.Say(Probes, now.Down);
        changed = holder.Weigh(Returns, new(now.Returning, [])) ?? changed;
        if (changed is { } overlay)
        {
            HealthLog.Changed(logger, overlay.Version, Listed(now.Down.Select(static s => $"{s.Scope.ToString().ToLowerInvariant()} {s.Id}")),
                Listed(now.Returning.Select(static e => $"{e.EdgeId} at {e.Percent} %")));
        }
        if (!now.Held.IsEmpty && !now.Held.SequenceEqual(before.Held)) HealthLog.Capped(logger, Listed(now.Held), now.TakenPercent, health.MostTakenPercent);
        if (now.Distrusted.SequenceEqual(before.Distrusted)) return;
        if (now.Distrusted.IsEmpty) HealthLog.Trusted(logger);
        else HealthLog.Distrusted(logger, Listed(now.Distrusted));
    }

    private void Shed(ServingState state)
    {
        TableContent content = state.Table.Content;
        ImmutableArray<double> use = state.Plan?.EdgeUse ?? [];
        EdgeWeights weights = _shedder.Step(content.Edges.Select(static e => e.Id), Planned, time.GetUtcNow());
        if (holder.Weigh(Loads, weights) is { } overlay)
            HealthLog.Shedding(logger, overlay.Version, Listed(weights.Kept.Select(static e => $"{e.EdgeId} {e.Percent} %")));

        double? Planned(string id)
        {
            int edge = state.Table.EdgeOrdinal(id);
            return edge >= 0 && edge < use.Length ? 100 * use[edge] : null;
        }
    }

    private bool IsKnown(in Probe probe)
    {
        if (holder.Current is not { } state) return false;
        RoutingTable table = state.Table;
        string id = probe.Id;
        return probe.Kind switch
        {
            HealthScope.Edge => table.EdgeOrdinal(id) >= 0,
            HealthScope.Relay => table.Content.Relays.Any(r => r.Id == id),
            HealthScope.Origin => table.Content.Origins.Any(o => o.Id == id),
            _ => false,
        };
    }

    // The facts change with the world or the table, which is seldom beside a look a second.
    private NodeFacts[] Facts(ServingState state)
    {
        World? facts = world();
        object of = facts ?? (object)state.Table.Content;
        if (ReferenceEquals(of, _factsOf)) return _facts;
        _factsOf = of;
        return _facts = facts is not null ? [.. NodeFacts.Of(facts)] : [.. NodeFacts.Of(state.Table.Content)];
    }

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "nothing";
}
