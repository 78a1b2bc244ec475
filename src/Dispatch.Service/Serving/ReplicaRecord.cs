using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serving;

/// <summary>How this process stands among those that share its store. Immutable.</summary>
/// <param name="Role">What it does: <c>all</c>, <c>solve</c> or <c>serve</c>.</param>
/// <param name="Name">What it is called among them.</param>
public sealed record ReplicaRecord(string Role, string Name)
{
    /// <summary>True while it holds the lease on solving.</summary>
    public bool Leads { get; init; }

    /// <summary>Who holds the lease, as last heard; empty where nobody does.</summary>
    public string Leader { get; init; } = "";

    /// <summary>Why the store gives no answer; empty while it does.</summary>
    public string Trouble { get; init; } = "";

    /// <summary>When the store last answered; null before the first time.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>The highest version in the store, as last heard.</summary>
    public TableVersion Published { get; init; }

    /// <summary>When a leader last held the table in force to be right; null where none is known to have.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>Tables taken from the store.</summary>
    public long Taken { get; init; }

    /// <summary>Tables in the store that were refused: cut off, altered or filed under another version.</summary>
    public long Refused { get; init; }

    /// <summary>Times that this process took the lease.</summary>
    public long Terms { get; init; }

    /// <summary>Writes of this process that the store refused because its lease had gone to another or ended.</summary>
    public long Fenced { get; init; }
}
