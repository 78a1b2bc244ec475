using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using TrafficDispatch.Service.Rpc;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class HealthTests(EchoServer server)
{
    private HealthService Service => server.Services.GetRequiredService<HealthService>();

    private Health.HealthClient Client => new(server.Channel);

    [Fact]
    public async Task Check_WholeServer_Serves() =>
        Assert.Equal(ServingStatus.Serving, (await Client.CheckAsync(new HealthCheckRequest())).Status);

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        RpcException e = await EchoServer.Failure(async () => await Client.CheckAsync(new HealthCheckRequest { Service = "unheard.of" }));
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
    }

    [Fact]
    public async Task List_KnownServices_HasThem()
    {
        Service.SetStatus("listed", ServingStatus.NotServing);
        HealthListResponse list = await Client.ListAsync(new HealthListRequest());
        Assert.Equal(ServingStatus.NotServing, list.Statuses["listed"].Status);
        Assert.Equal(ServingStatus.Serving, list.Statuses[string.Empty].Status);
    }

    [Fact]
    public async Task Watch_ServiceAppearsAndChanges_IsTold()
    {
        using var watch = Client.Watch(new HealthCheckRequest { Service = "watched" });
        await ExpectNext(watch, ServingStatus.ServiceUnknown);
        Service.SetStatus("watched", ServingStatus.Serving);
        await ExpectNext(watch, ServingStatus.Serving);
        Service.SetStatus("watched", ServingStatus.Serving);
        Service.SetStatus("watched", ServingStatus.NotServing);
        await ExpectNext(watch, ServingStatus.NotServing);
        Service.ClearStatus("watched");
        await ExpectNext(watch, ServingStatus.ServiceUnknown);
    }

    [Fact]
    public async Task Watch_ServerStops_EndsUnavailable()
    {
        await using var app = EchoHost.EchoApp.Create(EchoHost.EchoApp.Loopback(0));
        await app.StartAsync();
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(app.Urls.First());
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        await ExpectNext(watch, ServingStatus.Serving);
        Task stopping = app.StopAsync();
        RpcException e = await EchoServer.Failure(() => watch.ResponseStream.MoveNext().InTime());
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        await stopping.InTime();
    }

    private static async Task ExpectNext(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus expected)
    {
        Assert.True(await watch.ResponseStream.MoveNext().InTime());
        Assert.Equal(expected, watch.ResponseStream.Current.Status);
    }
}
