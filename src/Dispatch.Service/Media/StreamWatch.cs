using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Media;

/// <summary>
/// Reads the registry of streams whenever it changes, looking every second and on every announcement, for answers ahead of the next table. While the store
/// gives no answer what was known stays. Thread-safe: looks never overlap.
/// </summary>
internal sealed class StreamWatch(StateDoor door, StreamDirectory directory, TimeProvider time, ILogger<StreamWatch> logger)
    : StoreWatch(door, time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private Announcement? _seen;
    private bool _isAway;

    /// <summary>Reads once before the first answer, unless the store is slow or away.</summary>
    public override Task StartAsync(CancellationToken cancellationToken) => BeginLookedAtAsync(Period, cancellationToken);

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        // Asked before the list is read: what is registered meanwhile is another announcement, and is read at the next look.
        Announcement latest = await Door.Store.Announcements.LatestAsync(Topic.Streams, cancellation);
        if (latest != _seen)
        {
            directory.Note((await Door.Store.Streams.ListAsync(cancellation)).Streams);
            _seen = latest;
        }
        if (_isAway) MediaLog.Readable(logger);
        _isAway = false;
    }

    protected override bool Concerns(Announcement announcement) => announcement.Topic == Topic.Streams;

    protected override void TellAway(StoreUnavailableException trouble)
    {
        if (!_isAway) MediaLog.Unreadable(logger, trouble.Message);
        _isAway = true;
    }
}
