namespace TrafficDispatch.Service.Overload;

/// <summary>What the process takes on before it turns callers away. Immutable.</summary>
public sealed record OverloadSettings
{
    /// <summary>Connections to the Grpc endpoint at a time; beyond, calls are refused but health is told. Default 1024.</summary>
    public int GrpcConnections { get; init; } = 1024;

    /// <summary>Connections to the Http endpoint at a time; beyond, only health and metrics are answered. Default 4096.</summary>
    public int HttpConnections { get; init; } = 4096;

    /// <summary>Connections to the Admin endpoint at a time; beyond, they are closed. Default 64.</summary>
    public int AdminConnections { get; init; } = 64;

    /// <summary>How long calls may wait before some are shed; at four times this nine tenths are. Default 250 ms.</summary>
    public TimeSpan QueueTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Unary calls begun and not ended at a time, those answered below the pipeline aside; a sixteenth of them large ones. Default 4096.</summary>
    public int Calls { get; init; } = 4096;

    /// <summary>Streams open at a time. Default 4096.</summary>
    public int Streams { get; init; } = 4096;

    /// <summary>How long a caller that is turned away is asked to wait at least; half of the callers somewhat longer, so that they do not return together. Default 1 s.</summary>
    public TimeSpan Pushback { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How the process ends. Immutable.</summary>
public sealed record ShutdownSettings
{
    /// <summary>How long it goes on answering after it has said that it is not ready, for balancers to look elsewhere. Default 0.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.Zero;

    /// <summary>How long connections and their calls may take to end, after the delay; then they are cut. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
