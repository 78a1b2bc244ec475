using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Learns of tables that others publish, by announcement and by looking: an announcement may be lost. Says when the store is away and when it
/// is back. Thread-safe: looks never overlap.
/// </summary>
internal sealed class TableFollower(
    StateDoor door, ServiceSettings settings, TableIntake intake, ILeadership leadership, TableHolder holder, TimeProvider time, ILogger<TableFollower> logger)
    : StoreWatch(door, time)
{
    private StoreTrouble? _awayFor;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Begin(TimeSpan.Zero, settings.Shared!.Poll);
        return Task.CompletedTask;
    }

    protected override bool Concerns(Announcement announcement) => announcement.Topic == Topic.Tables && leadership.Token is null;

    protected override void TellAway(StoreUnavailableException trouble)
    {
        // Said again where the reason is another one: that a password is refused is known only some tries after that nothing can be reached.
        if (_awayFor != trouble.Trouble) ShareLog.StoreAway(logger, trouble.Message, holder.Current?.Table.Version.ToString() ?? "(none)");
        _awayFor = trouble.Trouble;
        holder.Note(r => r with { Trouble = trouble.Message });
    }

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        TablesStanding standing = await Door.Store.Tables.StandingAsync(cancellation);
        // What it publishes itself the leader puts in force itself.
        if (leadership.Token is null) await intake.TakeAsync(standing.Highest, cancellation);
        Note(standing);
        if (_awayFor is not null) ShareLog.StoreBack(logger, standing.Highest, standing.Leader);
        _awayFor = null;
    }

    private void Note(TablesStanding standing)
    {
        DateTimeOffset now = holder.Now;
        TableVersion mine = holder.Current?.Table.Version ?? TableVersion.None;
        bool isConfirmed = standing.Confirmed == mine && mine != TableVersion.None;
        holder.Note(r => r with
        {
            // It may be read from and yet take no writes: then nobody can lead, and whoever would says why.
            Trouble = leadership.Trouble,
            HeardAt = now,
            Leader = standing.Leader,
            Published = standing.Highest,
            ConfirmedAt = isConfirmed ? now - standing.ConfirmedAgo : r.ConfirmedAt,
        });
    }
}
