using TrafficDispatch.Model;
using TrafficDispatch.WhatIf.Edits;

namespace TrafficDispatch.WhatIf.Files;

/// <summary>Reads one edit: a map with one field that says what is done and to what, and fields that say how.</summary>
internal static class EditReader
{
    private static readonly Dictionary<string, Func<MapReader, ScenarioEdit?>> Verbs = new(StringComparer.Ordinal)
    {
        ["fail"] = static m => m.Target("fail", edges: true) is { } t ? new TakeOutEdit(t, HealthState.Down) : null,
        ["drain"] = static m => m.Target("drain", edges: true) is { } t ? new TakeOutEdit(t, HealthState.Drained) : null,
        ["restore"] = static m => m.Target("restore", edges: true) is { } t ? new RestoreEdit(t) : null,
        ["surge"] = Surge,
        ["capacity"] = Capacity,
        ["move_capacity"] = MoveCapacity,
        ["add_edge"] = AddEdge,
        ["price"] = PriceOf,
        ["contract"] = ContractOf,
        ["end_contract"] = static m => m.Text("end_contract") is { } id ? new EndContractEdit(id) : null,
        ["law"] = Law,
        ["rtt"] = Rtt,
        ["weigh_latency"] = static m => m.Number("weigh_latency", 0) is { } factor ? new WeighEdit(factor) : null,
    };

    /// <summary>What can be done.</summary>
    public static IReadOnlyCollection<string> Names => Verbs.Keys;

    /// <summary>The edit; null where it has faults.</summary>
    public static ScenarioEdit? Read(ScenarioNode node, string field, StudyFaults faults)
    {
        if (node is not MapNode map)
        {
            faults.Add(node, field, $"is {node.Kind}; it must be a map with one of {string.Join(", ", Names)}");
            return null;
        }
        MapReader reader = new(map, field, faults);
        string[] said = [.. reader.Names.Where(Verbs.ContainsKey)];
        if (said.Length != 1)
        {
            reader.Fault(said.Length == 0 ? $"says nothing to do; it must have one of {string.Join(", ", Names)}" : $"says {string.Join(" and ", said)}; each edit does one thing");
            return null;
        }
        int before = faults.Count;
        ScenarioEdit? edit = Verbs[said[0]](reader);
        reader.RefuseOthers();
        return faults.Count == before ? edit : null;
    }

    private static SurgeEdit? Surge(MapReader m)
    {
        (ScenarioTarget? target, double? factor) = (m.Target("surge", edges: false), m.Number("factor", 0));
        if (!m.Has("factor")) m.Fault("needs factor");
        return target is { } t && factor is { } f ? new(t, f) : null;
    }

    private static CapacityEdit? Capacity(MapReader m)
    {
        (ScenarioTarget? target, double? factor, double? add) = (m.Target("capacity", edges: true), m.Number("factor", 0), m.Number("add_gbps", double.MinValue));
        if (!m.Has("factor") && !m.Has("add_gbps")) m.Fault("needs factor or add_gbps");
        return target is { } t ? new(t, factor ?? 1, add ?? 0) : null;
    }

    private static MoveCapacityEdit? MoveCapacity(MapReader m)
    {
        (ScenarioTarget? from, ScenarioTarget? to, double? gbps) = (m.Target("move_capacity", edges: true), m.Target("to", edges: true), m.Number("gbps", 0));
        foreach (string name in (string[])["to", "gbps"]) if (!m.Has(name)) m.Fault($"needs {name}");
        if (from is { Kind: not TargetKind.Edge }) m.Fault("move_capacity", $"is '{from}'; it must be one edge, edge:ID");
        if (to is { Kind: not TargetKind.Edge }) m.Fault("to", $"is '{to}'; it must be one edge, edge:ID");
        return from is { } f && to is { } t && gbps is { } g ? new(f.Id, t.Id, new(g)) : null;
    }

    private static PriceEdit? PriceOf(MapReader m)
    {
        (ScenarioTarget? target, double? factor) = (m.Target("price", edges: true), m.Number("factor", 0));
        Price? price = OwnPrice(m);
        if (!m.Has("factor") && price is null) m.Fault("needs factor, usd_per_gb or usd_per_mbps_month");
        return target is { } t ? new PriceEdit(t, factor ?? 1) { Price = price } : null;
    }

    private static Price? OwnPrice(MapReader m)
    {
        (double? gb, double? month) = (m.Number("usd_per_gb", 0), m.Number("usd_per_mbps_month", 0));
        if (gb is not null && month is not null) m.Fault("must not say both usd_per_gb and usd_per_mbps_month");
        return gb is { } g ? new Price(PriceModel.PerGb, g, 0) : month is { } p ? new Price(PriceModel.PerMbpsMonth, 0, p) : null;
    }

    private static ContractEdit ContractOf(MapReader m)
    {
        string id = m.RequiredText("contract");
        double? ceiling = m.Take("ceiling_gbps") is ScalarNode { Text: "none" } ? double.PositiveInfinity : m.Number("ceiling_gbps", 0);
        return new(id)
        {
            Edges = m.Targets("edges", edges: true),
            Floor = Rate(m.Number("floor_gbps", 0)),
            Ceiling = Rate(ceiling),
            Billing = m.Word("billing", "volume", "p95") switch { "volume" => BillingMethod.Volume, "p95" => BillingMethod.Percentile95, _ => null },
            Commit = Rate(m.Number("commit_gbps", 0)),
            CommitUsd = m.Number("commit_usd", 0),
            Tiers = m.Has("tiers") ? [.. m.Items("tiers").Select(i => Tier(i.Node, i.Field, m)).OfType<PriceTier>()] : null,
        };
    }

    private static PriceTier? Tier(ScenarioNode node, string field, MapReader m)
    {
        if (node is not MapNode map)
        {
            m.Fault("tiers", $"holds {node.Kind}; each tier must be a map with usd and, but for the last, up_to_gbps");
            return null;
        }
        MapReader tier = m.Inside(map, field);
        (double? upTo, double? usd) = (tier.Number("up_to_gbps", 0), tier.Number("usd", 0));
        if (!tier.Has("usd")) tier.Fault("needs usd");
        tier.RefuseOthers();
        return usd is { } u ? new(Rate(upTo), u) : null;
    }

    private static LawEdit Law(MapReader m)
    {
        NodeKind hop = m.Word("hop", "edge", "relay", "origin") switch { "relay" => NodeKind.Relay, "origin" => NodeKind.Origin, _ => NodeKind.Edge };
        if (!m.Has("allowed")) m.Fault("needs allowed");
        return new(m.RequiredText("law"), hop, m.Texts("allowed"));
    }

    private static RttEdit? Rtt(MapReader m)
    {
        (ScenarioTarget? clients, ScenarioTarget? edges) = (m.Target("rtt", edges: false), m.Target("edges", edges: true));
        (double? factor, double? add) = (m.Number("factor", 0), m.Number("add_ms", double.MinValue));
        if (!m.Has("edges")) m.Fault("needs edges");
        if (!m.Has("factor") && !m.Has("add_ms")) m.Fault("needs factor or add_ms");
        return clients is { } c && edges is { } e ? new(c, e, factor ?? 1, new(add ?? 0)) : null;
    }

    private static AddEdgeEdit AddEdge(MapReader m)
    {
        (string id, string like, double? gbps) = (m.RequiredText("add_edge"), m.RequiredText("like"), m.Number("gbps", 0));
        if (!m.Has("gbps")) m.Fault("needs gbps");
        return new AddEdgeEdit(id, like, new(gbps ?? 0))
        {
            Place = PlaceOf(m),
            FaultDomain = m.Text("fault_domain"),
            Jurisdiction = m.Text("jurisdiction"),
            Price = OwnPrice(m),
            JoinsContracts = !m.Flag("outside_contracts"),
        };
    }

    private static Place? PlaceOf(MapReader m)
    {
        string[] all = ["city", "iso2", "continent", "zone", "lat", "lon"], said = [.. all.Where(m.Has)];
        (string? city, string? iso2, string? continent, string? zone) = (m.Text("city"), m.Text("iso2"), m.Text("continent"), m.Text("zone"));
        (double? lat, double? lon) = (m.Number("lat", -90, 90), m.Number("lon", -180, 180));
        if (said.Length == 0) return null;
        if (said.Length < all.Length) m.Fault($"says where it stands by {string.Join(", ", said)} alone; a place needs {string.Join(", ", all)}");
        return new(city ?? "", iso2 ?? "", continent ?? "", zone ?? "", new(lat ?? 0, lon ?? 0));
    }

    private static Gbps? Rate(double? gbps) => gbps is { } value ? new Gbps(value) : null;
}
