using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TrafficDispatch.Service.Tests.Serve;

/// <summary>One service over the shipped world for all tests here.</summary>
public sealed class ShippedWorldService : IAsyncLifetime, IDisposable
{
    private readonly StateDirectory _state = new();
    private TestService? _service;

    internal TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync() => _service = await TestService.StartAsync(ShippedWorld.Directory, _state.Path);

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose() => _state.Dispose();
}

public sealed class ShippedWorldServiceTests(ShippedWorldService shared) : IClassFixture<ShippedWorldService>
{
    private readonly TestService _service = shared.Service;

    [Fact]
    public async Task Resolve_SampleLookups_FindTheirRegions()
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(ShippedWorld.Directory, "lookups_sample.csv"));
        string[][] rows = [.. lines.Skip(1).Select(static l => l.Split(',')).Where(static (_, i) => i % 50 == 0)];
        Assert.NotEmpty(rows);
        foreach (string[] row in rows)
        {
            ResolveReply reply = await _service.Resolve(new() { ClientIp = row[0] });
            Assert.Equal(row[1] is "-" or "" ? "" : row[1], reply.RegionId);
            Assert.NotEmpty(reply.Edges);
            Assert.All(reply.Edges, static e => Assert.NotEmpty(e.Endpoints));
        }
    }

    [Fact]
    public async Task Resolve_EveryRegion_GetsEdgesThatItsLawAllows()
    {
        World world = ShippedWorld.World;
        foreach (ClientRegion region in world.Regions)
        {
            ResolveReply reply = await _service.Resolve(new() { RegionId = region.Id, Count = 16 });
            Assert.NotEmpty(reply.Edges);
            if (!region.InJurisdictionOnly) continue;
            Assert.All(reply.Edges, e => Assert.Equal(region.Jurisdiction, world.Edges[world.EdgeOrdinal(e.Id)].Jurisdiction));
        }
    }

    [Fact]
    public async Task Route_EveryEdge_HasPathsThatEndAtAnOriginAndKeepTheLaw()
    {
        World world = ShippedWorld.World;
        foreach (Edge edge in world.Edges)
        {
            RouteReply reply = await _service.Relay.RouteAsync(new() { NodeId = edge.Id, StreamKey = "nobody-registered-this" });
            Assert.Equal(reply.Paths.Count > 0 ? ReasonCode.NearestOrigin : ReasonCode.NoPath, reply.ReasonCode);
            foreach (UpstreamPath path in reply.Paths) CheckPath(world, edge, path);
            CheckDisjoint(world, reply);
        }
    }

    [Fact]
    public async Task Route_ChineseAndRussianEdges_StayInside()
    {
        World world = ShippedWorld.World;
        foreach (Edge edge in world.Edges.Where(static e => e.Jurisdiction is "CN" or "RU"))
        {
            RouteReply reply = await _service.Relay.RouteAsync(new() { NodeId = edge.Id, StreamKey = "nobody-registered-this" });
            Assert.NotEmpty(reply.Paths);
            foreach (Hop hop in reply.Paths.SelectMany(static p => p.Hops))
            {
                string jurisdiction = world.RelayOrdinal(hop.NodeId) is >= 0 and int relay
                    ? world.Relays[relay].Jurisdiction
                    : world.Origins[world.OriginOrdinal(hop.NodeId)].Jurisdiction;
                Assert.Equal(edge.Jurisdiction, jurisdiction);
            }
        }
    }

    [Fact]
    public async Task Route_RegisteredStream_EndsAtItsOrigin()
    {
        World world = ShippedWorld.World;
        LiveStream stream = world.Facts.Streams[0];
        Edge edge = world.Edges.First(e => !world.Law.IsBound(e.Jurisdiction));
        RouteReply reply = await _service.Relay.RouteAsync(new() { NodeId = edge.Id, StreamKey = stream.Key });
        Assert.Equal(ReasonCode.StreamOrigin, reply.ReasonCode);
        Assert.All(reply.Paths, p => Assert.Equal(stream.OriginId, p.OriginId));
        string first = reply.Paths[0].Hops[0].NodeId;
        RouteReply without = await _service.Relay.RouteAsync(new() { NodeId = edge.Id, StreamKey = stream.Key, Exclude = { first } });
        Assert.DoesNotContain(without.Paths.SelectMany(static p => p.Hops), h => h.NodeId == first);
    }

    [Fact]
    public async Task Get_Status_TellsTheSolveAndItsProof()
    {
        StatusReply status = await _service.Status();
        World world = ShippedWorld.World;
        Assert.Equal("ready", status.State);
        Assert.True(status.CertificateValid);
        Assert.Equal(10u, status.UtcHour);
        Assert.Equal(world.Version, status.WorldVersion);
        Assert.Equal((uint)world.Regions.Length, status.Regions);
        Assert.Equal((uint)world.Facts.Prefixes.Length, status.Prefixes);
        Assert.True(status.Optimum.UnservedMbps <= status.Greedy.UnservedMbps);
        Assert.Equal(status.Optimum.DemandMbps, status.Greedy.DemandMbps);
        Assert.Matches("^[0-9a-f]{64}$", status.ContentHash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dispatch.v1.Routing")]
    [InlineData("dispatch.v1.Relay")]
    [InlineData("dispatch.v1.Status")]
    public async Task Check_Health_IsServing(string service) =>
        Assert.Equal(ServingStatus.Serving, (await new Grpc.Health.V1.Health.HealthClient(_service.Channel).CheckAsync(new HealthCheckRequest { Service = service })).Status);

    [Fact]
    public async Task Reflection_ListServices_NamesThemAll()
    {
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(_service.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        IEnumerable<string> names = call.ResponseStream.Current.ListServicesResponse.Service.Select(static s => s.Name);
        Assert.Superset(new HashSet<string> { "dispatch.v1.Routing", "dispatch.v1.Relay", "dispatch.v1.Status", "grpc.health.v1.Health" }, names.ToHashSet());
        await call.RequestStream.CompleteAsync();
    }

    private static void CheckPath(World world, Edge edge, UpstreamPath path)
    {
        Assert.NotEmpty(path.Hops);
        Assert.Equal(path.OriginId, path.Hops[^1].NodeId);
        Assert.Equal(path.RttUs, (uint)path.Hops.Sum(static h => h.RttUs));
        Assert.True(world.Law.Allows(edge.Jurisdiction, NodeKind.Origin, world.Origins[world.OriginOrdinal(path.OriginId)].Jurisdiction));
        foreach (Hop hop in path.Hops.SkipLast(1))
            Assert.True(world.Law.Allows(edge.Jurisdiction, NodeKind.Relay, world.Relays[world.RelayOrdinal(hop.NodeId)].Jurisdiction));
    }

    /// <summary>A path that says it is disjoint shares no relay and no relay's fault domain with those before it.</summary>
    private static void CheckDisjoint(World world, RouteReply reply)
    {
        HashSet<string> before = [];
        foreach (UpstreamPath path in reply.Paths)
        {
            string[] domains = [.. path.Hops.SkipLast(1).Select(h => world.Relays[world.RelayOrdinal(h.NodeId)].FaultDomain)];
            Assert.Equal(path.Disjoint, !domains.Any(before.Contains));
            before.UnionWith(domains);
        }
    }
}
