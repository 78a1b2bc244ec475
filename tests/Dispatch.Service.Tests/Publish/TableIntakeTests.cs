using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>What a replica does with tables that others publish.</summary>
public sealed class TableIntakeTests : IAsyncLifetime, IDisposable
{
    private readonly StateDirectory _shared = new(), _mine = new();
    private readonly QuietThread _quiet = new(NullLogger<QuietThread>.Instance);
    private readonly TableHolder _holder;
    private readonly FileState _store;
    private readonly TableIntake _intake;
    private FencingToken _token = null!;

    public TableIntakeTests()
    {
        ManualClock clock = TestService.Morning();
        _holder = new(clock, TimeSpan.FromSeconds(10));
        _holder.Join(new("serve", "me"));
        _store = FileState.Open(_shared.Path, 3, clock);
        _intake = new(new StateDoor(_store, new TableFolder(_mine.Path, 3), IsShared: true), _holder, _quiet, NullLogger<TableIntake>.Instance);
    }

    public async Task InitializeAsync() => _token = (await _store.Lease.AcquireAsync("leader", TimeSpan.FromHours(1), default)).Token!;

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _quiet.Dispose();
        _shared.Dispose();
        _mine.Dispose();
    }

    [Fact]
    public async Task Take_NewerTable_IsReadAndSwappedOnAThreadBelowServing()
    {
        (string name, int niceness) = ("", 0);
        _holder.Swapped += (_, _) => (name, niceness) = (Thread.CurrentThread.Name ?? "", Niceness());
        await _store.Tables.PutAsync(Tables.Encoded(3, 1), _token, default);
        await _intake.TakeAsync(new(3, 1), default);
        Assert.Equal(("quiet", 10), (name, niceness));
        Assert.Equal(new TableVersion(3, 1), _holder.Current!.Table.Version);
        Assert.Equal(new TableVersion(3, 1), new TableFolder(_mine.Path, 3).Load().Table!.Version);
    }

    [Fact]
    public async Task Take_TablesOneAfterAnother_ShareOneIndexOfPrefixes()
    {
        foreach (int number in new[] { 1, 2, 3 })
        {
            await _store.Tables.PutAsync(Tables.Encoded(3, number), _token, default);
            PrefixIndex? before = _holder.Current?.Table.Content.Prefixes;
            await _intake.TakeAsync(new(3, number), default);
            Assert.Equal(new TableVersion(3, number), _holder.Current!.Table.Version);
            if (before is not null) Assert.Same(before, _holder.Current.Table.Content.Prefixes);
        }
    }

    [Fact]
    public async Task Take_BytesThatAreNoTable_KeepsTheOneInForceAndAsksOnce()
    {
        await _store.Tables.PutAsync(Tables.Encoded(3, 1), _token, default);
        await _intake.TakeAsync(new(3, 1), default);
        byte[] broken = Tables.Encoded(3, 2).Bytes.ToArray();
        broken[^40] ^= 1;
        await _store.Tables.PutAsync(new(new(3, 2), broken), _token, default);
        for (int i = 0; i < 2; i++) await _intake.TakeAsync(new(3, 2), default);
        Assert.Equal(new TableVersion(3, 1), _holder.Current!.Table.Version);
        Assert.Equal(1, _holder.Replica!.Refused);
    }

    [Fact]
    public async Task Take_NewestIsBrokenAndNothingInForce_TakesTheOneBefore()
    {
        await _store.Tables.PutAsync(Tables.Encoded(3, 1), _token, default);
        await _store.Tables.PutAsync(new(new(3, 2), new byte[] { 1, 2, 3 }), _token, default);
        await _intake.TakeAsync(new(3, 2), default);
        Assert.Equal((new TableVersion(3, 1), 1L), (_holder.Current!.Table.Version, _holder.Replica!.Refused));
    }

    [Fact]
    public async Task Take_ProcessEnds_IsCancelledNotLeftWaiting()
    {
        using QuietThread ending = new(NullLogger<QuietThread>.Instance);
        using ManualResetEventSlim isRunning = new(), mayEnd = new();
        Task running = ending.RunAsync(() =>
        {
            isRunning.Set();
            mayEnd.Wait();
        });
        Task waiting = ending.RunAsync(static () => Assert.Fail("nothing begins after the end"));
        isRunning.Wait();
        Task disposing = Task.Run(ending.Dispose);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        mayEnd.Set();
        await Task.WhenAll(running, disposing);
    }

    // Of the calling thread: field 19 of its stat, counted from behind the name, which may hold anything.
    private static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Trim().Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
}
