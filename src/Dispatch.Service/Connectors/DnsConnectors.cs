using Grpc.AspNetCore.Server;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Protocol.CoreDns;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Rpc;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TrafficDispatch.Service.Connectors;

/// <summary>Puts the ways for DNS servers into the service.</summary>
internal static class DnsConnectors
{
    // A field's tag and a length of three bytes around the longest message.
    private const int LargestPacket = DnsMessage.MaxBytes + 4;

    /// <summary>Registers the parts.</summary>
    public static IServiceCollection AddDnsConnectors(this IServiceCollection services, DnsSettings settings)
    {
        services.AddSingleton(settings).AddSingleton<DnsTally>().AddSingleton<DnsDesk>().AddSingleton<CoreDnsService>().AddSingleton<PowerDnsRoutes>();
        services.AddHostedService<PowerDnsSocket>();
        services.AddGrpc().AddServiceOptions<CoreDnsService>(static options => options.MaxReceiveMessageSize = LargestPacket);
        return services;
    }

    /// <summary>Maps them, each on its plane.</summary>
    public static void MapDnsConnectors(this WebApplication app)
    {
        app.MapGrpcService<CoreDnsService>(static raw => raw.Add(nameof(CoreDnsService.Query), CoreDnsService.QueryRaw))
            .Add(static endpoint => endpoint.Metadata.Add(Plane.Grpc));
        app.Services.GetRequiredService<PowerDnsRoutes>().Map(app, Plane.Http);
        app.Services.GetRequiredService<DnsTally>().AddTo(app.Services.GetRequiredService<DispatchMeter>().Meter);
        HealthService health = app.Services.GetRequiredService<HealthService>();
        health.SetStatus(DnsService.Descriptor.FullName, ServingStatus.NotServing);
        DnsDesk desk = app.Services.GetRequiredService<DnsDesk>();
        app.Services.GetRequiredService<TableHolder>().Swapped += (_, _) =>
        {
            // Names are laid out before the first question, which would have to wait for it.
            desk.Prepare();
            health.SetStatus(DnsService.Descriptor.FullName, ServingStatus.Serving);
        };
    }
}
