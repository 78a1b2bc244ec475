using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Tells how a service was registered; a built provider no longer does.</summary>
internal sealed class ServiceLifetimes(IServiceCollection services)
{
    /// <summary>Whether the registration that counts (the last without a key) is a singleton.</summary>
    public bool IsSingleton(Type service) =>
        services.LastOrDefault(d => d.ServiceType == service && !d.IsKeyedService)?.Lifetime == ServiceLifetime.Singleton;
}
