using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests;

/// <summary>An echo server on a free loopback port, with a channel to it and a plain HTTP/2 client for requests that no gRPC client sends.</summary>
public sealed class EchoServer : IAsyncLifetime
{
    private readonly WebApplication _app = EchoApp.Create(EchoApp.Loopback(0));
    private GrpcChannel? _channel;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public string Address => _app.Urls.First();

    public IServiceProvider Services => _app.Services;

    public EchoService Service => _app.Services.GetRequiredService<EchoService>();

    public GrpcChannel Channel => _channel!;

    public Echo.EchoClient Echo => new(Channel);

    public CompressedEcho.CompressedEchoClient Compressed => new(Channel);

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(Address);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>What a call failed with; a call that succeeds fails the test.</summary>
    public static Task<RpcException> Failure(Func<Task> call) => Assert.ThrowsAsync<RpcException>(call);
}

[CollectionDefinition(nameof(EchoServer))]
public sealed class EchoServerCollection : ICollectionFixture<EchoServer>;
