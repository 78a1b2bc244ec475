namespace TrafficDispatch.Service;

/// <summary>
/// Which endpoint a connection came in by. Planes part by the local endpoint of the connection, never by the Host header, which a client
/// chooses.
/// </summary>
internal sealed class Plane
{
    /// <summary>gRPC.</summary>
    public static readonly Plane Grpc = new();

    /// <summary>Pages, metrics and health.</summary>
    public static readonly Plane Http = new();

    /// <summary>Changes by people.</summary>
    public static readonly Plane Admin = new();

    private Plane()
    {
    }

    /// <summary>Lets a request through to what belongs to its connection's plane, and hides all else.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Plane>() is { } plane && !ReferenceEquals(plane, context.Features.Get<Plane>()))
            context.SetEndpoint(null);
        return next(context);
    }
}
