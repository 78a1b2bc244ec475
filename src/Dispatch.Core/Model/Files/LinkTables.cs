using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads the three tables of links.</summary>
internal static class LinkTables
{
    public static ImmutableArray<Link> ReadEdgeRelay(WorldDraft draft) =>
        Read(draft, "links_edge_relay.csv", ("edge_id", draft.Edges), ("relay_id", draft.Relays));

    public static ImmutableArray<Link> ReadRelayRelay(WorldDraft draft) =>
        Read(draft, "links_relay_relay.csv", ("relay_a", draft.Relays), ("relay_b", draft.Relays));

    public static ImmutableArray<Link> ReadRelayOrigin(WorldDraft draft) =>
        Read(draft, "links_relay_origin.csv", ("relay_id", draft.Relays), ("origin_id", draft.Origins));

    private static ImmutableArray<Link> Read(WorldDraft draft, string file, (string Name, IdIndex Ids) from, (string Name, IdIndex Ids) to)
    {
        if (TableReader.Open(draft.Files, file, required: false) is not { } t) return [];
        Column first = t.Required(from.Name), second = t.Required(to.Name), rtt = t.Required("rtt_ms"), source = t.Required("source");
        if (!t.Begin()) return [];
        bool oneKind = ReferenceEquals(from.Ids, to.Ids);
        Dictionary<(int, int), int> lines = [];
        ImmutableArray<Link>.Builder links = ImmutableArray.CreateBuilder<Link>();
        while (t.Next())
        {
            int a = from.Ids.Find(t, first), b = to.Ids.Find(t, second);
            links.Add(new(a, b, new Milliseconds(t.Number(rtt, NumberRule.Rtt)), t.Word(source, ("measured", true), ("model", false))));
            if (a < 0 || b < 0) continue;
            if (oneKind && a == b) t.Fault(second, $"must differ from '{from.Name}'");
            // A link between two relays is the same link from either end.
            (int, int) pair = oneKind && a > b ? (b, a) : (a, b);
            if (!lines.TryAdd(pair, t.Line)) t.Fault(second, $"must be linked to the node before it only once: line {lines[pair]} has the pair too");
        }
        return links.ToImmutable();
    }
}
