using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Serving;

public sealed class TableHolderTests
{
    private readonly ManualClock _clock = TestService.Morning();

    [Fact]
    public void Freshness_ConfirmedThreeIntervalsAgo_TurnsStale()
    {
        TableHolder holder = new(_clock, TimeSpan.FromMinutes(5));
        Assert.Equal(Freshness.NoTable, holder.Freshness());
        holder.Swap(State());
        Assert.Equal(Freshness.Stale, holder.Freshness());
        holder.Note(PublishRecord.Nothing with { ConfirmedAt = _clock.GetUtcNow() });
        Assert.Equal(Freshness.Ready, holder.Freshness());
        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(Freshness.Ready, holder.Freshness());
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Freshness.Stale, holder.Freshness());
        Assert.Equal(TimeSpan.FromMinutes(15) + TimeSpan.FromTicks(1), holder.Age(holder.Current!));
    }

    [Fact]
    public void Freshness_LastCycleFailed_IsStaleAtOnce()
    {
        TableHolder holder = new(_clock, TimeSpan.FromMinutes(5));
        holder.Swap(State());
        holder.Note(PublishRecord.Nothing with { Publishes = 1, Failures = 1, LastError = "The disk is full.", ConfirmedAt = _clock.GetUtcNow() });
        Assert.Equal(Freshness.Stale, holder.Freshness());
    }

    private ServingState State()
    {
        using TestWorld world = TestWorld.Small();
        Model.World facts = world.Build();
        Assignment assignment = DispatchSolver.Solve(new Model.Snapshot(facts, 20)).Assignment!;
        TableContent content = TableBuilder.Build(assignment, PrefixIndex.Build(facts.Facts.Prefixes.AsSpan()), TableBuilder.RegionLocations(facts));
        return new(RoutingTable.Create(content, new TableVersion(1, 1), _clock.GetUtcNow()), null);
    }
}
