using TrafficDispatch.Model;

namespace TrafficDispatch.Table.Audit;

/// <summary>
/// The law read from the facts once more, apart from <see cref="ResidencyLaw"/>, so that a slip there does not hide itself: the rows of
/// <c>allowed.csv</c> and the regions' own rule, as the world's documentation states them.
/// </summary>
/// <remarks>
/// A jurisdiction is bound where a row names it or a region of it is bound to it. A bound one may use, for a kind of hop, what its rows
/// list (what all of them list, where there are several), and without a row its own nodes alone. Viewers follow a row for edges where
/// there is one, else their region's own rule. What is unknown is never allowed to anybody who is bound.
/// </remarks>
internal sealed class LawReading
{
    private readonly HashSet<string> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>>[] _lists = [new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal)];

    public LawReading(WorldFacts facts)
    {
        foreach (ClientRegion region in facts.Regions)
        {
            if (region.InJurisdictionOnly) _bound.Add(region.Jurisdiction);
        }
        foreach (AllowedHop row in facts.AllowedHops)
        {
            _bound.Add(row.Jurisdiction);
            Dictionary<string, HashSet<string>> lists = _lists[(int)row.Hop];
            if (lists.TryGetValue(row.Jurisdiction, out HashSet<string>? list)) list.IntersectWith(row.Allowed);
            else lists.Add(row.Jurisdiction, new(row.Allowed, StringComparer.Ordinal));
        }
    }

    public int BoundCount => _bound.Count;

    public bool IsBound(string jurisdiction) => _bound.Contains(jurisdiction);

    /// <summary>True where traffic under a node's law may touch a node of that kind there; null is an unknown jurisdiction.</summary>
    public bool LetsPass(string jurisdiction, NodeKind kind, string? where)
    {
        if (!_bound.Contains(jurisdiction)) return true;
        if (where is null) return false;
        return _lists[(int)kind].TryGetValue(jurisdiction, out HashSet<string>? list) ? list.Contains(where) : where == jurisdiction;
    }

    /// <summary>True where the law says anything about the edges of a region's viewers.</summary>
    public bool BindsViewers(ClientRegion region) => region.InJurisdictionOnly || _lists[(int)NodeKind.Edge].ContainsKey(region.Jurisdiction);

    /// <summary>True where a region's viewers may be served by an edge there; null is an unknown jurisdiction.</summary>
    public bool LetsView(ClientRegion region, string? where)
    {
        if (!BindsViewers(region)) return true;
        if (where is null) return false;
        return _lists[(int)NodeKind.Edge].TryGetValue(region.Jurisdiction, out HashSet<string>? list) ? list.Contains(where) : where == region.Jurisdiction;
    }

    /// <summary>The set that a bound jurisdiction is kept in, in words.</summary>
    public string AllowedWords(string jurisdiction, NodeKind kind) =>
        _lists[(int)kind].TryGetValue(jurisdiction, out HashSet<string>? list) ? string.Join(" or ", list.Order(StringComparer.Ordinal)) : jurisdiction;
}
