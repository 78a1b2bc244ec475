using System.Collections.Concurrent;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Docs.Tests.Samples;

/// <summary>What <c>Resolve</c> answers, and what it was asked.</summary>
internal sealed class Script
{
    public Func<ResolveRequest, ServerCallContext, ResolveReply> Answer { get; set; } = static (_, _) => new();

    public ConcurrentQueue<ResolveRequest> Asked { get; } = [];
}

/// <summary>A service over real HTTP/2 whose <c>Resolve</c> a test writes: failures that the real one shows under load come when they are wanted.</summary>
internal sealed class ScriptedRouting : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedRouting(WebApplication app, Script script) => (_app, Script) = (app, script);

    public Script Script { get; }

    /// <summary>HOST:PORT.</summary>
    public string Address => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public static async Task<ScriptedRouting> StartAsync()
    {
        Script script = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static o => o.Listen(System.Net.IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(script);
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<Answers>();
        await app.StartAsync();
        return new(app, script);
    }

    /// <summary>Ends it: connections are cut, and nobody listens.</summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed class Answers(Script script) : Routing.RoutingBase
    {
        public override Task<ResolveReply> Resolve(ResolveRequest request, ServerCallContext context)
        {
            script.Asked.Enqueue(request);
            return Task.FromResult(script.Answer(request, context));
        }
    }
}
