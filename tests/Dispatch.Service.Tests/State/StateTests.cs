using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Tests.State;

public sealed class StateTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Start_TableOnDisk_ServesItStaleBeforeTheFirstSolve()
    {
        StatusReply before = await RunOnce();
        await using TestService service = TestService.Create(_world.Directory, _state.Path, null, TestService.PlansAlone);
        Assert.Equal((long)before.TableVersion, service.Holder.Current!.Table.Version.Number);
        Assert.Equal(Freshness.Stale, service.Holder.Freshness());
        Task first = service.CyclesReach(1);
        await service.StartAsync();
        await first;
        StatusReply after = await service.Status();
        Assert.Equal((before.TableEpoch, before.TableVersion, "ready"), (after.TableEpoch, after.TableVersion, after.State));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("flip")]
    [InlineData("empty")]
    [InlineData("foreign")]
    [InlineData("renamed")]
    public async Task Start_NewestTableIsNotWhole_SkipsItAndServesTheOneBefore(string damage)
    {
        StatusReply before = await RunOnce();
        string good = Assert.Single(_state.Tables());
        byte[] bytes = await File.ReadAllBytesAsync(good);
        string newest = Path.Combine(_state.Path, Path.GetFileName(good).Replace("000000000001.tdt", "000000000007.tdt", StringComparison.Ordinal));
        Assert.NotEqual(good, newest);
        byte[] damaged = damage switch
        {
            "cut" => bytes[..(bytes.Length / 2)],
            "flip" => [.. bytes[..200], (byte)(bytes[200] ^ 1), .. bytes[201..]],
            "empty" => [],
            "foreign" => "not a table at all"u8.ToArray(),
            _ => bytes,
        };
        await File.WriteAllBytesAsync(newest, damaged);

        await using TestService service = TestService.Create(_world.Directory, _state.Path, null, TestService.PlansAlone);
        Assert.Contains(service.Log.All, l => l.StartsWith("Warning: A stored table was skipped: " + Path.GetFileName(newest), StringComparison.Ordinal));
        Assert.Equal((long)before.TableVersion, service.Holder.Current!.Table.Version.Number);
        await service.StartAsync();
        await service.CyclesReach(1);

        // Whatever is published next stands above the damaged file's version too.
        _world.Change("services.csv", ",20,1,", ",25,1,").Save();
        await service.NextCycle(TimeSpan.FromMinutes(5));
        StatusReply after = await service.Status();
        Assert.Equal((before.TableEpoch, 8ul), (after.TableEpoch, after.TableVersion));
    }

    [Fact]
    public async Task Start_EmptyStore_BeginsALaterEpoch()
    {
        StatusReply before = await RunOnce();
        foreach (string table in _state.Tables()) File.Delete(table);
        ManualClock later = TestService.Morning();
        later.Advance(TimeSpan.FromSeconds(1));
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, later, TestService.PlansAlone);
        StatusReply after = await service.Status();
        Assert.True(after.TableEpoch > before.TableEpoch);
        Assert.Equal(before.ContentHash, after.ContentHash);
    }

    [Fact]
    public async Task Publish_ManyTables_KeepsTheLastFew()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, [.. TestService.PlansAlone, "State:KeptTables=2"]);
        await File.WriteAllTextAsync(Path.Combine(_state.Path, "table-1-1.tdt.part"), "left by a crash");
        for (int i = 0; i < 4; i++) await service.NextCycle(TimeSpan.FromMinutes(i == 0 ? 30 : 5));
        for (int hour = 0; hour < 3; hour++)
            for (int i = 0; i < 12; i++) await service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Equal(2, _state.Tables().Length);
        Assert.EndsWith($"{service.Holder.Current!.Table.Version.Number:D12}.tdt", _state.Tables()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_FolderIsHeld_IsRefused()
    {
        await using TestService first = await TestService.StartAsync(_world.Directory, _state.Path, null, TestService.PlansAlone);
        StringWriter errors = new();
        Assert.Null(ServiceApplication.Create(TestService.Arguments(_world.Directory, _state.Path), TimeProvider.System, errors));
        Assert.Contains("another process holds it", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains(_state.Path, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WorldIsBadAndTableOnDisk_ServesItStale()
    {
        await RunOnce();
        _world.Change("edges.csv", "42.4,-71,5,", "42.4,-71,-5,").Save();
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, TestService.PlansAlone);
        StatusReply status = await service.Status();
        Assert.Equal("stale", status.State);
        Assert.Contains("edges.csv:3:", status.LastError, StringComparison.Ordinal);
        Assert.NotEmpty((await service.Resolve(new() { ClientIp = "192.0.2.7" })).Edges);
    }

    private async Task<StatusReply> RunOnce()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, TestService.PlansAlone);
        return await service.Status();
    }
}
