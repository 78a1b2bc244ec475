using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>
/// Reads <c>link_capacity.csv</c> (<c>kind,from,to,capacity_gbps,loss,jitter_ms</c>): what the links of the relay network can carry and
/// how well, and how much room there is between networks of clients and edges.
/// </summary>
/// <remarks>One load only.</remarks>
internal sealed class RoomTable
{
    public const string File = "link_capacity.csv";
    private const string SelectorRule = "must be country:, zone: or region: with an ISO 3166-1 code, a latency zone or a region id";
    private static readonly string[] Selectors = ["country:", "zone:", "region:"];
    private readonly WorldDraft _draft;
    private readonly TableReader _table;
    private readonly Column _kind, _from, _to, _capacity, _loss, _jitter;
    private readonly LinkSet _edgeRelay, _relayRelay, _relayOrigin;
    private readonly Dictionary<string, List<int>> _regions = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Region, int Edge), int> _capLines = [];
    private readonly ImmutableArray<PeeringCap>.Builder _caps = ImmutableArray.CreateBuilder<PeeringCap>();

    private RoomTable(WorldDraft draft, TableReader table, WorldFacts facts)
    {
        (_draft, _table) = (draft, table);
        (_kind, _from, _to) = (table.Required("kind"), table.Required("from"), table.Required("to"));
        (_capacity, _loss, _jitter) = (table.Required("capacity_gbps"), table.Optional("loss"), table.Optional("jitter_ms"));
        _edgeRelay = new(draft.EdgeRelayLinks, facts.EdgeRelayLinks);
        _relayRelay = new(draft.RelayRelayLinks, facts.RelayRelayLinks);
        _relayOrigin = new(draft.RelayOriginLinks, facts.RelayOriginLinks);
        for (int r = 0; r < facts.Regions.Length; r++)
        {
            foreach (string name in NamesOf(facts.Regions[r]))
            {
                if (!_regions.TryGetValue(name, out List<int>? members)) _regions.Add(name, members = []);
                members.Add(r);
            }
        }
    }

    private enum Kind
    {
        EdgeRelay,
        RelayRelay,
        RelayOrigin,
        Peering,
    }

    /// <summary>The facts with the links filled in and the peering caps added; as they were where there is no such file.</summary>
    public static WorldFacts Read(WorldDraft draft, WorldFacts facts)
    {
        if (TableReader.Open(draft.Files, File, required: false) is not { } table) return facts;
        RoomTable rows = new(draft, table, facts);
        if (!table.Begin()) return facts;
        while (table.Next()) rows.ReadRow();
        return facts with
        {
            EdgeRelayLinks = [.. rows._edgeRelay.Links],
            RelayRelayLinks = [.. rows._relayRelay.Links],
            RelayOriginLinks = [.. rows._relayOrigin.Links],
            Peering = rows._caps.ToImmutable(),
        };
    }

    /// <summary>The names by which a peering row can hold a region.</summary>
    public static string[] NamesOf(ClientRegion region) => [$"country:{region.Place.Iso2}", $"zone:{region.Place.Zone}", $"region:{region.Id}"];

    private void ReadRow()
    {
        int before = _draft.Log.FaultCount;
        Kind kind = _table.Word(
            _kind, ("edge_relay", Kind.EdgeRelay), ("relay_relay", Kind.RelayRelay), ("relay_origin", Kind.RelayOrigin), ("peering", Kind.Peering));
        if (_table.IsBroken || _draft.Log.FaultCount > before) return;
        switch (kind)
        {
            case Kind.EdgeRelay: ReadLink(_edgeRelay); break;
            case Kind.RelayRelay: ReadLink(_relayRelay); break;
            case Kind.RelayOrigin: ReadLink(_relayOrigin); break;
            default: ReadCap(); break;
        }
    }

    private void ReadLink(LinkSet set)
    {
        int a = set.Index.From.Find(_table, _from), b = set.Index.To.Find(_table, _to);
        Gbps? capacity = _table.IsEmpty(_capacity) ? null : new Gbps(_table.Number(_capacity, NumberRule.Rate));
        double loss = _table.Number(_loss, NumberRule.LinkLoss, absent: 0), jitter = _table.Number(_jitter, NumberRule.Rtt, absent: 0);
        if (_table.IsEmpty(_capacity) && _table.IsEmpty(_loss) && _table.IsEmpty(_jitter))
            _table.Fault(_capacity, "must be given where neither loss nor jitter_ms is");
        if (a < 0 || b < 0) return;
        int at = set.Index.Find(a, b);
        if (at < 0)
        {
            if (set.Index.IsComplete) _table.Fault(_to, $"must be linked to the node before it in {set.Index.File}");
            return;
        }
        if (set.Lines[at] > 0) _table.Fault(_to, $"must be stated once: line {set.Lines[at]} has the link too");
        set.Lines[at] = _table.Line;
        set.Links[at] = set.Links[at] with { Capacity = capacity, Loss = loss, Jitter = new Milliseconds(jitter) };
    }

    private void ReadCap()
    {
        ImmutableArray<int> regions = ReadRegions();
        int edge = _draft.Edges.Find(_table, _to);
        Gbps capacity = new(_table.Number(_capacity, NumberRule.Rate));
        foreach (Column column in (ReadOnlySpan<Column>)[_loss, _jitter])
            if (!_table.IsEmpty(column)) _table.Fault(column, "must be empty for peering");
        if (edge < 0) return;
        foreach (int region in regions)
        {
            if (_capLines.TryAdd((region, edge), _table.Line)) continue;
            _table.Fault(
                _from, $"must not hold region '{_draft.Regions[region]}' under a second cap to the edge: line {_capLines[(region, edge)]} holds it too");
            break;
        }
        _caps.Add(new(_table.Text(_from).ToString(), regions, edge, capacity));
    }

    /// <summary>The regions that the field's selectors name, ascending.</summary>
    private ImmutableArray<int> ReadRegions()
    {
        SortedSet<int> regions = [];
        if (_table.IsEmpty(_from)) _table.Fault(_from, SelectorRule);
        foreach (string name in _table.List(_from))
        {
            if (_regions.TryGetValue(name, out List<int>? members)) regions.UnionWith(members);
            else if (!Array.Exists(Selectors, s => name.StartsWith(s, StringComparison.Ordinal)))
                _table.Fault(_from, $"'{FaultLog.Shown(name)}' {SelectorRule}");
            else if (_draft.Regions.IsComplete)
                _table.Fault(_from, $"'{FaultLog.Shown(name)}' must name at least one region of {PlaceTables.RegionsFile}");
        }
        return [.. regions];
    }

    /// <summary>The links of one table while their room is filled in, and the lines that did.</summary>
    private sealed class LinkSet(LinkIndex index, ImmutableArray<Link> links)
    {
        public LinkIndex Index { get; } = index;

        public Link[] Links { get; } = [.. links];

        public int[] Lines { get; } = new int[links.Length];
    }
}
