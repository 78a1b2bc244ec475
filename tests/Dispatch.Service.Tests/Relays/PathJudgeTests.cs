using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Core.Tests.Table;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Relays;

/// <summary>What votes about hops come to, by hand-made tables and moments. Six edges e0 to e5, four relays r0 to r3, two origins; every edge over every relay.</summary>
public sealed class PathJudgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);
    private static readonly HopNetwork Network = new(Mesh());
    private readonly PathSettings _settings = new();

    [Fact]
    public void Judge_OwnHop_IsAvoidedByAllFromTheFirstVote()
    {
        PathBook book = Book(Vote("e0", "e0", "r0"), Vote("r1", "r1", "o0"));
        Assert.Equal(["e0>r0 Avoided", "r1>o0 Avoided"], Judge(book));
    }

    [Fact]
    public void Judge_UnnamedHopOfAnother_IsAvoidedByItsReporterUntilAQuorumSaysSo()
    {
        PathBook book = Book(Vote("e0", "r0", "o0"));
        Assert.Equal(["r0>o0 Avoided for e0"], Judge(book));
        Add(book, Vote("e1", "r0", "o0"));
        Assert.Equal(["r0>o0 Avoided"], Judge(book));
    }

    [Fact]
    public void Judge_NamedHopOfAnother_IsAvoidedByAllButNeverTheLastHopOutOfANode()
    {
        PathBook book = Book(Vote("e0", "r0", "o0", named: true));
        Assert.Equal(["r0>o0 Avoided"], Judge(book));
        Add(book, Vote("e0", "r0", "o1", named: true));
        Assert.Equal(["r0>o0 Avoided", "r0>o1 Avoided for e0"], Judge(book));
        // A quarter of the four hops into an origin is one.
        Add(book, Vote("e0", "r1", "o0", named: true));
        Assert.Contains("r1>o0 Avoided for e0", Judge(book));
        // Nobody knows anything of hops on no path of his.
        Add(book, Vote("r3", "r2", "o0", named: true));
        Assert.Contains("r2>o0 Avoided for r3", Judge(book));
    }

    [Fact]
    public void Judge_OneReporterBlamesEverything_TakesNoRelayFromOthers()
    {
        PathBook book = new(_settings);
        foreach (string relay in (string[])["r0", "r1", "r2", "r3"])
        {
            Add(book, Vote("e0", "e0", relay, named: true));
            foreach (string origin in (string[])["o0", "o1"]) Add(book, Vote("e0", relay, origin, named: true));
        }
        PathVerdict verdict = PathJudge.Judge(_settings, Network, book);
        Assert.Empty(verdict.DownRelays);
        AvoidedHops avoided = Avoided(verdict);
        foreach (string edge in (string[])["e1", "e2", "e5"])
            foreach (string relay in (string[])["r0", "r1", "r2", "r3"])
                Assert.True(Passes(avoided, edge, [relay, "o0"]) || Passes(avoided, edge, [relay, "o1"]), $"{edge} has no way over {relay}");
    }

    [Fact]
    public void Judge_NeighboursReportARelay_TakeItDownByQuorumAndWithinTheCap()
    {
        PathBook book = Book(Vote("e0", "e0", "r0"), Vote("e1", "e1", "r0"));
        Assert.Empty(PathJudge.Judge(_settings, Network, book).DownRelays);
        Add(book, Vote("e2", "e2", "r0"));
        Assert.Equal(["r0"], PathJudge.Judge(_settings, Network, book).DownRelays.ToArray());
        foreach (string edge in (string[])["e0", "e1", "e2", "e3"]) Add(book, Vote(edge, edge, "r1"));
        PathVerdict two = PathJudge.Judge(_settings, Network, book);
        Assert.Equal(["r1"], two.DownRelays.ToArray());
        Assert.Equal(["r0"], two.HeldRelays.ToArray());
    }

    [Fact]
    public void Judge_HopsBetweenRelays_AreTakenWithinTheCap()
    {
        // Eight hops from relays to origins: 30 % of them are two.
        PathBook book = Book(Vote("r0", "r0", "o0"));
        Add(book, Vote("r1", "r1", "o0"), seconds: 1);
        Add(book, Vote("r2", "r2", "o0"), seconds: 2);
        Assert.Equal(["r0>o0 Avoided", "r1>o0 Avoided", "r2>o0 Avoided for r2", "r2>o0 Held"], Judge(book));
    }

    [Fact]
    public void Judge_StreamStalls_IsHeldAgainstItAloneUntilASecondStalls()
    {
        PathBook book = Book(Vote("e0", "e0", "r0", stream: "a"));
        Assert.Equal(["e0>r0 Avoided stream a"], Judge(book));
        Add(book, Vote("e0", "e0", "r0", stream: "b"));
        Assert.Equal(["e0>r0 Avoided"], Judge(book));
    }

    /// <summary>A publisher that stops sending is no fault of any hop, however many edges report it.</summary>
    [Fact]
    public void Judge_StreamsThatStallEverywhere_AreHeldAgainstNoHop()
    {
        PathBook book = new(_settings);
        foreach (string edge in (string[])["e0", "e1", "e2", "e3", "e4", "e5"])
            foreach (string relay in (string[])["r0", "r1", "r2", "r3"])
                foreach (string stream in (string[])["a", "b"]) Add(book, Vote(edge, edge, relay, stream: stream));
        PathVerdict verdict = PathJudge.Judge(_settings, Network, book);
        Assert.Empty(verdict.DownRelays);
        Assert.All(verdict.Hops, static h => Assert.NotEqual("", h.Stream));
    }

    [Fact]
    public void Expire_HoldEnds_TriesTheHopAndDoublesTheNextHold()
    {
        PathBook book = new(_settings);
        HopVote vote = Vote("e0", "e0", "r0");
        Assert.Equal(TimeSpan.FromSeconds(30), book.HoldOf(vote.Hop, Start));
        book.Add(vote, Start, Start + TimeSpan.FromSeconds(30), isTakenHere: true);
        // Said again while it holds it is the same failure.
        Assert.Equal(TimeSpan.FromSeconds(30), book.HoldOf(vote.Hop, Start + TimeSpan.FromSeconds(20)));
        Assert.Equal(["e0>r0 Avoided"], Judge(book));
        Assert.Equal(["e0>r0 Trial"], After(book, 30));
        Assert.Equal(TimeSpan.FromSeconds(60), book.HoldOf(vote.Hop, Start + TimeSpan.FromSeconds(40)));
        Assert.Empty(After(book, 45));
        Assert.Equal(TimeSpan.FromSeconds(60), book.HoldOf(vote.Hop, Start + TimeSpan.FromMinutes(2)));
        After(book, 3600);
        Assert.Empty(book.Hops);
        Assert.Equal(TimeSpan.FromSeconds(30), book.HoldOf(vote.Hop, Start + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Hold_ManyFailures_NeverExceedsTheLongest()
    {
        PathBook book = new(_settings);
        HopVote vote = Vote("e0", "e0", "r0");
        DateTimeOffset now = Start;
        List<double> holds = [];
        for (int i = 0; i < 8; i++)
        {
            TimeSpan hold = book.HoldOf(vote.Hop, now);
            holds.Add(hold.TotalSeconds);
            book.Add(vote, now, now + hold, isTakenHere: true);
            Judge(book);
            now += hold + TimeSpan.FromMilliseconds(1);
            book.Expire(now);
        }
        Assert.Equal([30, 60, 120], holds.Take(3));
        Assert.All(holds, h => Assert.InRange(h, 30, _settings.LongestHold.TotalSeconds));
    }

    [Fact]
    public void Withdraw_OnlyReporter_TriesTheHopAndThenTakesItAtItsWord()
    {
        PathBook book = Book(Vote("e0", "e0", "r0"), Vote("e1", "e1", "r0"));
        Judge(book);
        Assert.True(book.Withdraw("e0", new("e0", "r0"), Start));
        Assert.Equal(["e0>r0 Trial", "e1>r0 Avoided"], Judge(book));
        Assert.True(book.Withdraw("e0", new("e0", "r0"), Start));
        Assert.Equal(["e1>r0 Avoided"], Judge(book));
        Assert.False(book.Withdraw("e0", new("e0", "r0"), Start));
        Assert.False(book.Withdraw("e0", new("e1", "r0"), Start));
    }

    [Fact]
    public void Add_MoreThanFits_IsRefused()
    {
        PathBook book = new(_settings);
        for (int i = 0; i < PathBook.MostVotesOfReporter; i++) Assert.Equal(VoteFate.Taken, Take(book, "e0", i));
        Assert.Equal(VoteFate.TooManyOfReporter, Take(book, "e0", PathBook.MostVotesOfReporter));
        Assert.Equal(VoteFate.Known, Take(book, "e0", 0));
        for (int i = 0; book.Count < PathBook.MostVotes; i++) Take(book, Name(i / 60), i);
        Assert.Equal(VoteFate.Full, Take(book, "another", 0));
        After(book, 3600);
        Assert.Equal((0, 0), (book.Count, book.Hops.Count));

        static VoteFate Take(PathBook book, string reporter, int i) =>
            book.Add(Vote(reporter, Name(i), "r0"), Start, Start + TimeSpan.FromSeconds(30), isTakenHere: true);
        static string Name(int i) => FormattableString.Invariant($"n{i}");
    }

    /// <summary>
    /// Whatever one or two liars report: for every node whose own hops nobody else reports, each relay stays a way to some origin, and no more hops of
    /// relays are taken from all than the cap lets.
    /// </summary>
    [Fact]
    public void Judge_OneLiar_NeverTakesARelayFromAnybodyElse()
    {
        Gen<HopVote> vote = from hop in Gen.Elements(AllHops)
                            from named in Gen.Elements(true, false)
                            from stream in Gen.Elements("", "a", "b", "c")
                            select new HopVote("e0", hop, stream, stream.Length > 0 ? HopTrouble.Stall : HopTrouble.Connect, named);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261122UL, 9UL), Prop.ForAll(vote.ArrayOf().ToArbitrary(), votes =>
        {
            PathBook book = Book(votes);
            PathVerdict verdict = PathJudge.Judge(_settings, Network, book);
            AvoidedHops avoided = Avoided(verdict);
            Assert.Empty(verdict.DownRelays);
            foreach (string edge in (string[])["e1", "e3", "e5"])
                foreach (string relay in (string[])["r0", "r1", "r2", "r3"])
                    Assert.True(Passes(avoided, edge, [relay, "o0"]) || Passes(avoided, edge, [relay, "o1"]));
            Assert.InRange(verdict.Hops.Count(static h => h is { Asker: "", Stream: "", State: HopState.Avoided } && h.From[0] == 'r'), 0, 2);
        }));
    }

    private static readonly HopName[] AllHops =
    [
        .. Enumerable.Range(0, 6).SelectMany(static e => Enumerable.Range(0, 4).Select(r => new HopName(FormattableString.Invariant($"e{e}"), FormattableString.Invariant($"r{r}")))),
        .. Enumerable.Range(0, 4).SelectMany(static r => Enumerable.Range(0, 2).Select(o => new HopName(FormattableString.Invariant($"r{r}"), FormattableString.Invariant($"o{o}")))),
    ];

    private static bool Passes(AvoidedHops avoided, string asker, string[] hops)
    {
        int from = Network.Table.NodeOrdinal(asker);
        foreach (string hop in hops)
        {
            int to = Network.Table.NodeOrdinal(hop);
            // Of a stream that nobody reported: single streams are given up more readily.
            if (avoided.Avoids(Network.Table.NodeOrdinal(asker), AvoidedHops.Hash("unreported"), from, to)) return false;
            from = to;
        }
        return true;
    }

    private static AvoidedHops Avoided(PathVerdict verdict) => (PathHealth.Nothing with { Hops = verdict.Hops }).For(Network.Table).Avoided;

    private static HopVote Vote(string reporter, string from, string to, string stream = "", bool named = false) =>
        new(reporter, new(from, to), stream, stream.Length > 0 ? HopTrouble.Stall : HopTrouble.Connect, named);

    private PathBook Book(params HopVote[] votes)
    {
        PathBook book = new(_settings);
        foreach (HopVote vote in votes) Add(book, vote);
        return book;
    }

    private static void Add(PathBook book, HopVote vote, int seconds = 0) =>
        book.Add(vote, Start + TimeSpan.FromSeconds(seconds), Start + TimeSpan.FromSeconds(30), isTakenHere: true);

    private string[] After(PathBook book, int seconds)
    {
        book.Expire(Start + TimeSpan.FromSeconds(seconds));
        return Judge(book);
    }

    private string[] Judge(PathBook book) =>
    [
        .. PathJudge.Judge(_settings, Network, book).Hops.Select(static h =>
            $"{h.From}>{h.To} {h.State}{(h.Asker.Length > 0 ? $" for {h.Asker}" : "")}{(h.Stream.Length > 0 ? $" stream {h.Stream}" : "")}").Order(StringComparer.Ordinal),
    ];

    private static RoutingTable Mesh()
    {
        TableSketch sketch = new();
        sketch.Edges.Clear();
        sketch.Relays.Clear();
        sketch.Paths.Clear();
        for (int e = 0; e < 6; e++) sketch.Edges.Add(new(FormattableString.Invariant($"e{e}"), "own", "", "EU", FormattableString.Invariant($"E{e}"), Model.HealthState.Up));
        for (int r = 0; r < 4; r++) sketch.Relays.Add(new(FormattableString.Invariant($"r{r}"), "", "EU", FormattableString.Invariant($"R{r}")));
        for (int e = 0; e < 6; e++)
            for (int o = 0; o < 2; o++) sketch.Paths[(e, o)] = [.. Enumerable.Range(0, 4).Select(r => ((ushort[])[(ushort)r], (uint[])[1000, 2000]))];
        for (int r = 0; r < 4; r++)
            for (int o = 0; o < 2; o++) sketch.Paths[(6 + r, o)] = [([], [2000])];
        // Three ranked ones and one more that only plans use: as many as a table may have.
        foreach (int _ in Enumerable.Range(0, 12)) sketch.Kinds.AddRange([PathKind.Ranked, PathKind.Ranked, PathKind.Ranked, PathKind.PlanOnly]);
        sketch.Kinds.AddRange(Enumerable.Repeat(PathKind.Ranked, 8));
        TableContent content = sketch.Content();
        return RoutingTable.Create(content with { Origins = [.. content.Origins.Select(static (o, i) => o with { Id = FormattableString.Invariant($"o{i}") })] }, TableSketch.First, TableSketch.Noon);
    }
}
