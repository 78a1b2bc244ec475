using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>Publishing under a lease, over a store that several processes share.</summary>
public sealed class TableRegisterTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly StateDirectory _shared = new(), _mine = new();
    private readonly ManualClock _clock = TestService.Morning();
    private readonly QuietThread _quiet = new(NullLogger<QuietThread>.Instance);
    private readonly FileState _store;
    private readonly TableHolder _holder;
    private FreezeWatch? _freeze;

    public TableRegisterTests()
    {
        _store = FileState.Open(_shared.Path, 3, _clock);
        _holder = new(_clock, Lease);
        _holder.Join(new("all", "me"));
    }

    public void Dispose()
    {
        _freeze?.Dispose();
        _quiet.Dispose();
        _shared.Dispose();
        _mine.Dispose();
    }

    [Fact]
    public async Task TryKeep_LeaseWentToAnother_IsRefusedAndStepsDown()
    {
        FixedLeadership leadership = new((await _store.Lease.AcquireAsync("me", Lease, default)).Token);
        TableRegister register = Register(leadership);
        Assert.True(register.TryLead(out bool isNewTerm, out _));
        Assert.True(isNewTerm);
        RoutingTable late = register.Draft(Tables.Of(1, 1).Content);
        _clock.Advance(Lease);
        FencingToken other = (await _store.Lease.AcquireAsync("other", Lease, default)).Token!;
        Assert.False(register.TryKeep(late, out string fault));
        Assert.Contains("another process leads by now", fault, StringComparison.Ordinal);
        Assert.Null(leadership.Token);
        Assert.Equal(TableVersion.None, await _store.Tables.HighestAsync(default));
        Assert.Equal(FencedWrite.Stored, await _store.Tables.PutAsync(EncodedTable.Of(late), other, default));
    }

    [Fact]
    public async Task TryLead_StoreHasANewerTable_TakesItAndGoesOnAboveIt()
    {
        FencingToken other = (await _store.Lease.AcquireAsync("other", Lease, default)).Token!;
        await _store.Tables.PutAsync(Tables.Encoded(5, 7), other, default);
        await _store.Lease.ReleaseAsync(other, default);
        TableRegister register = Register(new FixedLeadership((await _store.Lease.AcquireAsync("me", Lease, default)).Token));
        Assert.True(register.TryLead(out _, out string fault), fault);
        Assert.Equal(new TableVersion(5, 7), _holder.Current!.Table.Version);
        RoutingTable next = register.Draft(Tables.Of(1, 1).Content);
        Assert.Equal(new TableVersion(5, 8), next.Version);
        Assert.True(register.TryKeep(next, out fault), fault);
        TablesStanding standing = await _store.Tables.StandingAsync(default);
        Assert.Equal((next.Version, next.Version), (standing.Highest, standing.Confirmed));
        Assert.Equal(next.Version, new TableFolder(_mine.Path, 3).Load().Table!.Version);
    }

    [Fact]
    public async Task TryLead_StoreCameBackEmpty_BeginsANewEpochAboveWhatIsInForce()
    {
        RoutingTable mine = Tables.Of(_clock.GetUtcNow().ToUnixTimeSeconds() + 5, 7);
        _holder.Swap(new(mine, null));
        TableRegister register = Register(new FixedLeadership((await _store.Lease.AcquireAsync("me", Lease, default)).Token));
        Assert.True(register.TryLead(out _, out string fault), fault);
        RoutingTable next = register.Draft(mine.Content);
        Assert.Equal(new TableVersion(mine.Version.Epoch + 1, 1), next.Version);
        Assert.False(register.IsInForce(next), "nobody else could have it");
    }

    [Fact]
    public void Swap_OlderVersion_KeepsTheOneInForce()
    {
        Assert.True(_holder.Swap(new(Tables.Of(2, 2), null)));
        Assert.False(_holder.Swap(new(Tables.Of(2, 1), null)));
        Assert.False(_holder.Swap(new(Tables.Of(1, 9), null)));
        Assert.Equal(new TableVersion(2, 2), _holder.Current!.Table.Version);
    }

    private TableRegister Register(FixedLeadership leadership)
    {
        StateDoor door = new(_store, new TableFolder(_mine.Path, 3), IsShared: true);
        TableIntake intake = new(door, _holder, _quiet, NullLogger<TableIntake>.Instance);
        _freeze?.Dispose();
        _freeze = new(door, _holder, _clock, NullLogger<FreezeWatch>.Instance);
        return new(door, leadership, intake, _holder, _freeze, _clock, NullLogger<TableRegister>.Instance);
    }
}
