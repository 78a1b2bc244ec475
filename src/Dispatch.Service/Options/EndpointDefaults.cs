namespace TrafficDispatch.Service.Options;

/// <summary>The settings that hold where nobody says otherwise: loopback endpoints and how logs look.</summary>
internal static class EndpointDefaults
{
    /// <summary>Name of the endpoint for gRPC.</summary>
    public const string Grpc = "Grpc";

    /// <summary>Name of the endpoint for pages, metrics and health.</summary>
    public const string Http = "Http";

    /// <summary>Name of the endpoint of those who change things.</summary>
    public const string Admin = "Admin";

    /// <summary>Names of all endpoints.</summary>
    public static readonly IReadOnlyList<string> All = [Grpc, Http, Admin];

    /// <summary>The configuration key of an endpoint's address.</summary>
    public static string UrlKey(string endpoint) => $"Kestrel:Endpoints:{endpoint}:Url";

    /// <summary>The defaults as configuration; every other source overrides them key by key, so a URL alone keeps HTTP/2 on gRPC.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Values =>
    [
        new(UrlKey(Grpc), "http://127.0.0.1:5051"),
        new("Kestrel:Endpoints:Grpc:Protocols", "Http2"),
        new(UrlKey(Http), "http://127.0.0.1:5050"),
        new("Kestrel:Endpoints:Http:Protocols", "Http1"),
        new(UrlKey(Admin), "http://127.0.0.1:5052"),
        new("Kestrel:Endpoints:Admin:Protocols", "Http2"),
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning"),
        // An endpoint that cannot be had is told in one line at the end of the program, not in a stack trace before it.
        new("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", "Critical"),
        new("Logging:LogLevel:Grpc", "Warning"),
        new("Logging:Console:LogToStandardErrorThreshold", "Error"),
        new("Logging:Console:FormatterName", "simple"),
        new("Logging:Console:FormatterOptions:SingleLine", "true"),
        new("Logging:Console:FormatterOptions:TimestampFormat", "yyyy-MM-dd'T'HH:mm:ss.fff'Z' "),
        new("Logging:Console:FormatterOptions:UseUtcTimestamp", "true"),
    ];
}
