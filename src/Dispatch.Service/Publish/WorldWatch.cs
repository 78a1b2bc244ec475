using System.Globalization;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Publish;

/// <summary>Looks each second, and on every announcement, whether the shared store holds another world or other streams, and then has the next cycle come sooner. Thread-safe.</summary>
internal sealed class WorldWatch(StateDoor door, ILeadership leadership, PublishLoop loop, TimeProvider time) : StoreWatch(door, time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private string? _seen;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Begin(Period, Period);
        return Task.CompletedTask;
    }

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        if (leadership.Token is null) return;
        long streams = (await Door.Store.Announcements.LatestAsync(Topic.Streams, cancellation)).Sequence;
        string world = StoredFacts.NameOf(await Door.Store.Worlds.StampAsync(cancellation)), stamp = string.Create(CultureInfo.InvariantCulture, $"{world}|{streams}");
        if (_seen is not null && stamp != _seen) loop.Hasten();
        _seen = stamp;
    }

    protected override bool Concerns(Announcement announcement) => announcement.Topic is Topic.World or Topic.Streams;

    // The follower says that the store is away; the next look, or the next cycle, sees the world.
    protected override void TellAway(StoreUnavailableException trouble)
    {
        if (leadership.Token is not null) _seen ??= "";
    }
}
