using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf;

/// <summary>What an edit of a scenario speaks of.</summary>
public enum TargetKind
{
    /// <summary>One edge, by id.</summary>
    Edge,

    /// <summary>All edges of an operator.</summary>
    Operator,

    /// <summary>All nodes of a fault domain, across operators.</summary>
    Domain,

    /// <summary>All regions of a latency zone.</summary>
    Zone,

    /// <summary>All regions of a continent.</summary>
    Continent,

    /// <summary>One region, by id.</summary>
    Region,
}

/// <summary>One target, written <c>kind:id</c>; the kind ends at the first colon, so <c>domain:HK:Hong Kong</c> names a domain.</summary>
/// <param name="Kind">What is named.</param>
/// <param name="Id">Its id, as the world spells it.</param>
public readonly record struct ScenarioTarget(TargetKind Kind, string Id)
{
    /// <summary>Reads <c>kind:id</c>.</summary>
    /// <returns>False where the kind is unknown or the id is empty.</returns>
    public static bool TryParse(string text, out ScenarioTarget target)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        target = default;
        if (colon < 0 || colon == text.Length - 1) return false;
        TargetKind? kind = text[..colon] switch
        {
            "edge" => TargetKind.Edge,
            "operator" => TargetKind.Operator,
            "domain" => TargetKind.Domain,
            "zone" => TargetKind.Zone,
            "continent" => TargetKind.Continent,
            "region" => TargetKind.Region,
            _ => null,
        };
        if (kind is null) return false;
        target = new(kind.Value, text[(colon + 1)..]);
        return true;
    }

    /// <summary>True where the target names this edge.</summary>
    public bool Covers(Edge edge) => Kind switch
    {
        TargetKind.Edge => edge.Id == Id,
        TargetKind.Operator => edge.Operator == Id,
        TargetKind.Domain => edge.FaultDomain == Id,
        _ => false,
    };

    /// <summary>True where the target names this region.</summary>
    public bool Covers(ClientRegion region) => Kind switch
    {
        TargetKind.Region => region.Id == Id,
        TargetKind.Zone => region.Place.Zone == Id,
        TargetKind.Continent => region.Place.Continent == Id,
        _ => false,
    };

    /// <summary>The text form, <c>kind:id</c>.</summary>
    public override string ToString()
    {
        string kind = Kind switch
        {
            TargetKind.Edge => "edge",
            TargetKind.Operator => "operator",
            TargetKind.Domain => "domain",
            TargetKind.Zone => "zone",
            TargetKind.Continent => "continent",
            _ => "region",
        };
        return $"{kind}:{Id}";
    }
}
