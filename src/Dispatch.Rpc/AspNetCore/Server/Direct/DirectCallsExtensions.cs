using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grpc.AspNetCore.Server;

/// <summary>Lets raw unary methods answer below the request pipeline.</summary>
public static class DirectCallsExtensions
{
    /// <summary>
    /// Puts raw unary methods before the request pipeline, on connections that <see cref="UseDirectCalls"/> opens. Middleware does not see
    /// the calls that they answer; a call that asks for anything out of the ordinary (compression, a trace, an
    /// error) goes through the pipeline as before.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no server yet, or it was registered as an instance or by a factory.</exception>
    public static IServiceCollection AddDirectCalls(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Type server = services.LastOrDefault(static s => s.ServiceType == typeof(IServer))?.ImplementationType
            ?? throw new InvalidOperationException("Direct calls need a server, registered by its type, before them.");
        services.TryAddSingleton<DirectCalls>();
        services.Add(ServiceDescriptor.Singleton<IServer>(parts => new DirectServer(
            (IServer)ActivatorUtilities.CreateInstance(parts, server), parts.GetRequiredService<DirectCalls>())));
        return services;
    }

    /// <summary>Lets the connections of an endpoint take direct calls.</summary>
    public static ListenOptions UseDirectCalls(this ListenOptions endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Use(static next => connection =>
        {
            connection.Features.Set<IDirectCallsFeature>(DirectCallsMark.Instance);
            return next(connection);
        });
        return endpoint;
    }

    private sealed class DirectCallsMark : IDirectCallsFeature
    {
        public static readonly DirectCallsMark Instance = new();
    }
}
