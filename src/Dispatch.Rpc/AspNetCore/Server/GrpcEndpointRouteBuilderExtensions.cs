using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Maps gRPC services to endpoints.</summary>
/// <remarks>In the standard packages these methods are in <c>Microsoft.AspNetCore.Builder</c>.</remarks>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps every method of a service, each as POST on <c>/package.Service/Method</c>.</summary>
    /// <typeparam name="TService">
    /// A class that derives from a generated base. One instance serves all calls if it is registered as a singleton;
    /// otherwise each call gets one from its scope or a new one.
    /// </typeparam>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called, or the class has no generated base.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class => builder.MapGrpcService<TService>(static _ => { });

    /// <summary>Maps every method of a service, with raw methods before some of the unary ones.</summary>
    /// <exception cref="InvalidOperationException">A raw method has no unary method of its name, or the service is no singleton.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(
        this IEndpointRouteBuilder builder,
        Action<RawUnaryMethods<TService>> configureRaw)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureRaw);
        IServiceProvider services = builder.ServiceProvider;
        MappedServices known = services.GetService<MappedServices>()
            ?? throw new InvalidOperationException("Call services.AddGrpc() before MapGrpcService.");
        var raw = new RawUnaryMethods<TService>();
        configureRaw(raw);
        CallSettings settings = services.GetRequiredService<CallSettingsFactory>().Create<TService>();
        var binder = new ServiceMethodBinder<TService>(builder, new ServiceActivator<TService>(services), settings, raw, services.GetService<DirectCalls>());
        binder.BindAll();
        if (raw.Remaining.FirstOrDefault() is { } unknown)
            throw new InvalidOperationException($"{typeof(TService)} has no unary method '{unknown}' for a raw method to stand before.");
        known.Add(binder.ServiceNames);
        return new GrpcServiceEndpointConventionBuilder(binder.Mapped);
    }
}

/// <summary>Applies conventions, such as <c>RequireHost</c>, to every endpoint of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> _endpoints;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => _endpoints = endpoints;

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder endpoint in _endpoints)
            endpoint.Add(convention);
    }

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (IEndpointConventionBuilder endpoint in _endpoints)
            endpoint.Finally(finallyConvention);
    }
}
