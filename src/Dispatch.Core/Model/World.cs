using System.Collections.Frozen;
using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>
/// The facts that a dispatch decision rests on: who asks, who can serve, at what distance, price and under what law.
/// Immutable and thread-safe; ordinals of its arrays are only valid together with it.
/// </summary>
/// <remarks>Built by a loader that has validated every row; a world never holds a dangling id, a negative capacity or a NaN.</remarks>
public sealed class World
{
    private readonly FrozenDictionary<string, int> _regions, _edges, _relays, _origins, _services, _classes;
    private readonly FrozenDictionary<string, LiveStream> _streams;

    /// <summary>Freezes the facts.</summary>
    public World(WorldFacts facts)
    {
        Facts = facts;
        _regions = Index(facts.Regions, static r => r.Id);
        _edges = Index(facts.Edges, static e => e.Id);
        _relays = Index(facts.Relays, static r => r.Id);
        _origins = Index(facts.Origins, static o => o.Id);
        _services = Index(facts.Services, static s => s.Id);
        _classes = Index(facts.Classes, static c => c.Id);
        _streams = facts.Streams.ToFrozenDictionary(static s => s.Key, StringComparer.Ordinal);
        Law = new ResidencyLaw(facts.Regions.Where(static r => r.InJurisdictionOnly).Select(static r => r.Jurisdiction), facts.AllowedHops);
        Health = new HealthBook(facts.Health);
    }

    /// <summary>The rows themselves; <c>with</c> makes a changed world.</summary>
    public WorldFacts Facts { get; }

    /// <summary>A text that names this state of the facts: the loader's content hash, or what the maker of the facts said.</summary>
    public string Version => Facts.Version;

    /// <summary>Client regions, in file order.</summary>
    public ImmutableArray<ClientRegion> Regions => Facts.Regions;

    /// <summary>Edges, in file order.</summary>
    public ImmutableArray<Edge> Edges => Facts.Edges;

    /// <summary>Relays, in file order; may be empty.</summary>
    public ImmutableArray<Relay> Relays => Facts.Relays;

    /// <summary>Origins, in file order; may be empty.</summary>
    public ImmutableArray<Origin> Origins => Facts.Origins;

    /// <summary>Services; at least one.</summary>
    public ImmutableArray<Service> Services => Facts.Services;

    /// <summary>Traffic classes; at least one.</summary>
    public ImmutableArray<TrafficClass> Classes => Facts.Classes;

    /// <summary>Round-trip times from regions to edges.</summary>
    public RttMatrix Rtt => Facts.Rtt;

    /// <summary>Demand over the local day.</summary>
    public DiurnalCurve Diurnal => Facts.Diurnal;

    /// <summary>Where traffic may go.</summary>
    public ResidencyLaw Law { get; }

    /// <summary>The state of the nodes as the facts give it.</summary>
    public HealthBook Health { get; }

    /// <summary>Ordinal of a region, or −1.</summary>
    public int RegionOrdinal(string id) => Find(_regions, id);

    /// <summary>Ordinal of an edge, or −1.</summary>
    public int EdgeOrdinal(string id) => Find(_edges, id);

    /// <summary>Ordinal of a relay, or −1.</summary>
    public int RelayOrdinal(string id) => Find(_relays, id);

    /// <summary>Ordinal of an origin, or −1.</summary>
    public int OriginOrdinal(string id) => Find(_origins, id);

    /// <summary>Ordinal of a service, or −1.</summary>
    public int ServiceOrdinal(string id) => Find(_services, id);

    /// <summary>Ordinal of a traffic class, or −1.</summary>
    public int ClassOrdinal(string id) => Find(_classes, id);

    /// <summary>A registered stream, or null.</summary>
    public LiveStream? Stream(string key) => _streams.GetValueOrDefault(key);

    private static int Find(FrozenDictionary<string, int> index, string id) => index.TryGetValue(id, out int ordinal) ? ordinal : -1;

    private static FrozenDictionary<string, int> Index<T>(ImmutableArray<T> rows, Func<T, string> id)
    {
        Dictionary<string, int> index = new(rows.Length, StringComparer.Ordinal);
        for (int i = 0; i < rows.Length; i++) index.Add(id(rows[i]), i);
        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>The rows of a world.</summary>
public sealed record WorldFacts
{
    /// <summary>Names this state of the facts; never empty.</summary>
    public required string Version { get; init; }

    /// <summary>Client regions; ids unique.</summary>
    public required ImmutableArray<ClientRegion> Regions { get; init; }

    /// <summary>Edges; ids unique.</summary>
    public required ImmutableArray<Edge> Edges { get; init; }

    /// <summary>Round-trip times, a row a region and a column an edge, in the order of the two lists.</summary>
    public required RttMatrix Rtt { get; init; }

    /// <summary>Demand over the local day.</summary>
    public required DiurnalCurve Diurnal { get; init; }

    /// <summary>Relays; ids unique among all nodes.</summary>
    public ImmutableArray<Relay> Relays { get; init; } = [];

    /// <summary>Origins; ids unique among all nodes.</summary>
    public ImmutableArray<Origin> Origins { get; init; } = [];

    /// <summary>Edge to relay.</summary>
    public ImmutableArray<Link> EdgeRelayLinks { get; init; } = [];

    /// <summary>Relay to relay, each pair once, usable both ways.</summary>
    public ImmutableArray<Link> RelayRelayLinks { get; init; } = [];

    /// <summary>Relay to origin.</summary>
    public ImmutableArray<Link> RelayOriginLinks { get; init; } = [];

    /// <summary>Address prefixes, location = region ordinal; empty where they were not asked for or come from an MMDB file.</summary>
    public ImmutableArray<PrefixEntry> Prefixes { get; init; } = [];

    /// <summary>Services; at least one.</summary>
    public ImmutableArray<Service> Services { get; init; } = [Service.Default];

    /// <summary>Traffic classes; at least one, shares sum to 1.</summary>
    public ImmutableArray<TrafficClass> Classes { get; init; } = [TrafficClass.Default];

    /// <summary>Where clients reach the nodes.</summary>
    public ImmutableArray<ServiceEndpoint> Endpoints { get; init; } = [];

    /// <summary>Rules on where traffic may go.</summary>
    public ImmutableArray<AllowedHop> AllowedHops { get; init; } = [];

    /// <summary>Statements of health.</summary>
    public ImmutableArray<HealthStatement> Health { get; init; } = [];

    /// <summary>Registered live streams; keys unique.</summary>
    public ImmutableArray<LiveStream> Streams { get; init; } = [];

    /// <summary>Capacity groups with their bounds and bills; ids unique, laminar.</summary>
    public ImmutableArray<Contract> Contracts { get; init; } = [];

    /// <summary>Caps between networks of clients and edges.</summary>
    public ImmutableArray<PeeringCap> Peering { get; init; } = [];

    /// <summary>Packet loss from regions to edges, a fraction, in the order of <see cref="Rtt"/>; null where it is not known: then it is 0.</summary>
    public LossMatrix? Loss { get; init; }
}
