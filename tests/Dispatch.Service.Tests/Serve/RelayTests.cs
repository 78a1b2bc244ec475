using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Serve;

/// <summary>Planned streams, last resorts and ingest over the shipped world, by real calls.</summary>
public sealed class RelayTests(ShippedWorldService shared) : IClassFixture<ShippedWorldService>
{
    private readonly TestService _service = shared.Service;

    [Fact]
    public async Task Route_RegisteredStreams_FollowThePlanWithinThreeHopsAndTheLaw()
    {
        World world = ShippedWorld.World;
        int planned = 0, lastResorts = 0;
        foreach (LiveStream stream in world.Facts.Streams.Take(6))
        {
            foreach (Edge edge in world.Edges.Where(static (_, i) => i % 7 == 0))
            {
                RouteReply reply = await _service.Relay.RouteAsync(new() { NodeId = edge.Id, StreamKey = stream.Key });
                bool lawful = world.Law.Allows(edge.Jurisdiction, NodeKind.Origin, world.Origins[world.OriginOrdinal(stream.OriginId)].Jurisdiction);
                if (!lawful) Assert.Equal(ReasonCode.NoPath, reply.ReasonCode);
                foreach (UpstreamPath path in reply.Paths.Concat(reply.LastResort is null ? [] : [reply.LastResort])) CheckPath(world, edge, stream, path);
                Assert.All(reply.Paths.Skip(1), static p => Assert.False(p.Planned));
                Assert.Equal((ulong)Math.Round(stream.BitrateMbps * 1000), reply.BitrateKbps);
                planned += reply.Paths.Count > 0 && reply.Paths[0].Planned ? 1 : 0;
                lastResorts += reply.LastResort is null ? 0 : 1;
            }
        }
        Assert.True(planned > 50 && lastResorts > 50, $"{planned} planned, {lastResorts} last resorts");
    }

    /// <summary>The chain that an edge is told is the chain that its relays are told.</summary>
    [Fact]
    public async Task Route_PlannedChain_IsTheRelaysOwn()
    {
        World world = ShippedWorld.World;
        LiveStream stream = world.Facts.Streams[0];
        foreach (Edge edge in world.Edges.Where(static (_, i) => i % 11 == 0))
        {
            RouteReply reply = await _service.Relay.RouteAsync(new() { NodeId = edge.Id, StreamKey = stream.Key, Count = 1 });
            if (reply.Paths.Count == 0 || !reply.Paths[0].Planned) continue;
            for (int i = 0; i + 1 < reply.Paths[0].Hops.Count; i++)
            {
                RouteReply relay = await _service.Relay.RouteAsync(new() { NodeId = reply.Paths[0].Hops[i].NodeId, StreamKey = stream.Key, Count = 1 });
                Assert.True(relay.Paths[0].Planned);
                Assert.Equal(reply.Paths[0].Hops.Skip(i + 1).Select(static h => h.NodeId), relay.Paths[0].Hops.Select(static h => h.NodeId));
            }
        }
    }

    [Fact]
    public async Task Route_AllRankedPathsExcluded_AnswersWithTheLastResort()
    {
        RouteReply first = await _service.Relay.RouteAsync(new() { NodeId = "own-fra", StreamKey = "harbour-news" });
        Assert.NotNull(first.LastResort);
        Assert.True(first.LastResort.LastResort);
        string[] kept = [.. first.LastResort.Hops.Select(static h => h.NodeId)];
        RouteRequest request = new() { NodeId = "own-fra", StreamKey = "harbour-news" };
        foreach (Model.Relay relay in ShippedWorld.World.Relays)
            if (!kept.Contains(relay.Id)) request.Exclude.Add(relay.Id);
        RouteReply left = await _service.Relay.RouteAsync(request);
        Assert.Contains(left.ReasonCode, (ReasonCode[])[ReasonCode.LastResort, ReasonCode.StreamOrigin]);
        Assert.Contains(left.Paths.Concat(left.LastResort is null ? [] : [left.LastResort]), p => p.Hops.Select(static h => h.NodeId).SequenceEqual(kept));
    }

    [Fact]
    public async Task Ingest_RegionsAndNodes_GetLawfulOriginsWithRoom()
    {
        World world = ShippedWorld.World;
        foreach (ClientRegion region in world.Regions.Where(static (r, i) => i % 9 == 0 || r.InJurisdictionOnly))
        {
            IngestReply reply = await _service.Relay.IngestAsync(new() { RegionId = region.Id, BitrateKbps = 12_000 });
            Assert.Equal((ReasonCode.IngestOrigin, region.Id), (reply.ReasonCode, reply.RegionId));
            Assert.All(reply.Origins, o => Assert.True(world.Law.Allows(region.Jurisdiction, NodeKind.Origin, world.Origins[world.OriginOrdinal(o.Id)].Jurisdiction)));
            Assert.All(reply.Origins, static o => Assert.True(o.RoomKbps >= 12_000 && o.WeightUs >= o.RttUs));
            Assert.Equal(reply.Origins.OrderBy(static o => o.WeightUs), reply.Origins);
        }
        Assert.Equal("og-2", (await _service.Relay.IngestAsync(new() { RegionId = "DE-03" })).Origins[0].Id);
        Assert.Equal("og-4", (await _service.Relay.IngestAsync(new() { NodeId = "rl-tokyo", Count = 1 })).Origins.Single().Id);
        Assert.DoesNotContain((await _service.Relay.IngestAsync(new() { NodeId = "own-fra", Exclude = { "og-2" } })).Origins, static o => o.Id == "og-2");
        IngestReply chinese = await _service.Relay.IngestAsync(new() { RegionId = "CN-01" });
        Assert.All(chinese.Origins, static o => Assert.Equal("CN", ShippedWorld.World.Origins[ShippedWorld.World.OriginOrdinal(o.Id)].Jurisdiction));
    }

    [Fact]
    public async Task Ingest_TooMuchOrNowhere_SaysWhy()
    {
        IngestReply full = await _service.Relay.IngestAsync(new() { RegionId = "DE-03", BitrateKbps = 1_000_000_000 });
        Assert.Equal((ReasonCode.IngestOrigin, true), (full.ReasonCode, full.Origins.All(static o => o.RoomKbps >= 1_000_000_000)));
        IngestReply nowhere = await _service.Relay.IngestAsync(new() { ClientIp = "192.0.2.1" });
        Assert.Equal((ReasonCode.NoOrigin, 0), (nowhere.ReasonCode, nowhere.Origins.Count));
        Assert.Contains("in no region", nowhere.Reason, StringComparison.Ordinal);
        Assert.NotEmpty((await _service.Relay.IngestAsync(new() { ClientIp = "8.8.8.8" })).RegionId);
    }

    public static TheoryData<IngestRequest, StatusCode, string> Refused => new()
    {
        { new(), StatusCode.InvalidArgument, "publisher must be given" },
        { new() { ClientIp = "fe80" }, StatusCode.InvalidArgument, "client_ip is 'fe80'" },
        { new() { RegionId = "ZZ-99" }, StatusCode.NotFound, "region_id is 'ZZ-99'" },
        { new() { NodeId = "nobody" }, StatusCode.NotFound, "node_id is 'nobody'" },
        { new() { NodeId = "og-1" }, StatusCode.InvalidArgument, "node_id is 'og-1'" },
        { new() { RegionId = "DE-03", Count = 4 }, StatusCode.InvalidArgument, "count is '4'" },
        { new() { RegionId = "DE-03", BitrateKbps = 1_000_000_001 }, StatusCode.InvalidArgument, "bitrate_kbps" },
        { new() { RegionId = "DE-03", Exclude = { "og-77" } }, StatusCode.NotFound, "exclude[0] is 'og-77'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Ingest_BadRequest_IsRefusedByField(IngestRequest request, StatusCode status, string says)
    {
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(async () => await _service.Relay.IngestAsync(request));
        Assert.Equal(status, refusal.StatusCode);
        Assert.Contains(says, refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_StreamThatExpires_IsRoutedUntilThenOnly()
    {
        using TestWorld world = TestWorld.Small().With("streams.csv",
            "stream,origin_id,bitrate_mbps,variants_mbps,expires_utc", "news,og-par,8.5,6;1.5;1,2026-03-04T10:30:20Z", "film,og-par,3,,").Save();
        using StateDirectory state = new();
        await using TestService service = await TestService.StartAsync(world.Directory, state.Path, null, "Solve:Interval=01:00:00");
        RouteReply before = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "news" });
        Assert.Equal((ReasonCode.StreamOrigin, 20u, 8500ul), (before.ReasonCode, before.Ttl, before.BitrateKbps));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 10, 30, 20, TimeSpan.Zero).ToUnixTimeMilliseconds(), (long)before.ExpiresUnixMs);
        service.Clock.Advance(TimeSpan.FromSeconds(20));
        RouteReply after = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "news" });
        Assert.Equal((ReasonCode.StreamExpired, 0), (after.ReasonCode, after.Paths.Count));
        Assert.Contains("expired at 2026-03-04T10:30:20Z", after.Reason, StringComparison.Ordinal);
        RouteReply film = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "film" });
        Assert.Equal((ReasonCode.StreamOrigin, 0ul), (film.ReasonCode, film.ExpiresUnixMs));
    }

    private static void CheckPath(World world, Edge edge, LiveStream stream, UpstreamPath path)
    {
        Assert.Equal(stream.OriginId, path.OriginId);
        Assert.InRange(path.Depth, 2u, 3u);
        Assert.True(path.WeightUs >= path.RttUs);
        string[] laws = [edge.Jurisdiction, .. path.Hops.SkipLast(1).Select(h => world.Relays[world.RelayOrdinal(h.NodeId)].Jurisdiction)];
        for (int i = 0; i < laws.Length; i++)
        {
            Assert.True(world.Law.Allows(laws[i], NodeKind.Origin, world.Origins[world.OriginOrdinal(path.OriginId)].Jurisdiction));
            Assert.All(laws.Skip(Math.Max(1, i)), relay => Assert.True(world.Law.Allows(laws[i], NodeKind.Relay, relay)));
        }
    }
}
