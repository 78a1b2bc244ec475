using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Overload;

/// <summary>What keeps the process answering when more is asked than it can do, put together.</summary>
internal sealed class OverloadParts : IDisposable
{
    // For those who watch: balancers, probers, a scrape.
    private const int Surplus = 64;

    private readonly ILogger<OverloadParts> _log;
    private readonly Admission _usual, _surplus;

    public OverloadParts(OverloadSettings settings, TimeProvider time, ILogger<OverloadParts> log)
    {
        _log = log;
        Shedding = new(settings);
        (_usual, _surplus) = (new(Shedding, isSurplus: false), new(Shedding, isSurplus: true));
        Calls = new(settings, Shedding);
        // Processors know no other clock than the machine's.
        Probe = new(Shedding, static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false), TimeProvider.System);
        Connections =
        [
            new(EndpointDefaults.Grpc, settings.GrpcConnections, Surplus, time), new(EndpointDefaults.Http, settings.HttpConnections, Surplus, time),
            new(EndpointDefaults.Admin, settings.AdminConnections, 0, time),
        ];
        Probe.Start();
    }

    public Shedding Shedding { get; }

    public QueueProbe Probe { get; }

    public CallLimit Calls { get; }

    public IReadOnlyList<ConnectionLimit> Connections { get; }

    /// <summary>Has the connections of an endpoint counted, and their calls judged.</summary>
    public void Guard(ListenOptions listen, string endpoint) => Connections.Single(limit => limit.Endpoint == endpoint).Apply(listen, RunAsync, _log);

    public void Dispose() => Probe.Dispose();

    private Task RunAsync(ConnectionContext connection, bool isSurplus, ConnectionDelegate next)
    {
        Admission admission = isSurplus ? _surplus : _usual;
        connection.Features.Set(admission);
        connection.Features.Set<ICallAdmission>(admission);
        return next(connection);
    }
}

/// <summary>Puts limits before endpoints and calls.</summary>
internal static class OverloadExtensions
{
    private const string RetrySeconds = "2";

    // For the loops to end what they have begun, after the last connection.
    private static readonly TimeSpan LoopsTime = TimeSpan.FromSeconds(20);

    /// <summary>Adds the parts.</summary>
    public static IServiceCollection AddOverload(this IServiceCollection services, ServiceSettings settings) => services
        .AddSingleton(settings.Overload).AddSingleton(settings.Shutdown).AddSingleton<OverloadParts>()
        .AddSingleton(static parts => parts.GetRequiredService<OverloadParts>().Shedding)
        .AddHostedService<ShedWatch>().AddHostedService<LameDuck>()
        .Configure<HostOptions>(host => host.ShutdownTimeout = settings.Shutdown.Delay + settings.Shutdown.Timeout + LoopsTime);

    /// <summary>Has a surplus connection of the Http endpoint answered about health alone, and adds the figures to the meter.</summary>
    public static void UseOverload(this WebApplication app)
    {
        OverloadParts parts = app.Services.GetRequiredService<OverloadParts>();
        OverloadGauges.AddTo(app.Services.GetRequiredService<DispatchMeter>().Meter, parts);
        app.Use((http, next) =>
        {
            if (!ReferenceEquals(http.Features.Get<Plane>(), Plane.Http) || http.Features.Get<Admission>() is not { IsSurplus: true } || TellsHealth(http.Request.Path)) return next(http);
            _ = parts.Shedding.Refuse(ShedReason.Connections);
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = RetrySeconds;
            http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
    }

    /// <summary>Has the calls of a service pass the limits first.</summary>
    public static void LimitCalls(this GrpcServiceEndpointConventionBuilder service, CallLimit limit) => service.Add(endpoint =>
    {
        RequestDelegate inner = endpoint.RequestDelegate ?? throw new InvalidOperationException("The endpoint has nothing to run.");
        IMethod? method = endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method;
        // What gRPC maps for unknown methods of a service can wait.
        (CallClass kind, MethodType type) = method is null ? (CallClass.Bulk, MethodType.Unary) : (CallClasses.Of(method.FullName.TrimStart('/')), method.Type);
        endpoint.RequestDelegate = http => limit.RunAsync(kind, type, http, inner);
    });

    private static bool TellsHealth(PathString path) => path.StartsWithSegments("/healthz", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
