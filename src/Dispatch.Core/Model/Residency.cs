using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>The law on where a jurisdiction's traffic may go: which node jurisdictions each kind of hop may stand in.</summary>
/// <param name="Jurisdiction">Whose traffic is bound.</param>
/// <param name="Hop">The kind of node the rule speaks of.</param>
/// <param name="Allowed">Jurisdictions whose nodes may be used.</param>
public sealed record AllowedHop(string Jurisdiction, NodeKind Hop, ImmutableArray<string> Allowed);

/// <summary>
/// Answers whether traffic of a jurisdiction may touch a node. Fails closed: a bound jurisdiction without a rule for a kind of hop
/// may only use its own. Immutable and thread-safe.
/// </summary>
public sealed class ResidencyLaw
{
    private readonly Dictionary<(string, NodeKind), ImmutableArray<string>> _allowed = [];
    private readonly HashSet<string> _bound = new(StringComparer.Ordinal);

    /// <summary>Law with no rule at all.</summary>
    public static readonly ResidencyLaw None = new([], []);

    /// <param name="boundJurisdictions">Jurisdictions that some region declares binding (<c>in_jurisdiction</c>).</param>
    /// <param name="rules">Rules of <c>allowed.csv</c>; a jurisdiction named here is bound for every kind of hop.</param>
    public ResidencyLaw(IEnumerable<string> boundJurisdictions, ImmutableArray<AllowedHop> rules)
    {
        Rules = rules;
        _bound.UnionWith(boundJurisdictions);
        foreach (AllowedHop rule in rules)
        {
            _bound.Add(rule.Jurisdiction);
            _allowed[(rule.Jurisdiction, rule.Hop)] = rule.Allowed;
        }
    }

    /// <summary>The explicit rules.</summary>
    public ImmutableArray<AllowedHop> Rules { get; }

    /// <summary>True where the jurisdiction's traffic is bound at all.</summary>
    public bool IsBound(string jurisdiction) => _bound.Contains(jurisdiction);

    /// <summary>True where traffic of <paramref name="jurisdiction"/> may use a node of that kind standing in <paramref name="nodeJurisdiction"/>.</summary>
    public bool Allows(string jurisdiction, NodeKind hop, string nodeJurisdiction)
    {
        if (!_bound.Contains(jurisdiction)) return true;
        return _allowed.TryGetValue((jurisdiction, hop), out ImmutableArray<string> allowed)
            ? allowed.Contains(nodeJurisdiction)
            : string.Equals(jurisdiction, nodeJurisdiction, StringComparison.Ordinal);
    }

    /// <summary>True where the law says which edges may serve a region's viewers.</summary>
    public bool Binds(ClientRegion region) => region.InJurisdictionOnly || _allowed.ContainsKey((region.Jurisdiction, NodeKind.Edge));

    /// <summary>
    /// True where a region's viewers may be served by an edge. A rule for the jurisdiction's edges decides where there is one; else
    /// the region's own <see cref="ClientRegion.InJurisdictionOnly"/> does.
    /// </summary>
    public bool Allows(ClientRegion region, Edge edge)
    {
        if (_allowed.TryGetValue((region.Jurisdiction, NodeKind.Edge), out ImmutableArray<string> allowed))
            return allowed.Contains(edge.Jurisdiction);
        return !region.InJurisdictionOnly || string.Equals(region.Jurisdiction, edge.Jurisdiction, StringComparison.Ordinal);
    }
}
