using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Media;

/// <summary>Puts the hooks of media servers together.</summary>
internal static class MediaParts
{
    /// <summary>Adds the parts. The directory of streams serves routes, too.</summary>
    public static IServiceCollection AddMediaHooks(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(settings.Media).AddSingleton<StreamDirectory>().AddSingleton<StreamWatch>().AddSingleton<MediaDirections>();
        services.AddSingleton<MediaGate>().AddSingleton<MediaHooks>();
        services.AddHostedService(static parts => parts.GetRequiredService<StreamWatch>());
        return services;
    }

    /// <summary>Maps the hooks on the Http endpoint. A co-worker of SRS is written <c>HOST:PORT</c> or, with a token, <c>HOST:PORT/srs/TOKEN</c>.</summary>
    public static void MapMediaHooks(this WebApplication app)
    {
        MediaHooks hooks = app.Services.GetRequiredService<MediaHooks>();
        foreach (string path in (ReadOnlySpan<string>)["/srs/hooks", "/srs/{token}/hooks"]) app.MapMethods(path, [HttpMethods.Post], hooks.HookAsync).WithMetadata(Plane.Http);
        foreach (string path in (ReadOnlySpan<string>)["/api/v1/clusters", "/srs/{token}/api/v1/clusters"])
            app.MapMethods(path, [HttpMethods.Get], hooks.ClustersAsync).WithMetadata(Plane.Http);
    }
}
