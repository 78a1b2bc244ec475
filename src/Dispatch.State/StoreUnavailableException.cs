namespace TrafficDispatch.State;

/// <summary>Why a store gave no answer.</summary>
public enum StoreTrouble
{
    /// <summary>No connection: nothing listens, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The store refused the credentials, or asks for some.</summary>
    Denied,

    /// <summary>The store has no room left.</summary>
    Full,

    /// <summary>The node takes no writes: it is a replica, or has lost its replicas or its disk.</summary>
    ReadOnly,

    /// <summary>The store holds a schema that this build does not know.</summary>
    ForeignSchema,

    /// <summary>Anything else that the store answered with.</summary>
    Failed,
}

/// <summary>A store cannot be used now. What was read before stays good; nothing half-written is readable.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="trouble">Why.</param>
    /// <param name="message">The cause and what to do; never holds a secret.</param>
    /// <param name="inner">What the network or the disk said; null where nothing was said.</param>
    public StoreUnavailableException(StoreTrouble trouble, string message, Exception? inner = null)
        : base(message, inner) => Trouble = trouble;

    /// <summary>Why.</summary>
    public StoreTrouble Trouble { get; }
}
