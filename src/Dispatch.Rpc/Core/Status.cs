namespace Grpc.Core;

/// <summary>Code and explanation of a finished call. Immutable; the default value is success without detail.</summary>
public readonly record struct Status
{
    /// <summary>Success without detail.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, string.Empty);

    /// <summary>Cancellation without detail.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, string.Empty);

    private readonly string? _detail;

    /// <summary>Makes a status.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">Text for people; any Unicode, percent-encoded on the wire.</param>
    /// <param name="debugException">The local cause on the client; never sent.</param>
    public Status(StatusCode statusCode, string? detail, Exception? debugException = null)
    {
        StatusCode = statusCode;
        _detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>Text for people, empty where there is none.</summary>
    public string Detail => _detail ?? string.Empty;

    /// <summary>The local exception behind a client-side status, if any.</summary>
    public Exception? DebugException { get; }

    /// <summary>Code and detail in one line, for logs.</summary>
    public override string ToString() => $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")";
}
