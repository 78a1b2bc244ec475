using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve.Relays;

/// <summary>A relay network small enough to try everything: a few edges, relays, origins and streams, all links with their own figures.</summary>
/// <param name="EdgeLaw">Jurisdiction of each edge: 0 and 1 are bound, 2 is free.</param>
/// <param name="RelayLaw">Jurisdiction of each relay.</param>
/// <param name="OriginLaw">Jurisdiction of each origin.</param>
/// <param name="Rtt">A round trip in milliseconds for every link that there may be, read in a fixed order; 0 leaves the link out.</param>
/// <param name="Room">Capacity of each relay, Mbit/s.</param>
/// <param name="LinkRoom">Capacity of every link, Mbit/s; 0 for no bound.</param>
/// <param name="Streams">Origin (by remainder) and rate in Mbit/s of each stream.</param>
/// <param name="Wants">Bit s of entry e is set where stream s is watched at edge e.</param>
public sealed record SmallRelays(
    int[] EdgeLaw, int[] RelayLaw, int[] OriginLaw, int[] Rtt, int[] Room, int LinkRoom, (int Origin, int Mbps)[] Streams, int[] Wants)
{
    private const int Most = 4;

    /// <summary>Random networks that shrink: fewer streams, edges and relays, smaller figures, no bounds.</summary>
    public static Arbitrary<SmallRelays> Arbitrary { get; } = Arb.From(Generator(), Shrink);

    public StreamRegistry Registry(World world)
    {
        Assert.True(StreamRegistry.TryCreate(world, Streams.Select((s, i) => new LiveStream($"s{i}", $"o{s.Origin % OriginLaw.Length}", s.Mbps)), out StreamRegistry? registry, out _));
        return registry;
    }

    public StreamAudience Audience(World world) => StreamAudience.Of(Registry(world), [.. Wants.Select(bits =>
        Enumerable.Range(0, Streams.Length).Where(s => (bits >> s & 1) != 0).Select(static s => (s, s + 1)).ToArray())]);

    public World ToWorld()
    {
        Place place = new("Town", "AA", "EU", "Z", new(0, 0));
        int edges = EdgeLaw.Length, relays = RelayLaw.Length, origins = OriginLaw.Length;
        int at = 0;
        List<Link> fromEdge = [], mesh = [], toOrigin = [];
        for (int e = 0; e < edges; e++) for (int r = 0; r < relays; r++) Add(fromEdge, e, r);
        for (int r = 0; r < relays; r++) for (int s = r + 1; s < relays; s++) Add(mesh, r, s);
        for (int r = 0; r < relays; r++) for (int o = 0; o < origins; o++) Add(toOrigin, r, o);
        SmallProblem viewers = new([1], [.. EdgeLaw.Select(static _ => 1)], [[.. EdgeLaw.Select(static _ => 1)]], [.. EdgeLaw.Select(static _ => 0)], [false]);
        WorldFacts facts = viewers.ToWorld().Facts;
        return new World(facts with
        {
            Edges = [.. facts.Edges.Select((e, i) => e with { Jurisdiction = $"L{EdgeLaw[i]}" })],
            Relays = [.. RelayLaw.Select((law, i) => new Relay($"r{i}", place, new(Room[i] / 1000.0), 0, $"D{i}", $"L{law}"))],
            Origins = [.. OriginLaw.Select((law, i) => new Origin($"o{i}", place, new(1), $"O{i}", $"L{law}"))],
            // Law 0 keeps to itself; law 1 may use relays of law 0, and only its own origins.
            AllowedHops = [new("L0", NodeKind.Origin, ["L0"]), new("L1", NodeKind.Relay, ["L1", "L0"])],
            EdgeRelayLinks = [.. fromEdge],
            RelayRelayLinks = [.. mesh],
            RelayOriginLinks = [.. toOrigin],
        });

        void Add(List<Link> links, int from, int to)
        {
            int rtt = Rtt[at++ % Rtt.Length];
            if (rtt > 0) links.Add(new(from, to, new(rtt), true) { Capacity = LinkRoom == 0 ? null : new Gbps(LinkRoom / 1000.0), Loss = rtt % 3 / 100.0, Jitter = new(rtt % 2) });
        }
    }

    public override string ToString() =>
        $"edges [{string.Join(' ', EdgeLaw)}] relays [{string.Join(' ', RelayLaw)}] origins [{string.Join(' ', OriginLaw)}] rtt [{string.Join(' ', Rtt)}] "
        + $"room [{string.Join(' ', Room)}] links {LinkRoom} streams [{string.Join(' ', Streams)}] wants [{string.Join(' ', Wants)}]";

    private static Gen<SmallRelays> Generator() =>
        from edges in Gen.Choose(1, 3)
        from relays in Gen.Choose(1, Most)
        from origins in Gen.Choose(1, 2)
        from streams in Gen.Choose(1, 3)
        from edgeLaw in Gen.ArrayOf(Gen.Elements(2, 2, 2, 0, 1), edges)
        from relayLaw in Gen.ArrayOf(Gen.Elements(2, 2, 2, 0, 1), relays)
        from originLaw in Gen.ArrayOf(Gen.Elements(2, 2, 0, 1), origins)
        from rtt in Gen.ArrayOf(Gen.Elements(0, 1, 3, 8, 15, 20, 40, 90), 37)
        from room in Gen.ArrayOf(Gen.Elements(0, 5, 12, 30, 1000), relays)
        from linkRoom in Gen.Elements(0, 0, 9, 25)
        from kinds in Gen.ArrayOf(Gen.Choose(0, 1), streams)
        from rates in Gen.ArrayOf(Gen.Choose(1, 12), streams)
        from wants in Gen.ArrayOf(Gen.Choose(0, (1 << streams) - 1), edges)
        select new SmallRelays(edgeLaw, relayLaw, originLaw, rtt, room, linkRoom, [.. kinds.Zip(rates)], wants);

    private static IEnumerable<SmallRelays> Shrink(SmallRelays p)
    {
        if (p.Streams.Length > 1) yield return p with { Streams = p.Streams[..^1], Wants = [.. p.Wants.Select(w => w & ((1 << (p.Streams.Length - 1)) - 1))] };
        for (int e = 0; p.EdgeLaw.Length > 1 && e < p.EdgeLaw.Length; e++) yield return p with { EdgeLaw = Without(p.EdgeLaw, e), Wants = Without(p.Wants, e) };
        for (int r = 0; p.RelayLaw.Length > 1 && r < p.RelayLaw.Length; r++) yield return p with { RelayLaw = Without(p.RelayLaw, r), Room = Without(p.Room, r) };
        if (p.OriginLaw.Length > 1) yield return p with { OriginLaw = p.OriginLaw[..1] };
        if (p.LinkRoom != 0) yield return p with { LinkRoom = 0 };
        if (p.EdgeLaw.Any(static l => l != 2)) yield return p with { EdgeLaw = [.. p.EdgeLaw.Select(static _ => 2)] };
        if (p.RelayLaw.Any(static l => l != 2)) yield return p with { RelayLaw = [.. p.RelayLaw.Select(static _ => 2)] };
        if (p.Rtt.Any(static r => r > 1)) yield return p with { Rtt = [.. p.Rtt.Select(static r => (r + 1) / 2)] };
    }

    private static int[] Without(int[] array, int index) => [.. array.Where((_, i) => i != index)];
}
