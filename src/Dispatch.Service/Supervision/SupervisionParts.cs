using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Supervision;

/// <summary>The supervisor among the parts of the program.</summary>
internal static class SupervisionParts
{
    /// <summary>Registers it, by what it has put into the environment.</summary>
    public static IServiceCollection AddSupervision(this IServiceCollection services) => services
        .AddSingleton(static _ => new Supervisor(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        .AddHostedService(static parts => new SupervisorNotice(parts.GetRequiredService<Supervisor>(), Supervisor.Patience(Environment.GetEnvironmentVariable("WATCHDOG_USEC")),
            parts.GetRequiredService<TableHolder>(), parts.GetRequiredService<IHostApplicationLifetime>(), parts.GetRequiredService<TimeProvider>()));
}
