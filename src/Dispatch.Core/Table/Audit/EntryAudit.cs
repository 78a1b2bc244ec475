using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>Holds every entry, share and backup alike, against the law of its region, and the default routes against everybody's.</summary>
internal sealed class EntryAudit(TableContent content, AuditNodes nodes, LawReading law, SharedEndpoints endpoints, AuditFindings findings)
{
    private readonly HashSet<(int Entry, int Edge)> _named = [];
    private readonly int[][] _ordinals =
    [
        .. Enumerable.Range(0, content.Entries.Profiles).Select(p => Enumerable.Range(0, content.Services.Length).Where(s => content.Services[s].Profile == p).ToArray()),
    ];

    private readonly ImmutableArray<string>[] _services =
    [
        .. Enumerable.Range(0, content.Entries.Profiles).Select(p => content.Services.Where(s => s.Profile == p).Select(static s => s.Id).ToImmutableArray()),
    ];

    public long Shares { get; private set; }

    public long Backups { get; private set; }

    public long DefaultRouteEdges { get; private set; }

    /// <summary>Jurisdictions whose bound viewers an edge may get, by edge: their law binds what lies upstream of it.</summary>
    public HashSet<string>[] ViewersOf { get; } = [.. content.Edges.Select(static _ => new HashSet<string>(StringComparer.Ordinal))];

    /// <summary>Services of a profile.</summary>
    public ImmutableArray<string> ServicesOf(int profile) => _services[profile];

    public void Run()
    {
        EntryRows rows = content.Entries;
        int width = content.Regions.Length + 1;
        for (int entry = 0; entry + 1 < rows.Start.Length; entry++)
        {
            int region = entry % width;
            for (int at = rows.Start[entry]; at < rows.Start[entry + 1]; at++)
            {
                bool isShare = rows.Weight[at] > 0;
                if (region == content.Regions.Length) DefaultRouteEdges++;
                else if (isShare) Shares++;
                else Backups++;
                Check(entry, rows.Edge[at], region == content.Regions.Length ? "default_route" : isShare ? "share" : "backup", "");
            }
        }
    }

    /// <summary>Holds one edge that an entry's clients get against the law, and names it unless that is done.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="edge">The edge.</param>
    /// <param name="place">Where it shows.</param>
    /// <param name="when">What is down then; empty for the entry itself.</param>
    public void Check(int entry, int edge, string place, string when)
    {
        int slot = entry % (content.Regions.Length + 1), profile = entry / (content.Regions.Length + 1);
        if (slot == content.Regions.Length)
        {
            if (!MayServeAnybody(edge)) NameDefault(entry, edge, profile, when);
            return;
        }
        // A region that the world does not know is a violation already, whatever its entry says.
        if (nodes.Regions[slot] is not { } region) return;
        if (!law.LetsView(region, nodes.Jurisdiction(edge)))
        {
            Name(entry, edge, "residency_edge", place, region, profile, $"{nodes.Words(edge)}{when}");
            return;
        }
        if (law.BindsViewers(region)) ViewersOf[edge].Add(region.Jurisdiction);
        foreach (int other in _ordinals[profile].SelectMany(s => endpoints.Beside(s, edge)))
        {
            bool allowed = nodes.Kind(other) == NodeKind.Edge
                ? law.LetsView(region, nodes.Jurisdiction(other))
                : law.LetsPass(region.Jurisdiction, nodes.Kind(other), nodes.Jurisdiction(other));
            if (!allowed)
                Name(entry, edge, "shared_endpoint", "endpoint", region, profile, $"{nodes.Words(other)}, which has an endpoint in common with edge {nodes.Id(edge)}{when}", other);
        }
    }

    /// <summary>True where clients of no known law may use the edge: not where it stands in a bound jurisdiction, or nobody knows where.</summary>
    private bool MayServeAnybody(int edge) => nodes.Jurisdiction(edge) is { } where && !law.IsBound(where);

    private void Name(int entry, int edge, string rule, string place, ClientRegion region, int profile, string what, int? node = null)
    {
        if (!_named.Add((entry, node ?? edge))) return;
        findings.Add(new(rule, place, region.Id, _services[profile], nodes.Id(node ?? edge),
            $"Region {region.Id} ({region.Jurisdiction}), service {Names(profile)}, {place}: {what} is not allowed, only edges in {law.AllowedWords(region.Jurisdiction, NodeKind.Edge)} are."));
    }

    private void NameDefault(int entry, int edge, int profile, string when)
    {
        if (!_named.Add((entry, edge))) return;
        findings.Add(new("default_route", "default_route", "", _services[profile], nodes.Id(edge),
            $"Clients in no region, service {Names(profile)}: {nodes.Words(edge)}{when} is not allowed, for it stands in a bound jurisdiction, or nobody knows where."));
    }

    private string Names(int profile) => _services[profile].IsEmpty ? "(none)" : string.Join(", ", _services[profile]);
}
