using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>
/// Holds facts against the rules that a loaded world keeps, as far as the solver, the table and the law rest on them: what a store gives
/// is as little to be trusted as a file. The ranges are those of the world folder's loader.
/// </summary>
internal sealed class FactsCheck
{
    private const double MostGbps = 1e9, MostUsd = 1e6, MostMilliseconds = 1e6, MostWeight = 1e6, MostFraction = 1000, ShareTolerance = 1e-6;
    private readonly WorldFacts _facts;
    private readonly FactsFaults _faults = new();
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _edges, _services, _operators;

    private FactsCheck(WorldFacts facts)
    {
        _facts = facts;
        _edges = [.. facts.Edges.Select(static e => e.Id)];
        _services = [.. facts.Services.Select(static s => s.Id)];
        _operators = [.. facts.Edges.Select(static e => e.Operator)];
    }

    /// <summary>Every rule that the facts break, at most the first <see cref="FactsFaults.Most"/>; empty for facts that make a world. Linear.</summary>
    public static ImmutableArray<StateFault> Run(WorldFacts facts)
    {
        FactsCheck check = new(facts);
        check.Places();
        check.Figures();
        check.Matrices();
        check.Links();
        check.Served();
        check.Said();
        check.Contracts();
        check.Prefixes();
        return check._faults.ToImmutable();
    }

    private void Places()
    {
        if (_facts.Version.Length == 0) _faults.Add("stamp", "", "version", "", "must not be empty");
        if (_facts.Regions.IsEmpty) _faults.Add(FactsTables.Places, "", "", "", "must have at least one region");
        _faults.Unique(FactsTables.Places, "region_id", _facts.Regions.Select(static r => r.Id));
        _faults.Unique(FactsTables.Places, "edge_id", _facts.Edges.Select(static e => e.Id), _nodes);
        _faults.Unique(FactsTables.Places, "relay_id", _facts.Relays.Select(static r => r.Id), _nodes);
        _faults.Unique(FactsTables.Places, "origin_id", _facts.Origins.Select(static o => o.Id), _nodes);
        foreach (ClientRegion region in _facts.Regions)
        {
            At(region.Id, region.Place);
            _faults.Number(FactsTables.Places, region.Id, "utc_offset_h", region.UtcOffsetHours, -12, 14);
        }
        foreach (Edge edge in _facts.Edges) At(edge.Id, edge.Place);
        foreach (Relay relay in _facts.Relays) At(relay.Id, relay.Place);
        foreach (Origin origin in _facts.Origins) At(origin.Id, origin.Place);
    }

    private void At(string id, Place place)
    {
        _faults.Number(FactsTables.Places, id, "lat", place.Point.Latitude, -90, 90);
        _faults.Number(FactsTables.Places, id, "lon", place.Point.Longitude, -180, 180);
    }

    private void Figures()
    {
        foreach (Edge e in _facts.Edges)
        {
            _faults.Number("capacity", e.Id, "capacity_gbps", e.Capacity.Value, 0, MostGbps);
            _faults.Number("cost", e.Id, "usd_per_gb", e.Price.UsdPerGb, 0, MostUsd);
            _faults.Number("cost", e.Id, "usd_per_mbps_month", e.Price.UsdPerMbpsMonth, 0, MostUsd);
        }
        foreach (Relay r in _facts.Relays)
        {
            _faults.Number("capacity", r.Id, "capacity_gbps", r.Capacity.Value, 0, MostGbps);
            _faults.Number("cost", r.Id, "usd_per_gb", r.UsdPerGb, 0, MostUsd);
        }
        foreach (Origin o in _facts.Origins) _faults.Number("capacity", o.Id, "capacity_gbps", o.Capacity.Value, 0, MostGbps);
        foreach (ClientRegion r in _facts.Regions) _faults.Number("demand", r.Id, "peak_gbps", r.Peak.Value, 0, MostGbps);
        for (int hour = 0; hour < 24; hour++)
            _faults.Number("demand", Text(hour), "fraction_of_peak", _facts.Diurnal.FractionOfPeak[hour], 0, MostFraction);
    }

    private void Matrices()
    {
        bool fits = _facts.Rtt.Regions == _facts.Regions.Length && _facts.Rtt.Edges == _facts.Edges.Length;
        if (!fits) _faults.Add("latency", "", "", "", $"must have a row for each of {_facts.Regions.Length} regions and a figure for each of {_facts.Edges.Length} edges");
        for (int r = 0; fits && r < _facts.Regions.Length; r++) Row("latency", r, "rtt_ms", _facts.Rtt.Row(r), MostMilliseconds);
        if (_facts.Loss is not { } loss) return;
        if (loss.Edges != _facts.Edges.Length) _faults.Add(FactsTables.Loss, "", "", "", $"must have a figure for each of {_facts.Edges.Length} edges");
        else
            for (int r = 0; r < _facts.Regions.Length; r++) Row(FactsTables.Loss, r, "loss", loss.Row(r), 1);
    }

    private void Row(string table, int region, string field, ReadOnlySpan<double> values, double most)
    {
        for (int e = 0; e < values.Length; e++)
        {
            // The text is only made for what breaks the rule: there are tens of millions of figures.
            if (values[e] >= 0 && values[e] <= most) continue;
            _faults.Number(table, $"{_facts.Regions[region].Id} to {_facts.Edges[e].Id}", field, values[e], 0, most);
        }
    }

    private void Links()
    {
        Links("edge_relay", _facts.EdgeRelayLinks, _facts.Edges.Length, _facts.Relays.Length);
        Links("relay_relay", _facts.RelayRelayLinks, _facts.Relays.Length, _facts.Relays.Length);
        Links("relay_origin", _facts.RelayOriginLinks, _facts.Relays.Length, _facts.Origins.Length);
    }

    private void Links(string kind, ImmutableArray<Link> links, int from, int to)
    {
        for (int i = 0; i < links.Length; i++)
        {
            (Link link, string row) = (links[i], $"{kind} {Text(i)}");
            _faults.Ordinal("links", row, "from", link.From, from);
            _faults.Ordinal("links", row, "to", link.To, to);
            _faults.Number("links", row, "rtt_ms", link.Rtt.Value, 0, MostMilliseconds);
            _faults.Number("links", row, "loss", link.Loss, 0, Math.BitDecrement(1.0));
            _faults.Number("links", row, "jitter_ms", link.Jitter.Value, 0, MostMilliseconds);
            if (link.Capacity is { } room) _faults.Number("links", row, "capacity_gbps", room.Value, 0, MostGbps);
        }
    }

    private void Served()
    {
        HashSet<string> classes = _faults.Unique("services", "class_id", _facts.Classes.Select(static c => c.Id));
        foreach (TrafficClass c in _facts.Classes)
        {
            _faults.Number("services", c.Id, "priority", c.Priority, 1, 9);
            _faults.Number("services", c.Id, "share", c.Share, 0, 1);
            _faults.Number("services", c.Id, "latency_weight", c.LatencyWeight, 0, MostWeight);
            _faults.Number("services", c.Id, "loss_weight", c.LossWeight, 0, MostWeight);
            _faults.Number("services", c.Id, "sticky_share", c.StickyShare, 0, 1);
            if (c.MaxRtt is { } rtt) _faults.Number("services", c.Id, "max_rtt_ms", rtt.Value, 0, MostMilliseconds);
            if (c.MaxLoss is { } loss) _faults.Number("services", c.Id, "max_loss", loss, 0, 1);
        }
        double sum = _facts.Classes.Sum(static c => c.Share);
        if (!(Math.Abs(sum - 1) <= ShareTolerance)) _faults.Add("services", "all classes", "share", sum.ToString(CultureInfo.InvariantCulture), "must sum to 1");
        if (_facts.Services.IsEmpty) _faults.Add("services", "", "", "", "must have at least one service");
        _faults.Unique("services", "service_id", _facts.Services.Select(static s => s.Id));
        foreach (Service s in _facts.Services)
        {
            _faults.Known("services", s.Id, "class", s.ClassId, classes, "a class");
            _faults.Number("services", s.Id, "ttl_s", s.TtlSeconds, 5, 300);
            _faults.Number("services", s.Id, "class_share", s.ClassShare, 0, MostWeight);
            foreach (string owner in s.Operators) _faults.Known("services", s.Id, "operators", owner, _operators, "an operator");
            foreach (string edge in s.Edges) _faults.Known("services", s.Id, "edges", edge, _edges, "an edge");
        }
    }

    private void Said()
    {
        HashSet<string> origins = [.. _facts.Origins.Select(static o => o.Id)], relays = [.. _facts.Relays.Select(static r => r.Id)];
        HashSet<string> domains =
        [
            .. _facts.Edges.Select(static e => e.FaultDomain), .. _facts.Relays.Select(static r => r.FaultDomain), .. _facts.Origins.Select(static o => o.FaultDomain),
        ];
        HashSet<string> reached = [.. _edges, .. relays, .. origins];
        foreach (ServiceEndpoint e in _facts.Endpoints)
        {
            _faults.Known("services", $"{e.NodeId} {e.ServiceId}", "node_id", e.NodeId, reached, "an edge, relay or origin");
            _faults.Known("services", $"{e.NodeId} {e.ServiceId}", "service", e.ServiceId, _services, "a service");
        }
        foreach (HealthStatement h in _facts.Health)
        {
            HashSet<string> known = h.Scope switch
            {
                HealthScope.Edge => _edges,
                HealthScope.Relay => relays,
                HealthScope.Origin => origins,
                HealthScope.Domain => domains,
                _ => _operators,
            };
            _faults.Known("health", h.Id, "id", h.Id, known, $"a known {h.Scope}");
            _faults.Number("health", h.Id, "factor", h.Factor, 0, 1);
        }
        _faults.Unique("streams", "stream", _facts.Streams.Select(static s => s.Key));
        foreach (LiveStream s in _facts.Streams)
        {
            _faults.Known("streams", s.Key, "origin_id", s.OriginId, origins, "an origin");
            _faults.Number("streams", s.Key, "bitrate_mbps", s.BitrateMbps, double.Epsilon, MostGbps);
        }
    }

    private void Contracts()
    {
        HashSet<string> ids = _faults.Unique("contracts", "contract_id", _facts.Contracts.Select(static c => c.Id));
        foreach (Contract c in _facts.Contracts)
        {
            if (c.ParentId is { } parent) _faults.Known("contracts", c.Id, "parent", parent, ids, "a contract");
            foreach (string edge in c.Edges) _faults.Known("contracts", c.Id, "edges", edge, _edges, "an edge");
            _faults.Number("contracts", c.Id, "floor_gbps", c.Floor.Value, 0, MostGbps);
            _faults.Number("contracts", c.Id, "commit_gbps", c.Commit.Value, 0, MostGbps);
            if (c.CommitUsd is { } usd) _faults.Number("contracts", c.Id, "commit_usd", usd, 0, MostUsd);
            if (c.Ceiling is { } most) _faults.Number("contracts", c.Id, "ceiling_gbps", most.Value, 0, MostGbps);
            foreach (PriceTier tier in c.Tiers) _faults.Number("contracts", c.Id, "tiers", tier.Usd, 0, MostUsd);
        }
        for (int i = 0; i < _facts.Peering.Length; i++)
        {
            PeeringCap cap = _facts.Peering[i];
            _faults.Ordinal("contracts", $"peering {Text(i)}", "edge", cap.Edge, _facts.Edges.Length);
            _faults.Number("contracts", $"peering {Text(i)}", "capacity_gbps", cap.Capacity.Value, 0, MostGbps);
            foreach (int region in cap.Regions) _faults.Ordinal("contracts", $"peering {Text(i)}", "regions", region, _facts.Regions.Length);
        }
    }

    private void Prefixes()
    {
        foreach (PrefixEntry entry in _facts.Prefixes)
        {
            if (entry.Location >= PrefixEntry.None && entry.Location < _facts.Regions.Length) continue;
            _faults.Add("prefixes", entry.Prefix.ToString(), "region", Text(entry.Location), $"must be {PrefixEntry.None} or from 0 to {_facts.Regions.Length - 1}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
