using TrafficDispatch.Core.Tests.Geo;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Ingest;

public sealed class MmdbWorldTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Minimal().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Start_WorldWithoutPrefixes_LocatesByDatabases()
    {
        string country = Database("country.mmdb", static file =>
        {
            file.Data.Map(1).Text("country_code").Text("FR");
            file.Insert(Prefix("192.0.2.0/24"), 0);
        });
        string networks = Database("asn.mmdb", static file =>
        {
            file.Data.Map(1).Text("asn").Text("AS64500");
            file.Insert(Prefix("192.0.2.0/25"), 0);
        });
        await using TestService service = await TestService.StartAsync(
            _world.Directory, _state.Path, null, $"World:CountryMmdb={country}", $"World:AsnMmdb={networks}");
        ResolveReply known = await service.Resolve(new() { ClientIp = "192.0.2.1" });
        Assert.Equal(("FR-01", "AS64500"), (known.RegionId, known.Network));
        ResolveReply other = await service.Resolve(new() { ClientIp = "192.0.2.200" });
        Assert.Equal(("FR-01", ""), (other.RegionId, other.Network));
        Assert.Equal(ReasonCode.DefaultRoute, (await service.Resolve(new() { ClientIp = "198.51.100.1" })).ReasonCode);
    }

    [Fact]
    public async Task Cycle_DatabaseTurnsCorrupt_KeepsTheLastGood()
    {
        string country = Database("country.mmdb", static file =>
        {
            file.Data.Map(1).Text("country_code").Text("FR");
            file.Insert(Prefix("192.0.2.0/24"), 0);
        });
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, $"World:CountryMmdb={country}");
        await File.WriteAllTextAsync(country, "no database any more");
        await service.NextCycle(TimeSpan.FromMinutes(5));
        StatusReply status = await service.Status();
        Assert.Equal("stale", status.State);
        Assert.Contains("country.mmdb", status.LastError, StringComparison.Ordinal);
        Assert.Equal("FR-01", (await service.Resolve(new() { ClientIp = "192.0.2.1" })).RegionId);
    }

    private string Database(string name, Action<MmdbFile> fill)
    {
        MmdbFile file = new(24, 4);
        fill(file);
        string path = Path.Combine(_state.Path, name);
        File.WriteAllBytes(path, file.ToBytes());
        return path;
    }

    private static IpPrefix Prefix(string text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix, out string fault) ? prefix : throw new FormatException(fault);
}
