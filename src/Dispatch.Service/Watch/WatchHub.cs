using System.Diagnostics.CodeAnalysis;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>
/// What all streams of watchers share: the last tables, the parts of them that somebody watches, and the news. Thread-safe. Nothing of it is on
/// the way of a decision: it listens to the holder.
/// </summary>
internal sealed class WatchHub(TableHolder holder, WatchSettings settings, TimeProvider time, IHostApplicationLifetime life) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<RoutingTable> _kept = [];
    private readonly Dictionary<TableSelection, WatchedPart> _parts = [];
    private readonly RangeSource _ranges = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private long _beats;
    private int _streams;

    /// <summary>Ends when there is something new: a table, an overlay, a heartbeat, the end of the process. Take it before looking.</summary>
    public Task News
    {
        get
        {
            lock (_gate) return _news.Task;
        }
    }

    /// <summary>Heartbeats so far.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>Streams now.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Ends when the process stops.</summary>
    public CancellationToken Stopping => life.ApplicationStopping;

    /// <summary>Takes a place for a stream.</summary>
    /// <returns>Null where as many watch as may.</returns>
    public WatchedPart? Join(TableSelection selection)
    {
        lock (_gate)
        {
            if (_streams >= settings.MaxStreams) return null;
            _streams++;
            if (!_parts.TryGetValue(selection, out WatchedPart? part)) _parts[selection] = part = new(selection, _ranges);
            part.Watchers++;
            return part;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(WatchedPart part)
    {
        lock (_gate)
        {
            _streams--;
            if (--part.Watchers == 0) _parts.Remove(part.Selection);
        }
    }

    /// <summary>What is in force, its table kept; null before the first table.</summary>
    public ServingState? Capture()
    {
        if (holder.Current is not { } state) return null;
        Keep(state.Table);
        return state;
    }

    /// <summary>Age of the table in force.</summary>
    public TimeSpan Age(ServingState state) => holder.Age(state);

    /// <summary>A table of the last few.</summary>
    public bool TryFind(TableVersion version, [NotNullWhen(true)] out RoutingTable? table)
    {
        lock (_gate) table = _kept.Find(t => t.Version == version);
        return table is not null;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        holder.Swapped += OnSwapped;
        holder.OverlayChanged += OnNews;
        life.ApplicationStopping.Register(Tell);
        _timer = time.CreateTimer(_ => Beat(), null, settings.Heartbeat, settings.Heartbeat);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        holder.Swapped -= OnSwapped;
        holder.OverlayChanged -= OnNews;
        _timer?.Dispose();
    }

    private void OnSwapped(object? sender, EventArgs e)
    {
        if (holder.Current is { } state) Keep(state.Table);
        Tell();
    }

    private void OnNews(object? sender, EventArgs e) => Tell();

    private void Beat()
    {
        Interlocked.Increment(ref _beats);
        Tell();
    }

    private void Keep(RoutingTable table)
    {
        lock (_gate)
        {
            if (_kept.Count > 0 && table.Version <= _kept[^1].Version) return;
            _kept.Add(table);
            if (_kept.Count > settings.KeptTables) _kept.RemoveAt(0);
            // A reader that never takes what it was sent must not keep old parts alive: it only knows of them weakly.
            TableContent[] recent = [.. _kept.TakeLast(2).Select(static t => t.Content)];
            foreach (WatchedPart part in _parts.Values) part.Forget(recent, table.Version);
        }
    }

    private void Tell()
    {
        TaskCompletionSource told;
        lock (_gate) (told, _news) = (_news, new(TaskCreationOptions.RunContinuationsAsynchronously));
        told.TrySetResult();
    }
}
