using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Hops that are reported to fail, excluded hops, and the path in use. Nodes: edges 0 to 4, rl-a 5, rl-b 6, rl-c 7, og-1 8, og-2 9.</summary>
public sealed class AvoidedHopsTests
{
    private const int RlA = 5, RlB = 6, RlC = 7, Og1 = 8, Og2 = 9;
    private static readonly HopPair[] Hops = [new(Muc, RlA), new(Muc, RlB), new(Muc, RlC), new(RlA, Og1), new(RlB, Og1), new(RlC, Og1), new(RlC, RlA), new(RlB, Og2), new(RlA, Og2), new(RlA, RlC)];

    [Fact]
    public void Route_HopAvoidedByAll_IsTakenByNobody()
    {
        AvoidedHops avoided = AvoidedHops.Of([new(new(RlA, Og1))]);
        Answer muc = Ask(new PathRequest(Muc, "news") { Avoided = avoided });
        Assert.Equal(["7 8 disjoint", "6 8 disjoint"], muc.Paths);
        Assert.Equal((1, DecisionReason.StreamOrigin), (muc.Decision.Avoided, muc.Decision.Reason));
        Assert.EndsWith("1 left out: a hop on them is reported to fail.", muc.Words, StringComparison.Ordinal);
        Assert.Equal(["7 8 disjoint"], Ask(new PathRequest(RlA, "news") { Avoided = avoided }).Paths);
    }

    [Fact]
    public void Route_HopAvoidedByOneNodeOrStream_IsTakenByOthers()
    {
        AvoidedHops ofMuc = AvoidedHops.Of([new(new(RlA, Og1)) { Asker = Muc }]), ofNews = AvoidedHops.Of([new(new(Muc, RlA)) { Stream = "news" }]);
        Assert.DoesNotContain(Ask(new PathRequest(Muc, "news") { Avoided = ofMuc }).Paths, static p => p.StartsWith("5 ", StringComparison.Ordinal));
        Assert.Contains("8 disjoint", Ask(new PathRequest(RlA, "news") { Avoided = ofMuc }).Paths);
        Assert.DoesNotContain(Ask(new PathRequest(Muc, "news") { Avoided = ofNews }).Paths, static p => p.StartsWith("5 ", StringComparison.Ordinal));
        Assert.Contains(Ask(new PathRequest(Muc, "unheard-of") { Avoided = ofNews }).Paths, static p => p.StartsWith("5 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Route_HopOnTrial_IsTakenByAShareOfTheStreams()
    {
        AvoidedHops trial = AvoidedHops.Of([new(new(Muc, RlA)) { IsOnTrial = true }]);
        int tried = Enumerable.Range(0, 2000).Count(i => Ask(new PathRequest(Muc, $"s{i}") { Avoided = trial }).Paths.Any(static p => p.StartsWith("5 ", StringComparison.Ordinal)));
        Assert.InRange(tried, 2000 / AvoidedHops.TrialShare / 2, 2000 / AvoidedHops.TrialShare * 2);
    }

    [Fact]
    public void Route_EverythingAvoided_AnswersTheLastResortAndSaysWhy()
    {
        AvoidedHops all = AvoidedHops.Of(Hops.Select(static h => new AvoidedHop(h)));
        Answer answer = Ask(new PathRequest(Muc, "news") { Avoided = all });
        Assert.Equal((DecisionReason.LastResort, 1, true, 3), (answer.Decision.Reason, answer.Decision.Count, answer.Decision.IsAvoidedToo, answer.Decision.Avoided));
        Assert.Equal("The stream is registered at origin og-1; every path from own-muc that is up has a hop that is reported to fail; the last resort over rl-a takes 3.0 ms. It may fail, too.", answer.Words);
        // What is excluded or down is not answered with, whatever else fails.
        Assert.Equal(DecisionReason.NoPath, Ask(new PathRequest(Muc, "news") { Avoided = all, Excluded = [Og1] }).Decision.Reason);
        Assert.Equal(["7 8 disjoint"], Ask(new PathRequest(Muc, "news") { Avoided = all, ExcludedHops = [new(Muc, RlA)], Down = [1UL << RlB] }).Paths);
    }

    [Fact]
    public void Route_ExcludedHop_IsNeverTaken() =>
        Assert.Equal(["7 8 disjoint", "6 8 disjoint"], Ask(new PathRequest(Muc, "news") { ExcludedHops = [new(RlA, Og1)] }).Paths);

    [Theory]
    [InlineData(20, 0u, KeptPath.TooHeavy)] // 3 ms is the best, 4 ms a third more
    [InlineData(33, 0u, KeptPath.TooHeavy)]
    [InlineData(34, 0u, KeptPath.Kept)]
    [InlineData(20, 400u, KeptPath.Kept)]
    [InlineData(20, 399u, KeptPath.TooHeavy)]
    public void Route_PathInUseIsHeavier_IsKeptWithinTheMargin(int percent, uint microseconds, KeptPath fate)
    {
        Answer answer = Ask(new PathRequest(Muc, "news") { Current = [RlB, Og1], Keep = new(percent, microseconds) });
        Assert.Equal(fate, answer.Decision.Kept);
        Assert.Equal(fate == KeptPath.Kept, answer.Paths[0] == "6 8 disjoint current");
        Assert.Equal(3, answer.Decision.Count);
        string words = fate == KeptPath.Kept ? "kept, since it is in use: it weighs 4.0 ms, the next one 9.0 ms." : "The one in use is not kept: it weighs more than the margin lets it.";
        Assert.EndsWith(words, answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Route_PathInUseOutOrUnknown_IsNotKept()
    {
        PathRequest kept = new(Muc, "news") { Current = [RlB], Keep = new(100, 0) };
        Assert.Equal(KeptPath.Kept, Ask(kept).Decision.Kept);
        Assert.Equal(KeptPath.Gone, Ask(kept with { Down = [1UL << RlB] }).Decision.Kept);
        Assert.Equal(KeptPath.Gone, Ask(kept with { ExcludedHops = [new(RlB, Og1)] }).Decision.Kept);
        Assert.Equal(KeptPath.Gone, Ask(kept with { Avoided = AvoidedHops.Of([new(new(Muc, RlB))]) }).Decision.Kept);
        Assert.Equal(KeptPath.Gone, Ask(kept with { Current = [RlB, RlC] }).Decision.Kept);
        Assert.Equal(KeptPath.Best, Ask(kept with { Current = [RlA, Og1] }).Decision.Kept);
    }

    [Fact]
    public void Route_PlanMovedTheStream_KeepsAParentThatStillCarriesItOnly()
    {
        TableSketch sketch = new();
        sketch.Planned.AddRange([[], [(Muc, 0), (RlA, 0)]]);
        // rl-c would have to fetch the stream for this edge alone.
        Assert.Equal(KeptPath.Gone, Ask(new PathRequest(Muc, "news") { Current = [RlC], Keep = new(1000, 0) }, sketch).Decision.Kept);
        Assert.Equal(KeptPath.Best, Ask(new PathRequest(Muc, "news") { Current = [RlA], Keep = new(1000, 0) }, sketch).Decision.Kept);
    }

    /// <summary>Two tables whose weights differ by a tenth at random: who names his parent keeps it, who does not jumps with the lightest.</summary>
    [Fact]
    public void Route_WeightsChangeSlightly_MovesNobodyWhoNamesHisParent()
    {
        Random random = new(20261122);
        int jumped = 0, moved = 0;
        const int rounds = 1000;
        for (int i = 0; i < rounds; i++)
        {
            Answer before = Ask(new PathRequest(Muc, "news"), Weighed(random));
            TableSketch next = Weighed(random);
            int[] parent = [int.Parse(before.Paths[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)];
            jumped += Ask(new PathRequest(Muc, "news"), next).Paths[0].StartsWith($"{parent[0]} ", StringComparison.Ordinal) ? 0 : 1;
            moved += Ask(new PathRequest(Muc, "news") { Current = parent, Keep = new(20, 2000) }, next).Paths[0].StartsWith($"{parent[0]} ", StringComparison.Ordinal) ? 0 : 1;
        }
        Assert.Equal(0, moved);
        Assert.InRange(jumped, rounds / 4, rounds);
    }

    /// <summary>Three ways to og-1 of about 10 ms each, in the order of their weights, as a builder ranks them.</summary>
    private static TableSketch Weighed(Random random)
    {
        TableSketch sketch = new();
        sketch.Relays[1] = sketch.Relays[1] with { FaultDomain = "DE:Augsburg" };
        (ushort[] Relays, uint[] Rtts)[] ways = [.. Enumerable.Range(0, 3).Select(r => ((ushort[])[(ushort)r], (uint[])[5000, 4500 + (uint)random.Next(1000)]))];
        sketch.Paths[(Muc, 0)] = [.. ways.OrderBy(static w => w.Rtts[1])];
        return sketch;
    }

    [Fact]
    public void Route_OriginNewerThanTheTable_IsWhereThePathsEnd()
    {
        Answer fresh = Ask(new PathRequest(Muc, "unheard-of") { OriginNumber = 1 });
        Assert.Equal((DecisionReason.StreamOrigin, 0, -1), (fresh.Decision.Reason, fresh.Decision.StreamOrigin, fresh.Decision.Stream));
        Assert.Equal(Ask(new PathRequest(Muc, "news")).Paths, fresh.Paths);
        Assert.All(Ask(new PathRequest(Muc, "news") { OriginNumber = 2 }).Paths, static p => Assert.Contains(" 9", p, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => Ask(new PathRequest(Muc, "news") { OriginNumber = 3 }));
        // Registered anew after its time was over, it is on air, whatever the table has of it.
        TableSketch over = new();
        over.Streams[1] = over.Streams[1] with { ExpiresUnixMilliseconds = 1000 };
        Assert.Equal(DecisionReason.StreamExpired, Ask(new PathRequest(Muc, "news") { NowUnixMilliseconds = 2000 }, over).Decision.Reason);
        Assert.Equal(fresh.Paths, Ask(new PathRequest(Muc, "news") { NowUnixMilliseconds = 2000, OriginNumber = 1 }, over).Paths);
    }

    [Fact]
    public void Route_UnregisteredStream_KeepsItsParent()
    {
        Answer answer = Ask(new PathRequest(Muc, "unheard-of") { Current = [RlA, Og1], Keep = new(100, 0) });
        Assert.Equal((KeptPath.Kept, "5 8 disjoint current"), (answer.Decision.Kept, answer.Paths[0]));
    }

    [Theory]
    [InlineData(-1, 1, -1)]
    [InlineData(1, -1, -1)]
    [InlineData(1, 2, -2)]
    [InlineData(1 << 21, 1, -1)]
    public void Of_NodeThatNoTableHas_Throws(int from, int to, int asker) =>
        Assert.Throws<ArgumentException>(() => AvoidedHops.Of([new(new(from, to)) { Asker = asker }]));

    /// <summary>Whatever is reported, excluded and down: no answer touches what is down or excluded, and none a reported hop while another way is left.</summary>
    [Fact]
    public void Route_AnyReports_NeverAnswerWithWhatIsOutAndAvoidWhatCanBeAvoided()
    {
        Gen<AvoidedHop> hop = from h in Gen.Elements(Hops)
                              from asker in Gen.Elements(-1, Muc, RlA)
                              from stream in Gen.Elements("", "news", "other")
                              select new AvoidedHop(h) { Asker = asker, Stream = stream };
        Arbitrary<Case> cases = Arb.From(
            from avoided in hop.ArrayOf()
            from excluded in Gen.Elements(Hops).ArrayOf(2)
            from down in Gen.Choose(0, 1023)
            from node in Gen.Elements((int)Muc, RlA)
            from stream in Gen.Elements("news", "other", "film")
            from current in Gen.Elements<int[]>([], [RlA], [RlB, Og1], [RlC, RlA, Og2])
            select new Case(avoided, excluded, down & ~(1 << node), node, stream, current),
            static c => c.Avoided.Select((_, i) => c with { Avoided = [.. c.Avoided.Where((_, j) => j != i)] }));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(20261122UL, 7UL), Prop.ForAll(cases, Holds));
    }

    private sealed record Case(AvoidedHop[] Avoided, HopPair[] Excluded, int Down, int Node, string Stream, int[] Current);

    private static void Holds(Case c)
    {
        RoutingTable table = new TableSketch().Build();
        RankedPath[] ranked = new RankedPath[3];
        PathRequest request = new(c.Node, c.Stream)
        {
            Avoided = AvoidedHops.Of(c.Avoided),
            ExcludedHops = c.Excluded,
            Down = [(ulong)c.Down],
            Current = c.Current,
            Keep = new(50, 2000),
        };
        RouteDecision decision = table.Route(request, ranked);
        List<(int[] Hops, HopPair[] Pairs)> lawful = [.. Stored(c.Node, c.Stream).Where(p => !p.Hops.Any(n => (c.Down >> n & 1) != 0) && !p.Pairs.Any(c.Excluded.Contains))];
        bool[] clean = [.. lawful.Select(p => !p.Pairs.Any(h => c.Avoided.Any(a => a.Hop == h && (a.Asker < 0 || a.Asker == c.Node) && (a.Stream.Length == 0 || a.Stream == c.Stream))))];
        Assert.Equal(lawful.Count > 0, decision.Count > 0);
        Assert.Equal(lawful.Count > 0 && !clean.Contains(true), decision.IsAvoidedToo);
        HashSet<string> domains = [];
        foreach (RankedPath path in ranked[..decision.Count])
        {
            int[] hops = HopsOf(table, path.Path);
            int at = lawful.FindIndex(p => p.Hops.SequenceEqual(hops));
            Assert.True(at >= 0, "it is down, excluded or not stored");
            Assert.True(decision.IsAvoidedToo || clean[at], "it is reported to fail, and another way is left");
            // rl-a and rl-b share a fault domain.
            string[] touched = [.. hops.Where(static n => n < Og1).Select(static n => n == RlC ? "c" : "ab").Distinct()];
            Assert.Equal(!touched.Any(domains.Contains), path.IsDisjoint);
            domains.UnionWith(touched);
        }
    }

    private static IEnumerable<(int[] Hops, HopPair[] Pairs)> Stored(int node, string stream)
    {
        foreach (((int asking, int origin), (ushort[] Relays, uint[] _)[] paths) in new TableSketch().Paths)
        {
            if (asking != node || (stream == "news" && origin != 0) || (stream == "film" && origin != 1)) continue;
            foreach ((ushort[] relays, _) in paths)
            {
                int[] hops = [.. relays.Select(static r => RlA + r), Og1 + origin];
                yield return (hops, [.. hops.Select((to, i) => new HopPair(i == 0 ? node : hops[i - 1], to))]);
            }
        }
    }

    [Fact]
    public void Route_WithReportsAndAPathInUse_AllocatesNothing()
    {
        RoutingTable table = new TableSketch().Build();
        AvoidedHops some = AvoidedHops.Of([new(new(Muc, RlA)), new(new(RlC, Og1)) { Stream = "news" }, new(new(RlB, Og1)) { IsOnTrial = true }]);
        AvoidedHops all = AvoidedHops.Of(Hops.Select(static h => new AvoidedHop(h)));
        RankedPath[] ranked = new RankedPath[3];
        int[] current = [RlB, Og1];
        HopPair[] excluded = [new(RlC, RlA)];
        Allocations.AssertNone(Run, 2000);

        int Run(int rounds)
        {
            int count = 0;
            for (int i = 0; i < rounds; i++)
            {
                count += table.Route(new PathRequest(Muc, "news") { Avoided = some, Current = current, Keep = new(20, 2000), ExcludedHops = excluded }, ranked).Count;
                count += table.Route(new PathRequest(Muc, "other") { Avoided = all, Current = current, Keep = new(20, 2000) }, ranked).Count;
            }
            return count;
        }
    }

    private sealed record Answer(RouteDecision Decision, string[] Paths, string Words);

    private static Answer Ask(in PathRequest request, TableSketch? sketch = null)
    {
        RoutingTable table = (sketch ?? new TableSketch()).Build();
        RankedPath[] ranked = new RankedPath[3];
        RouteDecision decision = table.Route(request, ranked);
        string[] paths = [.. ranked[..decision.Count].Select(p => string.Join(' ', HopsOf(table, p.Path)) + (p.IsDisjoint ? " disjoint" : "") + (p.IsCurrent ? " current" : ""))];
        return new(decision, paths, table.Explain(decision, ranked));
    }

    private static int[] HopsOf(RoutingTable table, int path)
    {
        UpstreamPath stored = table.Path(path);
        return [.. stored.Relays.ToArray().Select(static r => RlA + r), Og1 + stored.Origin];
    }
}
