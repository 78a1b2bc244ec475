using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads the three tables of links.</summary>
internal static class LinkTables
{
    public const string EdgeRelayFile = "links_edge_relay.csv";
    public const string RelayRelayFile = "links_relay_relay.csv";
    public const string RelayOriginFile = "links_relay_origin.csv";

    public static ImmutableArray<Link> ReadEdgeRelay(WorldDraft draft) => Read(draft, draft.EdgeRelayLinks, "edge_id", "relay_id");

    public static ImmutableArray<Link> ReadRelayRelay(WorldDraft draft) => Read(draft, draft.RelayRelayLinks, "relay_a", "relay_b");

    public static ImmutableArray<Link> ReadRelayOrigin(WorldDraft draft) => Read(draft, draft.RelayOriginLinks, "relay_id", "origin_id");

    private static ImmutableArray<Link> Read(WorldDraft draft, LinkIndex index, string from, string to)
    {
        TableReader? table = TableReader.Open(draft.Files, index.File, required: false);
        index.IsComplete = table is not null || !draft.Files.Exists(index.File);
        if (table is not { } t) return [];
        Column first = t.Required(from), second = t.Required(to), rtt = t.Required("rtt_ms"), source = t.Required("source");
        int before = draft.Log.FaultCount;
        index.IsComplete &= t.Begin();
        if (!index.IsComplete) return [];
        ImmutableArray<Link>.Builder links = ImmutableArray.CreateBuilder<Link>();
        while (t.Next())
        {
            int a = index.From.Find(t, first), b = index.To.Find(t, second);
            links.Add(new(a, b, new Milliseconds(t.Number(rtt, NumberRule.Rtt)), t.Word(source, ("measured", true), ("model", false))));
            index.IsComplete &= a >= 0 && b >= 0;
            if (a < 0 || b < 0) continue;
            if (index.IsSymmetric && a == b) t.Fault(second, $"must differ from '{from}'");
            if (index.Add(a, b, links.Count - 1, t.Line) is > 0 and var line)
                t.Fault(second, $"must be linked to the node before it only once: line {line} has the pair too");
        }
        // A row with a fault may be the link that another table asks for.
        index.IsComplete &= draft.Log.FaultCount == before;
        return links.ToImmutable();
    }
}
