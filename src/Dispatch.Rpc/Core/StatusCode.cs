namespace Grpc.Core;

/// <summary>Outcome of a call, with the numbers of the gRPC specification (they go over the wire).</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error without a better code, such as an exception that the service did not expect.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended; its effects may still happen.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What should be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or a message size limit was reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state that the call needs; retrying alone does not help.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost a conflict; retry the whole transaction.</summary>
    Aborted = 10,

    /// <summary>The request points past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The service or the method does not exist here.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the protocol or of the system is broken.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached at the moment; retry with back-off.</summary>
    Unavailable = 14,

    /// <summary>Data was lost beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller did not prove who it is.</summary>
    Unauthenticated = 16,
}
