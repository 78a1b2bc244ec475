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

namespace TrafficDispatch.Cli.Tests;

/// <summary>What the fake service answers with, and what it was asked.</summary>
internal sealed class FakeAnswers
{
    public Func<ResolveRequest, CancellationToken, Task<ResolveReply>> Resolve { get; set; } = static (_, _) => Task.FromResult(new ResolveReply());

    public Func<RouteRequest, RouteReply> Route { get; set; } = static _ => new RouteReply();

    public Func<IngestRequest, IngestReply> Ingest { get; set; } = static _ => new IngestReply();

    public Func<StatusReply> Status { get; set; } = static () => new StatusReply();

    /// <summary>Every report of probes, with the header that came with it.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(ProbeReport Report, string Authorization)> Probed { get; } = [];

    public Func<ProbeReport, StatusCode> Probe { get; set; } = static _ => StatusCode.OK;

    public Func<DrainRequest, string, OverridesReply> Drain { get; set; } = static (request, _) => new OverridesReply { Changed = (uint)request.Targets.Count };

    /// <summary>The last drain, with the header that came with it.</summary>
    public (DrainRequest Request, string Authorization)? Drained { get; set; }

    public ResolveRequest? Resolved { get; set; }

    public RouteRequest? Routed { get; set; }

    public IngestRequest? Published { get; set; }
}

/// <summary>A service over real HTTP/2 on a port of its own that answers what a test told it.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeService(WebApplication app, FakeAnswers answers) => (_app, Answers) = (app, answers);

    public FakeAnswers Answers { get; }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeService> StartAsync()
    {
        FakeAnswers answers = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static o => o.Listen(System.Net.IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(answers);
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<FakeRouting>();
        app.MapGrpcService<FakeRelay>();
        app.MapGrpcService<FakeStatus>();
        app.MapGrpcService<FakeProbes>();
        app.MapGrpcService<FakeAdmin>();
        await app.StartAsync();
        return new(app, answers);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

internal sealed class FakeRouting(FakeAnswers answers) : Routing.RoutingBase
{
    public override Task<ResolveReply> Resolve(ResolveRequest request, ServerCallContext context)
    {
        answers.Resolved = request;
        return answers.Resolve(request, context.CancellationToken);
    }
}

internal sealed class FakeRelay(FakeAnswers answers) : Relay.RelayBase
{
    public override Task<RouteReply> Route(RouteRequest request, ServerCallContext context)
    {
        answers.Routed = request;
        return Task.FromResult(answers.Route(request));
    }

    public override Task<IngestReply> Ingest(IngestRequest request, ServerCallContext context)
    {
        answers.Published = request;
        return Task.FromResult(answers.Ingest(request));
    }
}

internal sealed class FakeStatus(FakeAnswers answers) : Protocol.V1.Status.StatusBase
{
    public override Task<StatusReply> Get(StatusRequest request, ServerCallContext context) => Task.FromResult(answers.Status());
}

internal sealed class FakeProbes(FakeAnswers answers) : Probes.ProbesBase
{
    public override async Task<ProbeSummary> Report(IAsyncStreamReader<ProbeReport> requestStream, ServerCallContext context)
    {
        ProbeSummary summary = new();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            answers.Probed.Enqueue((requestStream.Current, context.RequestHeaders.GetValue("authorization") ?? ""));
            if (answers.Probe(requestStream.Current) is not StatusCode.OK and var code) throw new RpcException(new Grpc.Core.Status(code, "not you"));
            summary.Taken++;
        }
        return summary;
    }
}

internal sealed class FakeAdmin(FakeAnswers answers) : Admin.AdminBase
{
    public override Task<OverridesReply> Drain(DrainRequest request, ServerCallContext context)
    {
        string authorization = context.RequestHeaders.GetValue("authorization") ?? "";
        answers.Drained = (request, authorization);
        return Task.FromResult(answers.Drain(request, authorization));
    }
}
