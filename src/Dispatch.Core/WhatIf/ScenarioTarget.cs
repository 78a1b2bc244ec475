using System.Collections.Frozen;
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

    /// <summary>All edges with a site code, across operators.</summary>
    Site,

    /// <summary>All regions of a latency zone.</summary>
    Zone,

    /// <summary>All regions of a continent.</summary>
    Continent,

    /// <summary>All regions of a country, by its ISO 3166-1 alpha-2 code.</summary>
    Country,

    /// <summary>One region, by id.</summary>
    Region,

    /// <summary>All edges, or all regions.</summary>
    All,
}

/// <summary>
/// One target, written <c>kind:id</c>, or <c>all</c>; the kind ends at the first colon, so <c>domain:HK:Hong Kong</c> names a domain.
/// </summary>
/// <param name="Kind">What is named.</param>
/// <param name="Id">Its id, as the world spells it; empty for all.</param>
public readonly record struct ScenarioTarget(TargetKind Kind, string Id)
{
    /// <summary>The word for everything.</summary>
    public const string AllWord = "all";

    private static readonly FrozenDictionary<string, TargetKind> Kinds = new Dictionary<string, TargetKind>(StringComparer.Ordinal)
    {
        ["edge"] = TargetKind.Edge,
        ["operator"] = TargetKind.Operator,
        ["domain"] = TargetKind.Domain,
        ["site"] = TargetKind.Site,
        ["zone"] = TargetKind.Zone,
        ["continent"] = TargetKind.Continent,
        ["country"] = TargetKind.Country,
        ["region"] = TargetKind.Region,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True where it names edges; <see cref="TargetKind.All"/> names both.</summary>
    public bool NamesEdges => Kind is TargetKind.Edge or TargetKind.Operator or TargetKind.Domain or TargetKind.Site or TargetKind.All;

    /// <summary>True where it names regions; <see cref="TargetKind.All"/> names both.</summary>
    public bool NamesRegions => !NamesEdges || Kind == TargetKind.All;

    /// <summary>Reads <c>kind:id</c> or <c>all</c>.</summary>
    /// <returns>False where the kind is unknown or the id is empty.</returns>
    public static bool TryParse(string text, out ScenarioTarget target)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        target = new(TargetKind.All, "");
        if (colon < 0) return text == AllWord;
        if (colon == text.Length - 1 || !Kinds.TryGetValue(text[..colon], out TargetKind kind)) return false;
        target = new(kind, text[(colon + 1)..]);
        return true;
    }

    /// <summary>Reads <c>kind:id</c> or <c>all</c>.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static ScenarioTarget Parse(string text) => TryParse(text, out ScenarioTarget target)
        ? target
        : throw new FormatException($"'{text}' is not a target: write kind:id with kind edge, operator, domain, site, zone, continent, country or region, or all.");

    /// <summary>True where the target names this edge.</summary>
    public bool Covers(Edge edge)
    {
        ArgumentNullException.ThrowIfNull(edge);
        return Kind switch
        {
            TargetKind.Edge => edge.Id == Id,
            TargetKind.Operator => edge.Operator == Id,
            TargetKind.Domain => edge.FaultDomain == Id,
            TargetKind.Site => edge.SiteCode == Id,
            TargetKind.All => true,
            _ => false,
        };
    }

    /// <summary>True where the target names this region.</summary>
    public bool Covers(ClientRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        return Kind switch
        {
            TargetKind.Region => region.Id == Id,
            TargetKind.Country => region.Place.Iso2 == Id,
            TargetKind.Zone => region.Place.Zone == Id,
            TargetKind.Continent => region.Place.Continent == Id,
            TargetKind.All => true,
            _ => false,
        };
    }

    /// <summary>The text form, <c>kind:id</c> or <c>all</c>.</summary>
    public override string ToString()
    {
        TargetKind kind = Kind;
        return kind == TargetKind.All ? AllWord : $"{Kinds.First(k => k.Value == kind).Key}:{Id}";
    }

    internal string NamesNoEdge() => $"'{this}' names no edge of this world; it must be all or an edge, operator, domain or site that it holds";

    internal string NamesNoRegion() => $"'{this}' names no region of this world; it must be all or a region, country, zone or continent that it holds";
}
