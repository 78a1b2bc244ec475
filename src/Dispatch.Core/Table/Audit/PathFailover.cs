namespace TrafficDispatch.Table.Audit;

/// <summary>Asks the table itself for upstream paths, under every failure, for every node, and holds what it answers against the law.</summary>
internal sealed class PathFailover(RoutingTable table, AuditNodes nodes, LawReading law, PathAudit paths, AuditFindings findings)
{
    private readonly TableContent _content = table.Content;

    public long Decisions { get; private set; }

    public long Answers { get; private set; }

    public void Run(IReadOnlyList<Failure> failures)
    {
        if (_content.Paths.Start.IsEmpty) return;
        RankedPath[] ranked = new RankedPath[PathDecider.MaxPaths];
        TableStream?[] asked = [null, .. _content.Streams.DistinctBy(static s => s.Origin)];
        string unregistered = Unregistered();
        foreach (Failure failure in failures)
        {
            for (int node = 0; node < nodes.Origin(0); node++)
            {
                foreach (TableStream? stream in asked)
                {
                    PathRequest request = new(node, stream?.Key ?? unregistered) { Down = failure.Down };
                    int count = table.Route(request, ranked).Count;
                    Decisions++;
                    for (int i = 0; i < count; i++) Take(node, stream, ranked[i].Path, failure);
                }
            }
        }
    }

    private void Take(int node, TableStream? stream, int path, Failure failure)
    {
        Answers++;
        PathRows rows = _content.Paths;
        int origins = _content.Origins.Length;
        // What the node's own rows hold is proved or named by now; an answer from elsewhere must be looked at.
        if (path < rows.Start[node * origins] || path >= rows.Start[(node + 1) * origins]) paths.Check(node, path, "failover", failure.Name);
        int origin = rows.HopNode[rows.HopStart[path + 1] - 1];
        if (stream is not null && origin != stream.Origin)
        {
            findings.Add(new("stream_origin", "failover", nodes.Id(node), [], nodes.Id(nodes.Origin(origin)),
                $"{nodes.Words(node)}{failure.Name}: stream {stream.Key} is held by origin {nodes.Id(nodes.Origin(stream.Origin))}, and the answer ends at {nodes.Id(nodes.Origin(origin))}."));
        }
        if (stream is null) CheckReserved(node, origin, failure);
    }

    /// <summary>A stream that nobody registered may be anybody's: an origin in a bound jurisdiction gives it to its own nodes alone.</summary>
    private void CheckReserved(int node, int origin, Failure failure)
    {
        string? where = nodes.Jurisdiction(nodes.Origin(origin));
        if (where is not null && (!law.IsBound(where) || where == nodes.Jurisdiction(node))) return;
        findings.Add(new("reserved_origin", "failover", nodes.Id(node), [], nodes.Id(nodes.Origin(origin)),
            $"{nodes.Words(node)}{failure.Name}: an unregistered stream is answered from {nodes.Words(nodes.Origin(origin))}, which keeps its own inside its jurisdiction."));
    }

    private string Unregistered()
    {
        string key = "unregistered";
        while (_content.Streams.Any(s => s.Key == key)) key += "'";
        return key;
    }
}
