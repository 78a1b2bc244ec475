using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>Who answered.</summary>
public enum AnswerSource
{
    /// <summary>Nobody: <see cref="ClientAnswer.Fault"/> says why.</summary>
    None,

    /// <summary>The table that the client holds.</summary>
    Table,

    /// <summary>A service.</summary>
    Service,
}

/// <summary>Who serves a client. Immutable.</summary>
public sealed record ClientAnswer
{
    /// <summary>Who answered; where nobody did only <see cref="Fault"/>, <see cref="State"/> and <see cref="Age"/> mean something.</summary>
    public required AnswerSource Source { get; init; }

    /// <summary>How current the client's table was.</summary>
    public required TableState State { get; init; }

    /// <summary>Time since a service last said that the client's table is current; null where there is none, or it came from the file.</summary>
    public required TimeSpan? Age { get; init; }

    /// <summary>Why there is no answer; empty where there is one.</summary>
    public string Fault { get; init; } = "";

    /// <summary>The table that answered.</summary>
    public TableVersion Version { get; init; }

    /// <summary>The overlay that answered; comparable among answers of one service only.</summary>
    public ulong OverlayVersion { get; init; }

    /// <summary>The edges: the first is this client's choice, the others its next best. May be empty; <see cref="Reason"/> says why.</summary>
    public ImmutableArray<AnswerEdge> Edges { get; init; } = [];

    /// <summary>Seconds the answer holds.</summary>
    public int TtlSeconds { get; init; }

    /// <summary>Length of the prefix around the client's address in which this answer holds; 0 where it was not asked by address.</summary>
    public int ScopeLength { get; init; }

    /// <summary>The client's region; empty where it is in none.</summary>
    public string RegionId { get; init; } = "";

    /// <summary>Why these edges.</summary>
    public DecisionReason Reason { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string Why { get; init; } = "";

    /// <summary>The service that was asked for.</summary>
    public string Service { get; init; } = "";

    /// <summary>The client's network class; empty where none is known.</summary>
    public string Network { get; init; } = "";

    /// <summary>Host to answer with where the reason is <see cref="DecisionReason.Fallback"/>; empty otherwise.</summary>
    public string FallbackHost { get; init; } = "";
}

/// <summary>An edge of an answer. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Weight">The share of the group's clients that the solve sends here, in 1/16384; 0 for a backup.</param>
/// <param name="Endpoints">Where the service is reached there.</param>
public sealed record AnswerEdge(string Id, int Weight, ImmutableArray<TableEndpoint> Endpoints);
