using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>
/// Holds every hop of every upstream path against the law of everybody downstream of it: the viewers that the asking edge may get, the
/// asking node, and each relay that the stream passes on its way down.
/// </summary>
internal sealed class PathAudit(TableContent content, AuditNodes nodes, LawReading law, SharedEndpoints endpoints, HashSet<string>[] viewersOf, AuditFindings findings)
{
    private readonly HashSet<(int Node, int Path, int Hop)> _named = [];

    public long Hops { get; private set; }

    public long HopRules { get; private set; }

    public void Run()
    {
        PathRows rows = content.Paths;
        for (int row = 0; row + 1 < rows.Start.Length; row++)
        {
            int node = row / content.Origins.Length;
            for (int path = rows.Start[row]; path < rows.Start[row + 1]; path++) Hops += Check(node, path, "path", "");
        }
        for (int o = 0; o < content.Origins.Length; o++)
        {
            bool reserved = nodes.Jurisdiction(nodes.Origin(o)) is not { } where || law.IsBound(where);
            if (reserved && !content.Origins[o].IsReserved)
            {
                findings.Add(new("reserved_origin", "node", "", [], content.Origins[o].Id,
                    $"Origin {content.Origins[o].Id} stands in a bound jurisdiction, or nobody knows where, and the table gives its unregistered streams to anybody."));
            }
        }
    }

    /// <summary>Holds one path that a node gets against the law, and names each hop that breaks it unless that is done.</summary>
    /// <returns>Hops of the path.</returns>
    public int Check(int node, int path, string place, string when)
    {
        PathRows rows = content.Paths;
        int start = rows.HopStart[path], count = rows.HopStart[path + 1] - start;
        for (int h = 0; h < count; h++)
        {
            int hop = NodeAt(start, count, h);
            foreach ((string who, string? whose) in Downstream(node, start, count, h))
            {
                HopRules++;
                if (whose is null) continue; // an unknown law is a violation already
                if (!law.LetsPass(whose, nodes.Kind(hop), nodes.Jurisdiction(hop))) Name(node, path, h, hop, who, whose, place, when);
                else if (endpoints.Beside(hop).Any(other => !law.LetsPass(whose, nodes.Kind(other), nodes.Jurisdiction(other))))
                    Name(node, path, h, hop, who, whose, "endpoint", " (by an endpoint that it has in common with a node elsewhere)" + when);
            }
        }
        return count;
    }

    private int NodeAt(int start, int count, int hop) =>
        hop == count - 1 ? nodes.Origin(content.Paths.HopNode[start + hop]) : nodes.Relay(content.Paths.HopNode[start + hop]);

    private IEnumerable<(string Who, string? Whose)> Downstream(int node, int start, int count, int hop)
    {
        yield return (nodes.Words(node), nodes.Jurisdiction(node));
        for (int h = 0; h < hop; h++)
        {
            int relay = NodeAt(start, count, h);
            yield return (nodes.Words(relay), nodes.Jurisdiction(relay));
        }
        if (node >= viewersOf.Length) yield break;
        foreach (string viewers in viewersOf[node].Order(StringComparer.Ordinal)) yield return ($"viewers of {viewers}", viewers);
    }

    private void Name(int node, int path, int hop, int at, string who, string whose, string place, string when)
    {
        if (!_named.Add((node, path, hop))) return;
        NodeKind kind = nodes.Kind(at);
        findings.Add(new(kind == NodeKind.Relay ? "residency_relay" : "residency_origin", place, nodes.Id(node), [], nodes.Id(at),
            $"Path of {nodes.Words(node)} {Ways(path)}, hop {hop + 1}: {nodes.Words(at)}{when} is not allowed by the law of {who}, only {law.AllowedWords(whose, kind)} is."));
    }

    private string Ways(int path)
    {
        int start = content.Paths.HopStart[path], count = content.Paths.HopStart[path + 1] - start;
        return "over " + string.Join(" > ", Enumerable.Range(0, count).Select(h => nodes.Id(NodeAt(start, count, h))));
    }
}
