using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Tests.Control;

namespace TrafficDispatch.Service.Tests.Access;

/// <summary>The one table of who may make which call.</summary>
public sealed class RpcRulesTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    public static TheoryData<string> EveryRpc()
    {
        IEnumerable<FileDescriptor> files = typeof(Admin).Assembly.GetTypes()
            .Where(static t => t.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(static t => t.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>();
        return [.. files.SelectMany(static f => f.Services).SelectMany(static s => s.Methods).Select(static m => $"{m.Service.FullName}/{m.Name}")];
    }

    [Theory]
    [MemberData(nameof(EveryRpc))]
    public void All_EveryRpcOfTheProtocol_HasARule(string rpc) => Assert.True(RpcRules.All.ContainsKey(rpc), $"{rpc} needs a row in RpcRules");

    [Fact]
    public void All_EveryRpcOfAdmin_NeedsARole() =>
        Assert.All(Admin.Descriptor.Methods, static m => Assert.NotEqual(Roles.None, RpcRules.All[$"{m.Service.FullName}/{m.Name}"].AnyOf));

    /// <summary>By what is mapped, not by what is meant to be: an rpc that came past the gate would be found here.</summary>
    [Fact]
    public async Task AdminEndpoint_EveryRpcWithoutACredential_IsUnauthenticated()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path);
        string[] mapped = [.. service.Part<EndpointDataSource>().Endpoints.Where(static e => ReferenceEquals(e.Metadata.GetMetadata<Plane>(), Plane.Admin))
            .Select(static e => e.Metadata.GetMetadata<GrpcMethodMetadata>()).OfType<GrpcMethodMetadata>().Select(static m => m.Method.FullName).Distinct()];
        Assert.Equal(Admin.Descriptor.Methods.Count, mapped.Length);
        using HttpClient http = new();
        foreach (string path in mapped)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, service.AdminUrl + path) { Version = new(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(new byte[5]) };
            request.Content.Headers.ContentType = new("application/grpc");
            using HttpResponseMessage response = await http.SendAsync(request);
            Assert.Equal(((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture), response.Headers.GetValues("grpc-status").Single());
            // Ten failures a network: the eleventh would be told something else.
            service.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task GrpcAndHttpEndpoints_AdminRpc_IsNotThere()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path);
        using AdminCaller local = AdminCaller.Of(service, _state.Path);
        foreach (string host in (string[])["", new Uri(service.AdminUrl).Authority])
        {
            RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
                await new Admin.AdminClient(service.Channel).ListOverridesAsync(new ListOverridesRequest(), [.. local.Headers, .. host.Length > 0 ? [new("host", host)] : Array.Empty<Metadata.Entry>()]));
            Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
        }
        RpcException routing = await Assert.ThrowsAsync<RpcException>(async () => await new Routing.RoutingClient(local.Channel).ResolveAsync(new ResolveRequest { RegionId = "FR-01" }, local.Headers));
        Assert.Equal(StatusCode.Unimplemented, routing.StatusCode);
    }
}
