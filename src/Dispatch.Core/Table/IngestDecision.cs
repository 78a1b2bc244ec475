namespace TrafficDispatch.Table;

/// <summary>Who wants to publish, and what is out of the question just now.</summary>
public readonly ref struct IngestRequest
{
    private IngestRequest(int region, int node) => (Region, Node) = (region, node);

    /// <summary>Ordinal of the publisher's region; −1 where a node publishes.</summary>
    public int Region { get; }

    /// <summary>Ordinal of the publishing edge or relay; −1 where a region publishes.</summary>
    public int Node { get; }

    /// <summary>Rate of the stream, kbit/s, at least 0: origins without so much room are left out.</summary>
    public long Kbps { get; init; }

    /// <summary>Node ordinals (edges, then relays, then origins) that are not wanted.</summary>
    public ReadOnlySpan<int> Excluded { get; init; }

    /// <summary>Bits of nodes that are down, as in <see cref="PathRequest.Down"/>.</summary>
    public ReadOnlySpan<ulong> Down { get; init; }

    /// <summary>A publisher in a region.</summary>
    public static IngestRequest ForRegion(int region, long kbps) => new(region, -1) { Kbps = kbps };

    /// <summary>A publisher behind an edge or relay.</summary>
    public static IngestRequest ForNode(int node, long kbps) => new(-1, node) { Kbps = kbps };
}

/// <summary>An origin of an answer.</summary>
/// <param name="Origin">Ordinal of the origin.</param>
/// <param name="WeightMicroseconds">Weight of the way there.</param>
/// <param name="RttMicroseconds">Round trip of the way there.</param>
public readonly record struct IngestChoice(int Origin, uint WeightMicroseconds, uint RttMicroseconds);

/// <summary>What the table decided about ingest, apart from the origins themselves.</summary>
/// <param name="Reason"><see cref="DecisionReason.IngestOrigin"/>, or <see cref="DecisionReason.NoOrigin"/> where the answer is empty.</param>
/// <param name="Count">How many origins the answer has.</param>
/// <param name="Lawful">How many the table ranks for the publisher: lawful, linked, healthy.</param>
/// <param name="WithoutRoom">How many of these have no room for the stream.</param>
/// <param name="TtlSeconds">Seconds the answer holds.</param>
public readonly record struct IngestDecision(DecisionReason Reason, int Count, int Lawful, int WithoutRoom, int TtlSeconds);

/// <summary>Ranks origins for publishers. Allocates nothing.</summary>
internal sealed class IngestDecider(TableContent content)
{
    public IngestDecision Decide(in IngestRequest request, Span<IngestChoice> ranked)
    {
        IngestRows rows = content.Ingest;
        (int count, int full, int from, int end) = (0, 0, 0, 0);
        if (!rows.Start.IsEmpty)
        {
            int row = request.Region >= 0 ? request.Region : content.Regions.Length + request.Node;
            (from, end) = (rows.Start[row], rows.Start[row + 1]);
        }
        for (int i = from; i < end; i++)
        {
            int origin = rows.Origin[i], node = content.Edges.Length + content.Relays.Length + origin;
            if (rows.RoomKbps[origin] < request.Kbps || rows.RoomKbps[origin] == 0)
            {
                full++;
                continue;
            }
            bool down = node >> 6 < request.Down.Length && (request.Down[node >> 6] >> (node & 63) & 1) != 0;
            if (down || request.Excluded.Contains(node) || count == ranked.Length) continue;
            ranked[count++] = new(origin, rows.WeightMicroseconds[i], rows.RttMicroseconds[i]);
        }
        return new(count > 0 ? DecisionReason.IngestOrigin : DecisionReason.NoOrigin, count, end - from, full, content.RouteTtlSeconds);
    }
}
