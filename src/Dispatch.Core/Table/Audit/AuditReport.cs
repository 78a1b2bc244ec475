using System.Collections.Immutable;

namespace TrafficDispatch.Table.Audit;

/// <summary>How much of what may fail is tried.</summary>
public enum FailoverDepth
{
    /// <summary>Nothing down, and everything down: what the publish step can afford at any size.</summary>
    Bounds,

    /// <summary>Besides: each node alone, and each fault domain.</summary>
    Every,
}

/// <summary>What an audit found out about a table.</summary>
/// <param name="TableVersion">The table.</param>
/// <param name="TableWorld">The state of the facts that the table was made from.</param>
/// <param name="LawWorld">The state of the facts whose law it was held against.</param>
/// <param name="Counts">What was looked at.</param>
/// <param name="Violations">What breaks the law, by rising place in the table; at most <see cref="MostViolations"/>.</param>
/// <param name="ViolationCount">How many there are, those beyond the list included.</param>
/// <param name="Assumptions">What the proof rests on, a sentence each.</param>
public sealed record AuditReport(
    TableVersion TableVersion, string TableWorld, string LawWorld, AuditCounts Counts, ImmutableArray<AuditViolation> Violations, int ViolationCount,
    ImmutableArray<string> Assumptions)
{
    /// <summary>Violations that a report lists at most.</summary>
    public const int MostViolations = 1000;

    /// <summary>True where traffic never leaves what the law allows it.</summary>
    public bool IsClean => ViolationCount == 0;
}

/// <summary>One breach of the law.</summary>
/// <param name="Rule">
/// Which rule: <c>residency_edge</c>, <c>residency_relay</c>, <c>residency_origin</c>, <c>unknown_jurisdiction</c>, <c>default_route</c>,
/// <c>reserved_origin</c>, <c>stream_origin</c>, <c>shared_endpoint</c>, <c>bound_region</c>, <c>fallback_host</c>; and of failovers <c>service_edge</c>, <c>failover_edge</c>, <c>failover_shares</c>, <c>failover_row</c>.
/// </param>
/// <param name="Place">
/// Where it shows: <c>share</c>, <c>backup</c>, <c>default_route</c>, <c>path</c>, <c>endpoint</c>, <c>failover</c>, <c>stream</c>,
/// <c>region</c> or <c>node</c>.
/// </param>
/// <param name="Subject">Whose traffic: the id of a region or of the node that asks; empty where it is nobody's in particular.</param>
/// <param name="Services">The services it concerns; empty for upstream paths.</param>
/// <param name="Node">The node, or the fallback host, that may not be reached; empty where the fault is the region's own.</param>
/// <param name="Message">All of it in a sentence.</param>
public sealed record AuditViolation(string Rule, string Place, string Subject, ImmutableArray<string> Services, string Node, string Message);

/// <summary>What an audit looked at. A thing that is counted was proved, or is named among the violations.</summary>
public sealed record AuditCounts
{
    /// <summary>Regions whose viewers the law binds.</summary>
    public int BoundRegions { get; init; }

    /// <summary>Jurisdictions that the law binds.</summary>
    public int BoundJurisdictions { get; init; }

    /// <summary>Entries: profile × (region or default route).</summary>
    public int Entries { get; init; }

    /// <summary>Edges with a share, over all entries of regions.</summary>
    public long Shares { get; init; }

    /// <summary>Ranked backups, over all entries of regions.</summary>
    public long Backups { get; init; }

    /// <summary>Edges of default routes, with a share or as backup.</summary>
    public long DefaultRouteEdges { get; init; }

    /// <summary>Rows of failovers: an entry each, while a planned set of edges is down.</summary>
    public long FailoverRows { get; init; }

    /// <summary>Edges with a share in them.</summary>
    public long FailoverShares { get; init; }

    /// <summary>Upstream paths.</summary>
    public long Paths { get; init; }

    /// <summary>Hops of these paths.</summary>
    public long Hops { get; init; }

    /// <summary>Pairs of a hop and somebody downstream of it whose law was asked: nodes, and viewers of the edge that asks.</summary>
    public long HopRules { get; init; }

    /// <summary>Registered streams.</summary>
    public int Streams { get; init; }

    /// <summary>Endpoints.</summary>
    public int Endpoints { get; init; }

    /// <summary>What was taken down, one at a time: nothing, each node, each fault domain, everything.</summary>
    public int Failures { get; init; }

    /// <summary>Decisions about edges that were tried: failure × service × region, and the default route.</summary>
    public long EdgeDecisions { get; init; }

    /// <summary>Decisions about upstream paths that were tried: failure × asking node × origin of a stream, and an unregistered stream.</summary>
    public long PathDecisions { get; init; }

    /// <summary>Edges and paths in the answers to these.</summary>
    public long Answers { get; init; }
}
