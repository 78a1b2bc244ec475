using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>
/// Proves for a table that traffic never leaves the set the law allows it, at any hop, in failover too; or names every breach.
/// </summary>
/// <remarks>
/// <para>The law is the world's (<c>residency_rule</c> of its regions and <c>allowed.csv</c>), for a table does not carry it; so are the
/// jurisdictions of nodes and regions, by id. It is read afresh here: the audit shares no code with what builds tables, nor with
/// <see cref="ResidencyLaw"/>; the deciders are run, as the thing that is audited.</para>
/// <para>What is held against the law: every edge of every entry, share or backup; the default routes, which no edge of a bound jurisdiction
/// may be in, since the law of who gets them is unknown; every row of every failover, whose edges the services must admit and be up besides; every hop of every upstream path, under the law of each node downstream of it and of the
/// viewers that the asking edge may get; nodes that share an endpoint with one that is answered; origins of streams; and what the table
/// answers while nothing, anything alone, any fault domain or everything is down. It fails closed: a node or region whose jurisdiction is
/// unknown is a violation.</para>
/// <para>O(edges of all entries and failovers + paths × hops²) for the content; each failure besides costs a decision for every service and region and for every
/// asking node and origin with a stream. Thread-safe; deterministic.</para>
/// </remarks>
public static class ResidencyAudit
{
    private static readonly ImmutableArray<string> Assumptions =
    [
        "the law and the jurisdictions are those of the world given, not of the table",
        "a client that matches no region is under no law that is known: its default route leaves out every edge of a bound jurisdiction",
        "a client is where its prefix says, and a node is reached under its own endpoints alone",
    ];

    /// <summary>Audits a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="world">Whose law, regions and nodes it is held against: the world it was made from, or one with a newer law.</param>
    /// <param name="depth">How much of what may fail is tried.</param>
    public static AuditReport Run(RoutingTable table, World world, FailoverDepth depth = FailoverDepth.Every)
    {
        TableContent content = table.Content;
        AuditFindings findings = new();
        LawReading law = new(world.Facts);
        AuditNodes nodes = new(content, world, findings);
        SharedEndpoints endpoints = new(content);
        EntryAudit entries = new(content, nodes, law, endpoints, findings);
        entries.Run();
        FailoverAudit failovers = new(content, world, nodes, entries, findings);
        failovers.Run();
        PathAudit paths = new(content, nodes, law, endpoints, entries.ViewersOf, findings);
        paths.Run();
        CheckRegions(content, nodes, law, findings);
        CheckStreams(content, world, nodes, findings);
        List<Failure> failures = Failure.Of(content, depth);
        EdgeFailover edgeFailover = new(table, nodes, law, endpoints, entries, findings);
        edgeFailover.Run(failures);
        PathFailover pathFailover = new(table, nodes, law, paths, findings);
        pathFailover.Run(failures);
        AuditCounts counts = new()
        {
            BoundRegions = nodes.Regions.Count(r => r is not null && law.BindsViewers(r)),
            BoundJurisdictions = law.BoundCount,
            Entries = content.Entries.Start.Length - 1,
            Shares = entries.Shares,
            Backups = entries.Backups,
            DefaultRouteEdges = entries.DefaultRouteEdges,
            FailoverRows = failovers.Rows,
            FailoverShares = failovers.Shares,
            Paths = content.Paths.HopStart.Length - 1,
            Hops = paths.Hops,
            HopRules = paths.HopRules,
            Streams = content.Streams.Length,
            Endpoints = endpoints.Count,
            Failures = failures.Count,
            EdgeDecisions = edgeFailover.Decisions,
            PathDecisions = pathFailover.Decisions,
            Answers = edgeFailover.Answers + pathFailover.Answers,
        };
        return new(table.Version, content.WorldVersion, world.Version, counts, findings.Kept, findings.Count, Assumptions);
    }

    /// <summary>A region that the table does not know to be bound would get a fallback host.</summary>
    private static void CheckRegions(TableContent content, AuditNodes nodes, LawReading law, AuditFindings findings)
    {
        for (int r = 0; r < content.Regions.Length; r++)
        {
            if (content.Regions[r].IsBound || nodes.Regions[r] is not { } region || !law.BindsViewers(region)) continue;
            findings.Add(new("bound_region", "region", region.Id, [], "",
                $"Region {region.Id} ({region.Jurisdiction}) is bound by law, and the table does not say so."));
        }
    }

    /// <summary>A stream that the table sends to another origin than its registration names may be under another law there.</summary>
    private static void CheckStreams(TableContent content, World world, AuditNodes nodes, AuditFindings findings)
    {
        foreach (TableStream stream in content.Streams)
        {
            string held = nodes.Id(nodes.Origin(stream.Origin));
            if (world.Stream(stream.Key) is not { } registered || registered.OriginId == held) continue;
            findings.Add(new("stream_origin", "stream", stream.Key, [], held,
                $"Stream {stream.Key} is registered at origin {registered.OriginId}, and the table fetches it from {held}."));
        }
    }
}
