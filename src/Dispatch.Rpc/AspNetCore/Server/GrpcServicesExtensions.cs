using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>Registers the gRPC server.</summary>
/// <remarks>In the standard packages these methods are in <c>Microsoft.Extensions.DependencyInjection</c>.</remarks>
public static class GrpcServicesExtensions
{
    /// <summary>Adds what <c>MapGrpcService</c> needs.</summary>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ServiceLifetimes(services));
        services.TryAddSingleton<CallSettingsFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, UnimplementedStartupFilter>());
        services.TryAddSingleton<MappedServices>();
        return new GrpcServerBuilder(services);
    }

    /// <summary>Adds what <c>MapGrpcService</c> needs, with options for every service.</summary>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
    {
        services.Configure(configureOptions);
        return services.AddGrpc();
    }

    /// <summary>Sets options of one service; they start from the server's.</summary>
    public static IGrpcServerBuilder AddServiceOptions<TService>(
        this IGrpcServerBuilder builder,
        Action<GrpcServiceOptions<TService>> configureOptions)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<GrpcServiceOptions<TService>>, InheritedOptions<TService>>());
        builder.Services.Configure(configureOptions);
        return builder;
    }

    private sealed class GrpcServerBuilder(IServiceCollection services) : IGrpcServerBuilder
    {
        public IServiceCollection Services => services;
    }

    private sealed class InheritedOptions<TService>(IOptions<GrpcServiceOptions> server)
        : IConfigureOptions<GrpcServiceOptions<TService>>
        where TService : class
    {
        public void Configure(GrpcServiceOptions<TService> options)
        {
            GrpcServiceOptions parent = server.Value;
            options.MaxReceiveMessageSize = parent.MaxReceiveMessageSize;
            options.MaxSendMessageSize = parent.MaxSendMessageSize;
            options.ResponseCompressionAlgorithm = parent.ResponseCompressionAlgorithm;
            options.ResponseCompressionLevel = parent.ResponseCompressionLevel;
            options.EnableDetailedErrors = parent.EnableDetailedErrors;
        }
    }
}

/// <summary>Goes on with the registration that <c>AddGrpc</c> began.</summary>
public interface IGrpcServerBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
