namespace Grpc.Core;

/// <summary>A call that ended with a status other than <see cref="StatusCode.OK"/>.</summary>
/// <remarks>A service throws it to choose the status of its answer; a client receives it.</remarks>
public class RpcException : Exception
{
    /// <summary>Makes the exception from a status alone.</summary>
    public RpcException(Status status)
        : this(status, Metadata.Empty, status.ToString())
    {
    }

    /// <summary>Makes the exception with its own message; only <paramref name="status"/> goes over the wire.</summary>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Makes the exception with trailing metadata for the peer.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Makes the exception with trailing metadata and its own message.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="trailers"/> is null.</exception>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>The status of the call.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Metadata that travels after the messages; empty where there is none.</summary>
    public Metadata Trailers { get; }
}
