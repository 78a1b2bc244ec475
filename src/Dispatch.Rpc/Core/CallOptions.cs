namespace Grpc.Core;

/// <summary>What a client says about one call. Immutable; the <c>With…</c> methods copy.</summary>
public readonly struct CallOptions
{
#pragma warning disable CA1068 // The order of the standard API, on which generated code relies.
    /// <summary>Makes options; everything is optional.</summary>
    /// <param name="headers">Headers to send.</param>
    /// <param name="deadline">When the call must end, UTC or local by its kind; none by default.</param>
    /// <param name="cancellationToken">Ends the call with <see cref="StatusCode.Cancelled"/>.</param>
    /// <param name="writeOptions">How request messages are written.</param>
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null)
#pragma warning restore CA1068
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
    }

    /// <summary>Headers to send, or null.</summary>
    public Metadata? Headers { get; }

    /// <summary>When the call must end, or null for never.</summary>
    public DateTime? Deadline { get; }

    /// <summary>Ends the call.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>How request messages are written, or null for the default.</summary>
    public WriteOptions? WriteOptions { get; }

    /// <summary>The same with other headers.</summary>
    public CallOptions WithHeaders(Metadata headers) => new(headers, Deadline, CancellationToken, WriteOptions);

    /// <summary>The same with another deadline.</summary>
    public CallOptions WithDeadline(DateTime deadline) => new(Headers, deadline, CancellationToken, WriteOptions);

    /// <summary>The same with another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        new(Headers, Deadline, cancellationToken, WriteOptions);

    /// <summary>The same with other write options.</summary>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => new(Headers, Deadline, CancellationToken, writeOptions);
}
