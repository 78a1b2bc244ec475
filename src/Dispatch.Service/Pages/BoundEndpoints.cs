using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TrafficDispatch.Service.Pages;

/// <summary>Where the process really listens; with port 0 the system chooses. Complete once the server has started.</summary>
public sealed class BoundEndpoints
{
    private ListenOptions? _grpc, _http, _admin;
    private bool _grpcTls, _httpTls, _adminTls;

    /// <summary>The gRPC endpoint, for instance <c>http://127.0.0.1:5051</c>.</summary>
    public string GrpcUrl => Url(_grpc, _grpcTls);

    /// <summary>The endpoint of the pages.</summary>
    public string HttpUrl => Url(_http, _httpTls);

    /// <summary>The endpoint of those who change things.</summary>
    public string AdminUrl => Url(_admin, _adminTls);

    internal void SetAdmin(ListenOptions options, bool tls) => (_admin, _adminTls) = (options, tls);

    internal void SetGrpc(ListenOptions options, bool tls) => (_grpc, _grpcTls) = (options, tls);

    internal void SetHttp(ListenOptions options, bool tls) => (_http, _httpTls) = (options, tls);

    private static string Url(ListenOptions? options, bool tls)
    {
        string scheme = tls ? "https" : "http";
        return options?.EndPoint switch
        {
            IPEndPoint { Address: var address, Port: var port } when address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) =>
                new UriBuilder(scheme, "localhost", port).Uri.GetLeftPart(UriPartial.Authority),
            IPEndPoint ip => $"{scheme}://{ip}",
            { } other => $"{scheme}://{other}",
            null => "(not bound)",
        };
    }
}
