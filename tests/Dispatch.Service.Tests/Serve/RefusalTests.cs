using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using Status = Grpc.Core.Status;

namespace TrafficDispatch.Service.Tests.Serve;

public sealed class RefusalTests(SmallWorldService shared) : IClassFixture<SmallWorldService>
{
    private readonly TestService _service = shared.Service;

    public static TheoryData<string, ResolveRequest> Invalid => new()
    {
        { "client must be given", new() },
        { "client_ip is '203.0.113.256': must be one IPv4 or IPv6 address", new() { ClientIp = "203.0.113.256" } },
        { "client_ip is '': must", new() { ClientIp = "" } },
        { "client_ip is '010.0.0.1'", new() { ClientIp = "010.0.0.1" } },
        { "client_ip is 'fe80::1%eth0'", new() { ClientIp = "fe80::1%eth0" } },
        { "client_ip is '192.0.2.1\uFFFD'", new() { ClientIp = "192.0.2.1\n" } },
        { "client_subnet is '192.0.2.1/24': bits beyond the length must be zero (did you mean 192.0.2.0/24?)", new() { ClientSubnet = "192.0.2.1/24" } },
        { "client_subnet is '192.0.2.0': must be address/length", new() { ClientSubnet = "192.0.2.0" } },
        { "client_subnet is '192.0.2.0/33': the length must be 0 to 32", new() { ClientSubnet = "192.0.2.0/33" } },
        { "client_ip_bytes holds 5 bytes: must be 4 or 16", new() { ClientIpBytes = ByteString.CopyFrom(1, 2, 3, 4, 5) } },
        { "session_key holds 257 bytes: must be at most 256", new() { RegionId = "FR-01", SessionKey = new string('k', 257) } },
        { "session_key holds 258 bytes", new() { RegionId = "FR-01", SessionKey = new string('é', 129) } },
        { "count is '17': must be 1 to 16", new() { RegionId = "FR-01", Count = 17 } },
        { "count is '4294967295'", new() { RegionId = "FR-01", Count = uint.MaxValue } },
        { "exclude names 65 edges: must name at most 64", new() { RegionId = "FR-01", Exclude = { Enumerable.Repeat("own-par", 65) } } },
    };

    public static TheoryData<string, ResolveRequest> Unknown => new()
    {
        { "region_id is 'XX-99': no region", new() { RegionId = "XX-99" } },
        { "region_id is '': no region", new() { RegionId = "" } },
        { "service is 'nosuch': no service or host", new() { RegionId = "FR-01", Service = "nosuch" } },
        { "exclude[1] is 'nosuch': no edge", new() { RegionId = "FR-01", Exclude = { "own-par", "nosuch" } } },
        { "exclude[0] is 'rl-par': no edge", new() { RegionId = "FR-01", Exclude = { "rl-par" } } },
    };

    public static TheoryData<string, StatusCode, RouteRequest> Routes => new()
    {
        { "node_id must be given", StatusCode.InvalidArgument, new() { StreamKey = "news" } },
        { "node_id is 'nosuch': no edge or relay", StatusCode.NotFound, new() { NodeId = "nosuch", StreamKey = "news" } },
        { "node_id is 'og-par': must be an edge or a relay", StatusCode.InvalidArgument, new() { NodeId = "og-par", StreamKey = "news" } },
        { "stream_key must be given", StatusCode.InvalidArgument, new() { NodeId = "own-par" } },
        { "stream_key holds 513 bytes: must be at most 512", StatusCode.InvalidArgument, new() { NodeId = "own-par", StreamKey = new string('s', 513) } },
        { "count is '4': must be 1 to 3", StatusCode.InvalidArgument, new() { NodeId = "own-par", StreamKey = "news", Count = 4 } },
        { "exclude[0] is 'nosuch': no node", StatusCode.NotFound, new() { NodeId = "own-par", StreamKey = "news", Exclude = { "nosuch" } } },
        {
            "exclude names 65 nodes: must name at most 64", StatusCode.InvalidArgument,
            new() { NodeId = "own-par", StreamKey = "news", Exclude = { Enumerable.Repeat("rl-par", 65) } }
        },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Resolve_InvalidField_IsNamedWithValueAndRule(string detail, ResolveRequest request)
    {
        Status status = await _service.Refusal(request);
        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.StartsWith(detail, status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Resolve_UnknownName_IsNotFound(string detail, ResolveRequest request)
    {
        Status status = await _service.Refusal(request);
        Assert.Equal(StatusCode.NotFound, status.StatusCode);
        Assert.StartsWith(detail, status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_BadField_IsNamedWithValueAndRule(string detail, StatusCode code, RouteRequest request)
    {
        Status status = (await Assert.ThrowsAsync<RpcException>(async () => await _service.Relay.RouteAsync(request))).Status;
        Assert.Equal(code, status.StatusCode);
        Assert.StartsWith(detail, status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_LongestAllowedFields_AreAnswered()
    {
        ResolveReply reply = await _service.Resolve(new()
        {
            RegionId = "FR-01",
            Service = "bulk",
            SessionKey = new string('k', 256),
            Count = 16,
            Exclude = { Enumerable.Repeat("own-bos", 64) },
        });
        Assert.NotEmpty(reply.Edges);
        Assert.DoesNotContain(reply.Edges, static e => e.Id == "own-bos");
    }
}
