using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>The law of a world as tables over jurisdictions: who may touch which relay and origin. Fails closed as <see cref="ResidencyLaw"/> does.</summary>
/// <remarks>
/// An edge stands under its own law and under that of every viewer it may get (<see cref="ViewerLaw"/>). All jurisdictions that are not bound are
/// one. O(different laws × nodes) to build; immutable and thread-safe.
/// </remarks>
internal sealed class RelayLaw
{
    private readonly Dictionary<string, int> _ordinal = new(StringComparer.Ordinal);
    private readonly List<bool[]> _relays = [], _origins = [];

    public RelayLaw(World world)
    {
        World = world;
        string[][] viewers = ViewerLaw.Read(world);
        EdgeLaw = [.. world.Edges.Select((e, i) => Of([e.Jurisdiction, .. viewers[i]]))];
        RelayLawOf = [.. world.Relays.Select(r => Of([r.Jurisdiction]))];
        RegionLaw = [.. world.Regions.Select(r => Of([r.Jurisdiction]))];
    }

    public World World { get; }

    /// <summary>The law of each edge: an ordinal for the methods below.</summary>
    public int[] EdgeLaw { get; }

    /// <summary>The law of each relay.</summary>
    public int[] RelayLawOf { get; }

    /// <summary>The law of each region.</summary>
    public int[] RegionLaw { get; }

    /// <summary>Number of different laws, the free one included where it occurs.</summary>
    public int Count => _relays.Count;

    /// <summary>True where traffic under a law may touch a relay.</summary>
    public bool Relay(int law, int relay) => _relays[law][relay];

    /// <summary>True where traffic under a law may touch an origin.</summary>
    public bool Origin(int law, int origin) => _origins[law][origin];

    /// <summary>True where a relay may be fed by this chain: another relay (−1 for none), then the origin. Each node binds what is upstream of it.</summary>
    public bool Feed(int relay, int parent, int origin)
    {
        int own = RelayLawOf[relay];
        return Origin(own, origin) && (parent < 0 || (Relay(own, parent) && Origin(RelayLawOf[parent], origin)));
    }

    /// <summary>True where traffic under a law may use the whole chain relay ← parent (−1 for none) ← origin.</summary>
    public bool Chain(int law, int relay, int parent, int origin) =>
        Origin(law, origin) && Relay(law, relay) && (parent < 0 || Relay(law, parent)) && Feed(relay, parent, origin);

    /// <summary>The law of several jurisdictions at once: what all of them allow.</summary>
    private int Of(string[] jurisdictions)
    {
        string[] bound = [.. jurisdictions.Where(World.Law.IsBound)];
        string key = string.Join('\n', bound);
        if (_ordinal.TryGetValue(key, out int known)) return known;
        _ordinal.Add(key, _relays.Count);
        _relays.Add([.. World.Relays.Select(r => bound.All(j => World.Law.Allows(j, NodeKind.Relay, r.Jurisdiction)))]);
        _origins.Add([.. World.Origins.Select(o => bound.All(j => World.Law.Allows(j, NodeKind.Origin, o.Jurisdiction)))]);
        return _relays.Count - 1;
    }
}
