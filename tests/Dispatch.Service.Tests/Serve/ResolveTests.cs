using Google.Protobuf;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Serve;

public sealed class ResolveTests(SmallWorldService shared) : IClassFixture<SmallWorldService>
{
    private readonly TestService _service = shared.Service;

    [Theory]
    [InlineData("192.0.2.7", "FR-01")]
    [InlineData("::ffff:192.0.2.7", "FR-01")]
    [InlineData("192.0.2.200", "")]
    [InlineData("203.0.113.9", "")]
    [InlineData("2001:db8::1", "US-01")]
    [InlineData("2001:db8:1::1", "CN-01")]
    [InlineData("2001:db9::1", "")]
    public async Task Resolve_ClientAddress_FindsItsRegion(string address, string region)
    {
        ResolveReply reply = await _service.Resolve(new() { ClientIp = address, Service = "live" });
        Assert.Equal(region, reply.RegionId);
        Assert.NotEmpty(reply.Edges);
        Assert.Equal(region.Length == 0, reply.ReasonCode == ReasonCode.DefaultRoute);
        Assert.NotEmpty(reply.Reason);
        Assert.Equal(20u, reply.Ttl);
    }

    [Fact]
    public async Task Resolve_AddressAsBytes_AnswersAsForItsText()
    {
        ResolveReply text = await _service.Resolve(new() { ClientIp = "192.0.2.7" });
        Assert.Equal(text, await _service.Resolve(new() { ClientIpBytes = ByteString.CopyFrom(192, 0, 2, 7) }));
        byte[] mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 7];
        Assert.Equal(text, await _service.Resolve(new() { ClientIpBytes = ByteString.CopyFrom(mapped) }));
    }

    [Fact]
    public async Task Resolve_Answer_CarriesVersionEndpointsAndService()
    {
        ResolveReply reply = await _service.Resolve(new() { ClientIp = "192.0.2.7" });
        StatusReply status = await _service.Status();
        Assert.Equal((status.TableEpoch, status.TableVersion), (reply.TableEpoch, reply.TableVersion));
        Assert.Equal("live", reply.Service);
        EdgeChoice paris = Assert.Single(reply.Edges, static e => e.Id == "own-par");
        Assert.Equal([(EndpointType.A, "198.18.0.1"), (EndpointType.Aaaa, "2001:db8::1")], paris.Endpoints.Select(static e => (e.Type, e.Value)));
        Assert.All(reply.Edges, static e => Assert.StartsWith("own-", e.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resolve_ThirdPartyEdge_IsReachedByItsHostName()
    {
        ResolveReply reply = await _service.Resolve(new() { RegionId = "FR-01", Service = "bulk", Count = 16, Exclude = { "own-par", "own-bos", "own-pek" } });
        EdgeChoice cdn = Assert.Single(reply.Edges);
        Assert.Equal((EndpointType.Cname, "par.cdn.example.net"), (Assert.Single(cdn.Endpoints).Type, cdn.Endpoints[0].Value));
    }

    [Fact]
    public async Task Resolve_BoundRegion_StaysInsideItsLaw()
    {
        foreach (string service in (string[])["live", "bulk"])
        {
            ResolveReply reply = await _service.Resolve(new() { RegionId = "CN-01", Service = service, Count = 16 });
            Assert.All(reply.Edges, static e => Assert.Equal("own-pek", e.Id));
        }
    }

    [Fact]
    public async Task Resolve_Subnet_ScopeHoldsForEveryAddressInIt()
    {
        ResolveReply v6 = await _service.Resolve(new() { ClientSubnet = "2001:db8:1::/48" });
        Assert.Equal("CN-01", v6.RegionId);
        Assert.InRange(v6.ScopePrefixLen, 1u, 48u);
        ResolveReply v4 = await _service.Resolve(new() { ClientSubnet = "192.0.2.0/25" });
        Assert.Equal("FR-01", v4.RegionId);
        Assert.InRange(v4.ScopePrefixLen, 25u, 32u);
        ResolveReply sample = await _service.Resolve(new() { ClientIp = "192.0.2.100" });
        Assert.Equal(v4.Edges[0].Id, sample.Edges[0].Id);
    }

    [Fact]
    public async Task Resolve_Region_HasNoScope()
    {
        ResolveReply reply = await _service.Resolve(new() { RegionId = "US-01" });
        Assert.Equal(("US-01", 0u), (reply.RegionId, reply.ScopePrefixLen));
    }

    [Theory]
    [InlineData("", "live")]
    [InlineData("bulk", "bulk")]
    [InlineData("TV.example.net", "live")]
    [InlineData("get.example.net", "bulk")]
    [InlineData("get.example.net.", "bulk")]
    public async Task Resolve_ServiceByIdOrHost_IsFound(string asked, string service) =>
        Assert.Equal(service, (await _service.Resolve(new() { RegionId = "FR-01", Service = asked })).Service);

    [Fact]
    public async Task Resolve_ExcludedEdge_IsNotAnswered()
    {
        ResolveReply first = await _service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        ResolveReply second = await _service.Resolve(new() { RegionId = "FR-01", Service = "live", Exclude = { first.Edges.Select(static e => e.Id) } });
        Assert.Empty(first.Edges.Select(static e => e.Id).Intersect(second.Edges.Select(static e => e.Id)));
    }

    [Fact]
    public async Task Resolve_EveryEdgeExcluded_FallsBackAsTheServiceSays()
    {
        ResolveReply reply = await _service.Resolve(new()
        {
            RegionId = "FR-01",
            Service = "bulk",
            Exclude = { "own-par", "own-bos", "own-pek", "cdn-par" },
        });
        Assert.Equal((ReasonCode.Fallback, "origin.example.net"), (reply.ReasonCode, reply.FallbackHost));
        Assert.Empty(reply.Edges);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Resolve_Count_BoundsTheAnswer(int count)
    {
        ResolveReply reply = await _service.Resolve(new() { RegionId = "FR-01", Service = "bulk", Count = (uint)count });
        Assert.InRange(reply.Edges.Count, 1, count);
        Assert.Equal(reply.Edges.Count, reply.Edges.Select(static e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task Resolve_ShedService_TurnsAwayItsOverflowAndNoMore()
    {
        // The first wave of the evening asks for more than Beijing's one edge has: part of bulk is turned away there.
        int shed = 0;
        for (int i = 0; i < 300; i++)
        {
            ResolveReply reply = await _service.Resolve(new() { RegionId = "CN-01", Service = "bulk", SessionKey = $"user-{i}" });
            if (reply.ReasonCode != ReasonCode.Shed) continue;
            Assert.Empty(reply.Edges);
            shed++;
        }
        Assert.Equal((await _service.Status()).Optimum.UnservedMbps > 0, shed > 0);
        Assert.True(shed < 300);
    }

    [Fact]
    public async Task Resolve_SameSessionKey_ChoosesTheSameEdgeFromAnyAddress()
    {
        for (int i = 0; i < 50; i++)
        {
            ResolveReply a = await _service.Resolve(new() { ClientIp = "192.0.2.1", SessionKey = $"user-{i}" });
            ResolveReply b = await _service.Resolve(new() { ClientIp = "192.0.2.99", SessionKey = $"user-{i}" });
            Assert.Equal(a.Edges.Select(static e => e.Id), b.Edges.Select(static e => e.Id));
        }
    }

    [Fact]
    public async Task ResolveBatch_GoodAndBadRequests_AnswersEachByItselfFromOneTable()
    {
        ResolveRequest[] good = [new() { ClientIp = "192.0.2.7", Service = "live" }, new() { ClientSubnet = "2001:db8:1::/48", Count = 1 }, new() { RegionId = "US-01", SessionKey = "k" }];
        ResolveBatchReply reply = await _service.Routing.ResolveBatchAsync(new()
        {
            Requests = { good[0], new ResolveRequest { ClientIp = "nowhere" }, good[1], new ResolveRequest { RegionId = "XX-99" }, good[2] },
        });
        Assert.Equal(5, reply.Outcomes.Count);
        for (int i = 0; i < good.Length; i++) Assert.Equal(await _service.Resolve(good[i]), reply.Outcomes[2 * i].Reply);
        Assert.Equal((int)Grpc.Core.StatusCode.InvalidArgument, reply.Outcomes[1].Refusal.Code);
        Assert.Contains("client_ip is 'nowhere'", reply.Outcomes[1].Refusal.Message, StringComparison.Ordinal);
        Assert.Equal((int)Grpc.Core.StatusCode.NotFound, reply.Outcomes[3].Refusal.Code);
        Assert.Single(reply.Outcomes.Where(static o => o.Reply is not null).Select(static o => (o.Reply.TableEpoch, o.Reply.TableVersion, o.Reply.OverlayVersion)).Distinct());
    }

    [Fact]
    public async Task ResolveBatch_TooMany_IsRefusedAsAWhole()
    {
        ResolveBatchRequest request = new();
        for (int i = 0; i < 257; i++) request.Requests.Add(new ResolveRequest { RegionId = "US-01" });
        Grpc.Core.RpcException refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await _service.Routing.ResolveBatchAsync(request));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("requests holds 257 requests: must hold at most 256", refused.Status.Detail, StringComparison.Ordinal);
    }
}
