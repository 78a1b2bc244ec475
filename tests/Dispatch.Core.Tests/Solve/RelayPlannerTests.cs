using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class RelayPlannerTests
{
    [Fact]
    public void FromEdge_ShippedWorld_EveryPathIsLawfulShortAndEndsAtTheOrigin()
    {
        World world = ShippedWorld.World;
        RelayPlanner planner = new(world);
        for (int e = 0; e < world.Edges.Length; e++)
        {
            string law = world.Edges[e].Jurisdiction;
            for (int o = 0; o < world.Origins.Length; o++)
            {
                foreach (RelayPath path in planner.FromEdge(e, o))
                {
                    Assert.Equal(o, path.Origin);
                    Assert.InRange(path.Relays.Length, 1, 2);
                    Assert.Equal(path.Relays.Length + 1, path.HopRttMicroseconds.Length);
                    Assert.True(world.Law.Allows(law, NodeKind.Origin, world.Origins[o].Jurisdiction));
                    Assert.All(path.Relays, r => Assert.True(world.Law.Allows(law, NodeKind.Relay, world.Relays[r].Jurisdiction)));
                    // A relay binds what lies upstream of it as if it had asked itself.
                    for (int i = 0; i < path.Relays.Length; i++)
                    {
                        string own = world.Relays[path.Relays[i]].Jurisdiction;
                        Assert.True(world.Law.Allows(own, NodeKind.Origin, world.Origins[o].Jurisdiction));
                        Assert.All(path.Relays.Skip(i + 1), r => Assert.True(world.Law.Allows(own, NodeKind.Relay, world.Relays[r].Jurisdiction)));
                    }
                }
            }
        }
    }

    [Fact]
    public void FromEdge_BoundJurisdictionsOfTheShippedWorld_HaveTwoPathsThatFailApart()
    {
        World world = ShippedWorld.World;
        RelayPlanner planner = new(world);
        for (int e = 0; e < world.Edges.Length; e++)
        {
            if (!world.Law.IsBound(world.Edges[e].Jurisdiction)) continue;
            int edge = e;
            int most = Enumerable.Range(0, world.Origins.Length).Max(o => planner.FromEdge(edge, o).Count(static p => p.IsDisjoint));
            Assert.True(most >= 2, $"{world.Edges[e].Id} has {most} disjoint paths");
        }
    }

    [Fact]
    public void FromEdge_RandomGraphs_GiveTheBestDisjointSet()
    {
        Random random = new(20261121);
        for (int round = 0; round < 200; round++)
        {
            World world = RandomRelayWorld(random);
            ImmutableArray<RelayPath> paths = new RelayPlanner(world).FromEdge(0, 0);
            List<(ImmutableArray<int> Relays, long Rtt)> all = AllPaths(world);
            (int size, long sum) = BestSet(world, all);
            RelayPath[] disjoint = [.. paths.Where(static p => p.IsDisjoint)];
            Assert.Equal(Math.Min(3, all.Count), paths.Length);
            Assert.Equal(size, disjoint.Length);
            Assert.Equal(sum, disjoint.Sum(static p => p.RttMicroseconds));
            Assert.Equal(disjoint.OrderBy(static p => p.RttMicroseconds), disjoint);
        }
    }

    [Fact]
    public void FromEdge_ShortestPathTakesBothRelays_TwoLongerDisjointPathsWin()
    {
        // a>b>origin is the shortest (3 ms) but uses both relays; a>origin and b>origin fail apart.
        World world = RelayWorld(
            relays: ["A", "B"], edgeRelay: [(0, 1), (1, 10)], relayRelay: [(0, 1, 1)], relayOrigin: [(0, 20), (1, 1)]);
        ImmutableArray<RelayPath> paths = new RelayPlanner(world).FromEdge(0, 0);
        Assert.Equal(2, paths.Count(static p => p.IsDisjoint));
        Assert.Equal(3, paths.Length);
        Assert.Equal<int>([0, 1], paths[2].Relays);
    }

    [Fact]
    public void FromRelay_DirectLink_ComesWithoutRelays()
    {
        World world = RelayWorld(["A", "B"], [(0, 1)], [(0, 1, 5)], [(0, 2), (1, 3)]);
        ImmutableArray<RelayPath> paths = new RelayPlanner(world).FromRelay(0, 0);
        Assert.Empty(paths[0].Relays);
        Assert.Equal<int>([1], paths[1].Relays);
        Assert.All(paths, static p => Assert.True(p.IsDisjoint));
    }

    [Fact]
    public void Paths_DownRelayOrOrigin_AreGone()
    {
        World world = RelayWorld(["A", "B"], [(0, 1), (1, 2)], [(0, 1, 5)], [(0, 2), (1, 3)]);
        World relayDown = new(world.Facts with { Health = [new(HealthScope.Domain, "A", HealthState.Down, 0)] });
        RelayPath left = Assert.Single(new RelayPlanner(relayDown).FromEdge(0, 0));
        Assert.Equal<int>([1], left.Relays);
        World originDown = new(world.Facts with { Health = [new(HealthScope.Origin, "og", HealthState.Drained, 0)] });
        Assert.Empty(new RelayPlanner(originDown).FromEdge(0, 0));
        Assert.Empty(new RelayPlanner(originDown).FromRelay(0, 0));
    }

    private static World RandomRelayWorld(Random random)
    {
        int relays = random.Next(1, 7);
        string[] domains = [.. Enumerable.Range(0, relays).Select(_ => $"{(char)('A' + random.Next(5))}")];
        List<(int, int)> fromEdge = [], toOrigin = [];
        List<(int, int, int)> between = [];
        for (int r = 0; r < relays; r++)
        {
            if (random.Next(3) > 0) fromEdge.Add((r, random.Next(1, 40)));
            if (random.Next(3) > 0) toOrigin.Add((r, random.Next(1, 40)));
            for (int s = r + 1; s < relays; s++) if (random.Next(2) > 0) between.Add((r, s, random.Next(1, 40)));
        }
        return RelayWorld(domains, fromEdge, between, toOrigin);
    }

    private static World RelayWorld(
        IReadOnlyList<string> relays, IEnumerable<(int Relay, int Rtt)> edgeRelay, IEnumerable<(int A, int B, int Rtt)> relayRelay,
        IEnumerable<(int Relay, int Rtt)> relayOrigin)
    {
        Place place = new("Town", "AA", "EU", "Z", new(0, 0));
        return new World(new SmallProblem([1], [1], [[1]], [0], [false]).ToWorld().Facts with
        {
            Relays = [.. relays.Select((d, i) => new Relay($"r{i}", place, new(1), 0, d, "J1"))],
            Origins = [new Origin("og", place, new(1), "OG", "J1")],
            EdgeRelayLinks = [.. edgeRelay.Select(static l => new Link(0, l.Relay, new(l.Rtt), true))],
            RelayRelayLinks = [.. relayRelay.Select(static l => new Link(l.A, l.B, new(l.Rtt), true))],
            RelayOriginLinks = [.. relayOrigin.Select(static l => new Link(l.Relay, 0, new(l.Rtt), true))],
        });
    }

    private static List<(ImmutableArray<int> Relays, long Rtt)> AllPaths(World world)
    {
        Dictionary<(int, int), long> hop = [];
        foreach (Link l in world.Facts.RelayRelayLinks) hop[(l.From, l.To)] = hop[(l.To, l.From)] = l.Rtt.ToMicroseconds().Value;
        Dictionary<int, long> end = world.Facts.RelayOriginLinks.ToDictionary(static l => l.From, static l => l.Rtt.ToMicroseconds().Value);
        List<(ImmutableArray<int>, long)> all = [];
        foreach (Link first in world.Facts.EdgeRelayLinks)
        {
            long rtt = first.Rtt.ToMicroseconds().Value;
            if (end.TryGetValue(first.To, out long direct)) all.Add(([first.To], rtt + direct));
            foreach (((int from, int to), long between) in hop)
                if (from == first.To && end.TryGetValue(to, out long last)) all.Add(([from, to], rtt + between + last));
        }
        return all;
    }

    /// <summary>The largest disjoint set of at most three, and its least sum, by trying every set.</summary>
    private static (int Size, long Sum) BestSet(World world, List<(ImmutableArray<int> Relays, long Rtt)> all)
    {
        (int Size, long Sum) best = (0, 0);
        for (int mask = 1; mask < 1 << Math.Min(all.Count, 18); mask++)
        {
            int size = System.Numerics.BitOperations.PopCount((uint)mask);
            if (size > 3 || size < best.Size) continue;
            int[] held = [.. Enumerable.Range(0, all.Count).Where(i => (mask >> i & 1) != 0)];
            string[][] domains = [.. held.Select(i => all[i].Relays.Select(r => world.Relays[r].FaultDomain).Distinct().ToArray())];
            bool disjoint = domains.SelectMany(static d => d).Distinct().Count() == domains.Sum(static d => d.Length);
            long sum = held.Sum(i => all[i].Rtt);
            if (disjoint && (size > best.Size || sum < best.Sum)) best = (size, sum);
        }
        return best;
    }
}
