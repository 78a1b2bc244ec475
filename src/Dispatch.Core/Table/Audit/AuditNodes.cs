using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>
/// The nodes and regions of a table as the world knows them. The world's word on a jurisdiction counts, not the table's; where there is
/// none, or the two differ, it is unknown (null), and that is a violation of its own.
/// </summary>
internal sealed class AuditNodes
{
    private readonly TableContent _content;
    private readonly string?[] _jurisdiction;

    public AuditNodes(TableContent content, World world, AuditFindings findings)
    {
        _content = content;
        _jurisdiction = new string?[content.NodeCount];
        int at = 0;
        foreach (TableEdge e in content.Edges)
            _jurisdiction[at++] = Known("edge", e.Id, e.Jurisdiction, world.EdgeOrdinal(e.Id) is >= 0 and int o ? world.Edges[o].Jurisdiction : null, findings);
        foreach (TableRelay r in content.Relays)
            _jurisdiction[at++] = Known("relay", r.Id, r.Jurisdiction, world.RelayOrdinal(r.Id) is >= 0 and int o ? world.Relays[o].Jurisdiction : null, findings);
        foreach (TableOrigin r in content.Origins)
            _jurisdiction[at++] = Known("origin", r.Id, r.Jurisdiction, world.OriginOrdinal(r.Id) is >= 0 and int o ? world.Origins[o].Jurisdiction : null, findings);
        Regions = [.. content.Regions.Select(r => Region(r, world, findings))];
    }

    /// <summary>The world's regions by the table's ordinal; null where the world has none of that id and law.</summary>
    public ClientRegion?[] Regions { get; }

    /// <summary>The jurisdiction of a node (edges, then relays, then origins); null where unknown.</summary>
    public string? Jurisdiction(int node) => _jurisdiction[node];

    /// <summary>Node number of a relay.</summary>
    public int Relay(int relay) => _content.Edges.Length + relay;

    /// <summary>Node number of an origin.</summary>
    public int Origin(int origin) => _content.Edges.Length + _content.Relays.Length + origin;

    public NodeKind Kind(int node) => node < Relay(0) ? NodeKind.Edge : node < Origin(0) ? NodeKind.Relay : NodeKind.Origin;

    public string Id(int node) => Kind(node) switch
    {
        NodeKind.Edge => _content.Edges[node].Id,
        NodeKind.Relay => _content.Relays[node - Relay(0)].Id,
        _ => _content.Origins[node - Origin(0)].Id,
    };

    /// <summary>A node with its law, for instance <c>edge own-pek (CN)</c>.</summary>
    public string Words(int node) => $"{KindWord(Kind(node))} {Id(node)} ({Jurisdiction(node) ?? "jurisdiction unknown"})";

    private static string KindWord(NodeKind kind) => kind switch { NodeKind.Edge => "edge", NodeKind.Relay => "relay", _ => "origin" };

    private static string? Known(string kind, string id, string stated, string? fact, AuditFindings findings)
    {
        if (Fault(stated, fact) is not { } fault) return fact;
        findings.Add(new("unknown_jurisdiction", "node", "", [], id, $"The jurisdiction of {kind} {id} is unknown: {fault}."));
        return null;
    }

    private static ClientRegion? Region(TableRegion region, World world, AuditFindings findings)
    {
        ClientRegion? known = world.RegionOrdinal(region.Id) is >= 0 and int o ? world.Regions[o] : null;
        if (Fault(region.Jurisdiction, known?.Jurisdiction) is not { } fault) return known;
        findings.Add(new("unknown_jurisdiction", "region", region.Id, [], "", $"The jurisdiction of region {region.Id} is unknown: {fault}."));
        return null;
    }

    private static string? Fault(string stated, string? fact)
    {
        if (fact is null) return "the world does not have it";
        if (string.IsNullOrWhiteSpace(fact)) return "the world names none";
        return fact == stated ? null : $"the table says '{stated}' and the world '{fact}'";
    }
}
