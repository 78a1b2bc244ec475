using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Pages;
using TrafficDispatch.Service.Tls;

namespace TrafficDispatch.Service;

/// <summary>The three endpoints: what each speaks, and what a peer may cost before it has said anything worth answering.</summary>
internal static class Listeners
{
    // What a connection may send ahead of what was read, and be answered ahead of what it takes. With so much for each, thousands that send and never end hold megabytes, not gigabytes.
    private const int ReadAhead = 64 * 1024, WriteAhead = 8 * 1024, StreamWindow = 128 * 1024, ConnectionWindow = 256 * 1024, Streams = 100;

    private static readonly (string Name, Plane Plane, Action<BoundEndpoints, ListenOptions, bool> Bind)[] All =
    [
        (EndpointDefaults.Grpc, Plane.Grpc, static (bound, listen, isHttps) => bound.SetGrpc(listen, isHttps)),
        (EndpointDefaults.Http, Plane.Http, static (bound, listen, isHttps) => bound.SetHttp(listen, isHttps)),
        (EndpointDefaults.Admin, Plane.Admin, static (bound, listen, isHttps) => bound.SetAdmin(listen, isHttps)),
    ];

    /// <summary>Adds the endpoints.</summary>
    public static void AddListeners(this WebApplicationBuilder builder) => builder.WebHost
        .UseSockets(static sockets => sockets.MaxReadBufferSize = ReadAhead)
        .ConfigureKestrel(static (context, kestrel) =>
        {
            SetLimits(kestrel);
            IServiceProvider parts = kestrel.ApplicationServices;
            (BoundEndpoints bound, ServerTls tls, OverloadParts overload) =
                (parts.GetRequiredService<BoundEndpoints>(), parts.GetRequiredService<ServerTls>(), parts.GetRequiredService<OverloadParts>());
            KestrelConfigurationLoader loader = kestrel.Configure(context.Configuration.GetSection("Kestrel"));
            foreach ((string name, Plane plane, Action<BoundEndpoints, ListenOptions, bool> bind) in All)
            {
                loader.Endpoint(name, endpoint =>
                {
                    bind(bound, endpoint.ListenOptions, endpoint.IsHttps);
                    // Before TLS: a handshake is work, too.
                    overload.Guard(endpoint.ListenOptions, name);
                    tls.Apply(name, endpoint);
                    if (ReferenceEquals(plane, Plane.Grpc)) endpoint.ListenOptions.UseDirectCalls();
                    Mark(endpoint.ListenOptions, plane);
                });
            }
        });

    private static void SetLimits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // Of each stream: small answers never wait for it, large ones until their caller takes them.
        kestrel.Limits.MaxResponseBufferSize = WriteAhead;
        Http2Limits http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = Streams;
        http2.InitialStreamWindowSize = StreamWindow;
        http2.InitialConnectionWindowSize = ConnectionWindow;
        http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
    }

    private static void Mark(ListenOptions endpoint, Plane plane) => endpoint.Use(next => connection =>
    {
        connection.Features.Set(plane);
        return next(connection);
    });
}
