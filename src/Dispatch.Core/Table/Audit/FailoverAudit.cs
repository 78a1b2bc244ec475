using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>
/// Reads every row of every failover as the table ships it: who gets which edge while a planned set is down. Each edge must be allowed to the
/// row's region and its services, must be none of those that failed or are down anyway, and the row's weights and overflow must make a whole.
/// </summary>
/// <remarks>The load of a table checks rows against the law that the table itself carries; here it is the world's. O(edges of all rows).</remarks>
internal sealed class FailoverAudit(TableContent content, World world, AuditNodes nodes, EntryAudit entries, AuditFindings findings)
{
    private readonly FailoverRows _rows = content.Failovers;
    private readonly Service[][] _services =
    [
        .. Enumerable.Range(0, content.Entries.Profiles).Select(p => entries.ServicesOf(p).Where(id => world.ServiceOrdinal(id) >= 0)
            .Select(id => world.Services[world.ServiceOrdinal(id)]).ToArray()),
    ];

    /// <summary>Rows read.</summary>
    public long Rows { get; private set; }

    /// <summary>Edges with a share in them.</summary>
    public long Shares { get; private set; }

    public void Run()
    {
        for (int f = 0; f < _rows.Count; f++)
            for (int row = _rows.RowStart[f]; row < _rows.RowStart[f + 1]; row++) Check(f, row);
    }

    private void Check(int failover, int row)
    {
        Rows++;
        int entry = _rows.Entry[row], slot = entry % (content.Regions.Length + 1), sum = _rows.Overflow[row];
        string when = $" under failover {_rows.Name[failover]}";
        if (slot == content.Regions.Length)
        {
            Name(entry, "failover_row", "", $"{when}: a default route has no rows.");
            return;
        }
        HashSet<int> met = [];
        for (int at = _rows.Start[row]; at < _rows.Start[row + 1]; at++)
        {
            int edge = _rows.Edge[at];
            Shares++;
            sum += _rows.Weight[at];
            entries.Check(entry, edge, "failover", when);
            CheckServices(entry, edge, when);
            if (Fault(failover, edge, _rows.Weight[at], met) is { } fault) Name(entry, "failover_edge", nodes.Id(edge), $"{when}: edge {nodes.Id(edge)} {fault}.");
        }
        if (sum != Table.Shares.Whole) Name(entry, "failover_shares", "", $"{when}: weights and overflow sum to {sum}, not {Table.Shares.Whole}.");
    }

    private string? Fault(int failover, int edge, int weight, HashSet<int> met)
    {
        if (!met.Add(edge)) return "occurs twice";
        if (weight == 0) return "has no share";
        if (_rows.Failed.AsSpan(_rows.FailedStart[failover], _rows.FailedStart[failover + 1] - _rows.FailedStart[failover]).Contains((ushort)edge))
            return "has a share, and it is one of those that failed";
        return content.Edges[edge].State == HealthState.Up ? null : "has a share, and the table knows it to be down or drained";
    }

    // A service that the world does not have says nothing about its edges.
    private void CheckServices(int entry, int edge, string when)
    {
        if (world.EdgeOrdinal(nodes.Id(edge)) is not (>= 0 and int known)) return;
        Edge fact = world.Edges[known];
        foreach (Service service in _services[entry / (content.Regions.Length + 1)])
        {
            bool admits = (service.Operators.IsEmpty || service.Operators.Contains(fact.Operator)) && (service.Edges.IsEmpty || service.Edges.Contains(fact.Id));
            if (!admits) Name(entry, "service_edge", fact.Id, $"{when}: service {service.Id} does not admit edge {fact.Id} of operator {fact.Operator}.");
        }
    }

    private void Name(int entry, string rule, string node, string what)
    {
        int slot = entry % (content.Regions.Length + 1);
        ImmutableArray<string> services = entries.ServicesOf(entry / (content.Regions.Length + 1));
        string region = slot == content.Regions.Length ? "" : content.Regions[slot].Id;
        string whose = region.Length == 0 ? "Clients in no region" : $"Region {region}";
        findings.Add(new(rule, "failover", region, services, node, $"{whose}, service {string.Join(", ", services)}{what}"));
    }
}
