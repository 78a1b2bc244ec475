namespace TrafficDispatch.Service.Options;

/// <summary>Where metrics and traces are sent by OTLP. Immutable.</summary>
/// <param name="Endpoint">The receiver's base address: for HTTP the path of each signal follows it.</param>
/// <param name="IsHttp">True for protobuf over HTTP; false (default) for gRPC.</param>
public sealed record OtlpSettings(Uri Endpoint, bool IsHttp)
{
    /// <summary>Headers of each export as <c>NAME=VALUE</c>, values percent-encoded, with commas between. A secret: no text of this record shows it.</summary>
    internal string Headers { get; init; } = "";

    /// <summary>From one export of metrics to the next, 1 s to 10 minutes; default 15 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an export may take, 1 s to 1 minute; default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True (default) to send metrics.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>True (default) to send traces.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>The address of a signal, <c>metrics</c> or <c>traces</c>.</summary>
    public Uri AddressOf(string signal) => IsHttp ? new Uri(Endpoint.AbsoluteUri.TrimEnd('/') + "/v1/" + signal) : Endpoint;
}
