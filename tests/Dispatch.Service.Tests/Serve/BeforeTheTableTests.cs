using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using TrafficDispatch.Protocol.CoreDns;
using TrafficDispatch.Protocol.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TrafficDispatch.Service.Tests.Serve;

/// <summary>A world whose every edge is healthy but whose solve cannot be kept on disk has no table: the state folder is gone.</summary>
public sealed class BeforeTheTableTests
{
    [Fact]
    public async Task AllServices_BeforeTheFirstTable_SaySo()
    {
        using TestWorld world = TestWorld.Small().Save();
        using StateDirectory state = new();
        await using TestService service = TestService.Create(world.Directory, state.Path, null, "Dns:Zones=example.org");
        Directory.Delete(state.Path, recursive: true);
        Task first = service.CyclesReach(1);
        await service.StartAsync();
        await first;

        Grpc.Core.Status refused = await service.Refusal(new() { RegionId = "FR-01" });
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("no table yet", refused.Detail, StringComparison.Ordinal);
        RpcException route = await Assert.ThrowsAsync<RpcException>(async () => await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "s" }));
        Assert.Equal(StatusCode.Unavailable, route.StatusCode);
        StatusReply status = await service.Status();
        Assert.Equal(("no_table", 1ul, 0ul), (status.State, status.PublishFailuresTotal, status.PublishesTotal));
        Assert.Contains("State:Path", status.LastError, StringComparison.Ordinal);
        Assert.Equal(ServingStatus.NotServing, (await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new HealthCheckRequest())).Status);
        using HttpClient http = new();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri(service.HttpUrl + "/healthz/ready"))).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync(new Uri(service.HttpUrl + "/healthz/live"))).StatusCode);
        DnsPacket question = new() { Msg = ByteString.CopyFrom(new byte[12]) };
        RpcException unanswered = await Assert.ThrowsAsync<RpcException>(async () => await new DnsService.DnsServiceClient(service.Channel).QueryAsync(question));
        Assert.Equal(StatusCode.Unavailable, unanswered.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri(service.HttpUrl + "/dns/lookup/live.example.net/ANY"))).StatusCode);
        Assert.Equal(ServingStatus.NotServing, (await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new HealthCheckRequest { Service = "coredns.dns.DnsService" })).Status);
        Assert.Contains("no_table", await http.GetStringAsync(new Uri(service.HttpUrl + "/plain")), StringComparison.Ordinal);

        // The disk is mended: the next cycle serves.
        Directory.CreateDirectory(state.Path);
        await service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.NotEmpty((await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        Assert.Equal("ready", (await service.Status()).State);
        Assert.Equal(ServingStatus.Serving, (await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new HealthCheckRequest())).Status);
        // DNS questions are for the zones that were set; the services' hosts lie in none of them, and the log says so.
        Assert.Single(service.Log.All, static l => l.Contains("live.example.net., of a service or of Dns:Hosts, lies in no zone", StringComparison.Ordinal));
    }
}
