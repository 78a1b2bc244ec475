using Grpc.AspNetCore.Server;

namespace TrafficDispatch.Service.Rpc;

/// <summary>Health and reflection together, as every gRPC endpoint offers them.</summary>
public static class StandardRpc
{
    /// <summary>Registers the services; health is the singleton <see cref="HealthService"/>, set it there.</summary>
    public static IServiceCollection AddStandardRpc(this IServiceCollection services) => services
        .AddSingleton<HealthService>()
        .AddSingleton<ReflectionService>()
        .AddSingleton<ReflectionAlphaService>();

    /// <summary>Maps health, reflection v1 and v1alpha, and ends health watches when the application stops.</summary>
    /// <returns>One builder a service, for conventions.</returns>
    public static IReadOnlyList<GrpcServiceEndpointConventionBuilder> MapStandardRpc(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            .Register(services.GetRequiredService<HealthService>().Shutdown);
        return
        [
            endpoints.MapGrpcService<HealthService>(),
            endpoints.MapGrpcService<ReflectionService>(),
            endpoints.MapGrpcService<ReflectionAlphaService>(),
        ];
    }
}
