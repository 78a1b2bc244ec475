using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>A new edge, like one that is there in all that is not said: operator, price, law, fault domain, services, contracts, round trips.</summary>
/// <param name="Id">Its id; new.</param>
/// <param name="LikeId">The edge that it is like.</param>
/// <param name="Capacity">What it can serve.</param>
public sealed record AddEdgeEdit(string Id, string LikeId, Gbps Capacity) : ScenarioEdit
{
    /// <summary>Round trip for each kilometre of great circle, both ways: light in fibre, 200 km a millisecond, on a way half as long again.</summary>
    public const double MsPerKm = 0.015;

    private const double LeastMs = 1;

    /// <summary>
    /// Where it stands; null (default) for the place of the edge it is like. Elsewhere, round trips are those of that edge and <see cref="MsPerKm"/> for
    /// every kilometre that clients are farther or nearer: an estimate to plan by, at least 1 ms.
    /// </summary>
    public Place? Place { get; init; }

    /// <summary>Its fault domain; null (default) for that of the edge it is like, or where <see cref="Place"/> is given, one of its own by country and city.</summary>
    public string? FaultDomain { get; init; }

    /// <summary>Its jurisdiction; null (default) for that of the edge it is like, which another country may not share.</summary>
    public string? Jurisdiction { get; init; }

    /// <summary>Its own price; null (default) for that of the edge it is like. Only read outside contracts that bill.</summary>
    public Price? Price { get; init; }

    /// <summary>True (default) where contracts that hold the edge it is like hold it, too.</summary>
    public bool JoinsContracts { get; init; } = true;

    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        WorldFacts facts = draft.Facts;
        if (string.IsNullOrWhiteSpace(Id)) return Refused("a new edge needs an id");
        if (NotAtLeastZero("its capacity", Capacity.Value) is { Length: > 0 } fault) return Refused($"'{this}': {fault}");
        if (facts.Edges.Any(e => e.Id == Id) || facts.Relays.Any(r => r.Id == Id) || facts.Origins.Any(o => o.Id == Id)) return Refused($"'{this}': there is a node '{Id}' already");
        int like = facts.Edges.Select(static (e, i) => (e, i)).Where(x => x.e.Id == LikeId).Select(static x => x.i).DefaultIfEmpty(-1).First();
        if (like < 0) return Refused($"'{this}': there is no edge '{LikeId}' to be like");
        if (JoinsContracts && Price is not null && facts.Contracts.FirstOrDefault(c => !c.Tiers.IsEmpty && c.Edges.Contains(LikeId)) is { } bills)
            return Refused($"'{this}': contract '{bills.Id}' would bill it, so a price of its own would change nothing; keep it out of contracts");
        return (draft with { Facts = With(facts, like) }, "");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> said = [string.Create(CultureInfo.InvariantCulture, $"add edge:{Id} like {LikeId}"), string.Create(CultureInfo.InvariantCulture, $"{Capacity.Value} Gbit/s")];
        if (Place is { } place) said.Add(string.Create(CultureInfo.InvariantCulture, $"in {place.City}, {place.Iso2}, {place.Continent}, {place.Zone} at {place.Point.Latitude} {place.Point.Longitude}"));
        if (FaultDomain is not null) said.Add("domain " + FaultDomain);
        if (Jurisdiction is not null) said.Add("law " + Jurisdiction);
        if (Price is { } price) said.Add(price.Text());
        if (!JoinsContracts) said.Add("outside contracts");
        return string.Join(", ", said);
    }

    private WorldFacts With(WorldFacts facts, int like)
    {
        Edge model = facts.Edges[like];
        Edge added = model with
        {
            Id = Id,
            Capacity = Capacity,
            Place = Place ?? model.Place,
            FaultDomain = FaultDomain ?? (Place is null ? model.FaultDomain : $"{Place.Iso2}:{Place.City}"),
            Jurisdiction = Jurisdiction ?? model.Jurisdiction,
            Price = Price ?? model.Price,
        };
        return facts with
        {
            Edges = facts.Edges.Add(added),
            Rtt = facts.Rtt.WithColumn((r, row) => RttOf(facts.Regions[r], row[like], model)),
            Loss = facts.Loss?.WithColumn((_, row) => row[like]),
            Contracts = JoinsContracts ? [.. facts.Contracts.Select(c => c.Edges.Contains(LikeId) ? c with { Edges = c.Edges.Add(Id) } : c)] : facts.Contracts,
            Services = [.. facts.Services.Select(s => s.Edges.Contains(LikeId) ? s with { Edges = s.Edges.Add(Id) } : s)],
        };
    }

    private double RttOf(ClientRegion region, double like, Edge model)
    {
        if (Place is null) return like;
        double farther = region.Place.Point.DistanceKm(Place.Point) - region.Place.Point.DistanceKm(model.Place.Point);
        return Math.Max(LeastMs, like + farther * MsPerKm);
    }
}
