using Grpc.AspNetCore.Server;
using Grpc.Health.V1;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Rpc;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Planning;

/// <summary>Puts what planners may ask together.</summary>
internal static class PlannerParts
{
    // A scenario, and what is said around it.
    private const int LongestRequest = QuestionReader.LongestScenario + (64 * 1024);

    /// <summary>Adds the parts.</summary>
    public static IServiceCollection AddPlanner(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(settings.Planner).AddSingleton<LastOptimum>().AddSingleton<PlannerBaseline>().AddSingleton<RunLine>().AddSingleton<PlannerTally>();
        services.AddSingleton<PlannerDesk>().AddSingleton<PlannerService>();
        services.AddGrpc().AddServiceOptions<PlannerService>(static options => options.MaxReceiveMessageSize = LongestRequest);
        return services;
    }

    /// <summary>Maps the service on the Grpc endpoint, behind the gate and the limits, and adds its figures to the meter. It answers whatever the process does: also why it cannot.</summary>
    public static void MapPlanner(this WebApplication app)
    {
        IServiceProvider parts = app.Services;
        PlannerSettings settings = parts.GetRequiredService<PlannerSettings>();
        ILogger logger = parts.GetRequiredService<ILogger<PlannerDesk>>();
        PlannerLog.Settings(logger, settings.Runs, settings.Queue, settings.TimeLimit, settings.MaxCases);
        parts.GetRequiredService<PlannerTally>().AddTo(parts.GetRequiredService<DispatchMeter>().Meter, parts.GetRequiredService<RunLine>());
        GrpcServiceEndpointConventionBuilder planner = app.MapGrpcService<PlannerService>().RequireRoles(parts.GetRequiredService<AccessGate>());
        planner.Add(static endpoint => endpoint.Metadata.Add(Plane.Grpc));
        planner.LimitCalls(parts.GetRequiredService<OverloadParts>().Calls);
        parts.GetRequiredService<HealthService>().SetStatus(Planner.Descriptor.FullName, HealthCheckResponse.Types.ServingStatus.Serving);
    }
}
