using System.Net;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>Asks the table itself, under every failure, for every service and region, and holds what it answers against the law.</summary>
internal sealed class EdgeFailover(RoutingTable table, AuditNodes nodes, LawReading law, SharedEndpoints endpoints, EntryAudit entries, AuditFindings findings)
{
    /// <summary>More edges than this are never in one answer.</summary>
    private const int Room = 64;

    private readonly TableContent _content = table.Content;

    public long Decisions { get; private set; }

    public long Answers { get; private set; }

    public void Run(IReadOnlyList<Failure> failures)
    {
        EdgeShare[] ranked = new EdgeShare[Room];
        ClientAddress? nowhere = AddressInNoRegion();
        foreach (Failure failure in failures)
        {
            for (int s = 0; s < _content.Services.Length; s++)
            {
                for (int r = 0; r < _content.Regions.Length; r++)
                    Take(s, r, table.Decide(DecisionRequest.ForRegion(s, r) with { Down = failure.Down }, ranked), ranked, failure);
                if (nowhere is { } address)
                    Take(s, _content.Regions.Length, table.Decide(DecisionRequest.ForAddress(s, address) with { Down = failure.Down }, ranked), ranked, failure);
            }
        }
    }

    private void Take(int service, int slot, in Decision decision, EdgeShare[] ranked, Failure failure)
    {
        Decisions++;
        Answers += decision.Count;
        int entry = _content.Services[service].Profile * (_content.Regions.Length + 1) + slot;
        EntryRows rows = _content.Entries;
        ReadOnlySpan<ushort> held = rows.Edge.AsSpan(rows.Start[entry], rows.Start[entry + 1] - rows.Start[entry]);
        for (int i = 0; i < decision.Count; i++)
        {
            // What the entry lists is proved or named by now; an answer from elsewhere must be looked at.
            if (!held.Contains(ranked[i].Edge)) entries.Check(entry, ranked[i].Edge, "failover", failure.Name);
        }
        if (decision.Reason == DecisionReason.Fallback && slot < _content.Regions.Length) CheckFallback(service, slot, failure);
    }

    /// <summary>A fallback host is lawful for a bound region only where it is known to be nodes that are.</summary>
    private void CheckFallback(int service, int slot, Failure failure)
    {
        if (nodes.Regions[slot] is not { } region || !law.BindsViewers(region)) return;
        TableService of = _content.Services[service];
        string host = of.FallbackHost?.TrimEnd('.') ?? "";
        bool known = endpoints.ByValue.TryGetValue(host, out SortedSet<int>? reached);
        if (known && reached!.All(n => nodes.Kind(n) == NodeKind.Edge && law.LetsView(region, nodes.Jurisdiction(n)))) return;
        findings.Add(new("fallback_host", "failover", region.Id, [of.Id], host,
            $"Region {region.Id} ({region.Jurisdiction}), service {of.Id}{failure.Name}: nobody knows under which law fallback host {host} stands, and the law binds the region."));
    }

    /// <summary>An address whose clients get the default route: reserved and documentation ranges are the likeliest.</summary>
    private ClientAddress? AddressInNoRegion()
    {
        string[] tried = ["240.0.0.1", "0.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.1", "127.0.0.1", "10.0.0.1", "::1", "100::1", "2001:db8::1", "ffff::1"];
        EdgeShare[] one = new EdgeShare[1];
        foreach (string text in tried)
        {
            ClientAddress address = ClientAddress.From(IPAddress.Parse(text));
            if (table.Decide(DecisionRequest.ForAddress(0, address), one).Region < 0) return address;
        }
        return null;
    }
}
