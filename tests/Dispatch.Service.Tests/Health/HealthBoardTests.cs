using TrafficDispatch.Model;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>Ten edges of equal weight in five fault domains, probed by four vantages every ten seconds.</summary>
public sealed class HealthBoardTests
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly string[] Vantages = ["ams", "nyc", "sin", "fra"];
    private static readonly NodeFacts[] Nodes =
        [.. Enumerable.Range(0, 10).Select(static i => new NodeFacts(HealthScope.Edge, $"e{(char)('0' + i)}", $"d{(char)('0' + i / 2)}", 1000))];

    private DateTimeOffset _now = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Judge_QuorumSeesTenBadProbes_TakesTheNodeOutAtTheTenth()
    {
        HealthBoard board = new(new());
        Assert.Empty(Rounds(board, 9, static (v, n) => !(v != "fra" && n == "e0")).Down);
        Assert.Equal(["e0"], Rounds(board, 1, static (v, n) => !(v != "fra" && n == "e0")).Down.Select(static s => s.Id));
    }

    [Fact]
    public void Judge_FewerThanAQuorum_TakeNothingOut() =>
        Assert.Empty(Rounds(new(new()), 100, static (v, n) => !(v is "ams" or "nyc" && n == "e0")).Down);

    [Fact]
    public void Judge_QuorumThatIsNoMajority_TakesNothingOut()
    {
        HealthBoard board = new(new() { Quorum = 2 });
        Assert.Empty(Rounds(board, 100, static (v, n) => !(v is "ams" or "nyc" && n == "e0")).Down);
    }

    [Fact]
    public void Judge_NodeComesBack_KeepsTenThenTwentyFiveThenFiftyPercentOfItsClients()
    {
        HealthBoard board = new(new());
        Rounds(board, 10, static (_, n) => n != "e0");
        Assert.Single(Rounds(board, 9, static (_, _) => true).Down);
        List<byte?> kept = [];
        for (int i = 0; i < 20; i++) kept.Add(Rounds(board, 1, static (_, _) => true).Returning.FirstOrDefault()?.Percent);
        Assert.Equal([10, 25, 50, null], kept.Distinct());
        Assert.Equal(18, kept.Count(static k => k is not null));
    }

    [Fact]
    public void Judge_VantageLosesMostTargets_IsDistrustedAndTheOthersDecide()
    {
        HealthBoard board = new(new() { Quorum = 3 });
        HealthVerdict verdict = Rounds(board, 20, static (v, n) => v switch { "ams" => false, _ => n != "e0" });
        Assert.Equal(("ams", "e0"), (string.Join(' ', verdict.Distrusted), Ids(verdict)));
        Assert.Empty(Rounds(board, 1, static (_, n) => n != "e0").Distrusted);
    }

    [Fact]
    public void Judge_EveryVantageLosesEverything_NothingIsTakenOut()
    {
        HealthVerdict verdict = Rounds(new(new()), 50, static (_, _) => false);
        Assert.Equal((0, 4), (verdict.Down.Length, verdict.Distrusted.Length));
    }

    [Fact]
    public void Judge_MoreFallThanTheCapAllows_StopsAndSaysWhoIsHeld()
    {
        HealthBoard board = new(new());
        HealthVerdict verdict = Rounds(board, 20, static (_, n) => n is not ("e0" or "e1" or "e2" or "e3" or "e4"));
        Assert.Equal(["e0", "e1", "e2"], verdict.Down.Select(static s => s.Id));
        Assert.Equal(("edge:e3 edge:e4", 30.0), (string.Join(' ', verdict.Held), verdict.TakenPercent));
        HealthVerdict later = Rounds(board, 10, static (_, n) => n is not ("e1" or "e2" or "e3" or "e4"));
        Assert.DoesNotContain(later.Down, static s => s.Id == "e0");
    }

    [Fact]
    public void Judge_DomainCap_HoldsTheSecondOfADomain()
    {
        HealthVerdict verdict = Rounds(new(new() { MostTakenDomainPercent = 50 }), 20, static (_, n) => n is not ("e0" or "e1"));
        Assert.Equal(("e0", "edge:e1"), (Ids(verdict), string.Join(' ', verdict.Held)));
    }

    [Fact]
    public void Judge_NodeFlaps_StaysOutUntilThePenaltyHasDecayed()
    {
        HealthBoard board = new(new());
        for (int fall = 0; fall < 3; fall++)
        {
            Rounds(board, 10, static (_, n) => n != "e0");
            if (fall < 2) Assert.Empty(Rounds(board, 10, static (_, _) => true).Down);
        }
        HealthVerdict verdict = Rounds(board, 12, static (_, _) => true);
        Assert.Equal("edge:e0", Assert.Single(verdict.Damped.ToArray()));
        DateTimeOffset from = _now;
        while (!Rounds(board, 1, static (_, _) => true).Down.IsEmpty) Assert.True(_now - from < TimeSpan.FromHours(1), "it must come back some time");
        // From nearly 3000 below 750: almost two half-lives.
        Assert.InRange(_now - from, TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(32));
    }

    [Fact]
    public void Judge_VantagesFallSilent_NodeComesBackOnlyAfterALongWhile()
    {
        HealthBoard board = new(new());
        Rounds(board, 10, static (_, n) => n != "e0");
        Assert.Single(Silence(board, TimeSpan.FromMinutes(9)).Down);
        Assert.Empty(Silence(board, TimeSpan.FromMinutes(3)).Down);
    }

    [Fact]
    public void Add_OneVantageTooMany_IsNotHeededUntilAnotherIsForgotten()
    {
        HealthBoard board = new(new());
        for (int v = 0; v < 256; v++) Assert.Equal(ProbeFate.Taken, board.Add(new($"v{(char)('A' + v)}", HealthScope.Edge, "e0", true), _now));
        Assert.Equal(ProbeFate.TooMany, board.Add(new("late", HealthScope.Edge, "e0", true), _now));
        Silence(board, TimeSpan.FromMinutes(2));
        Assert.Equal(ProbeFate.Taken, board.Add(new("late", HealthScope.Edge, "e0", true), _now));
    }

    [Fact]
    public void Add_SameNumberAgain_CountsOnce()
    {
        HealthBoard board = new(new() { BadToFall = 2, Quorum = 1 });
        Assert.Equal(ProbeFate.Taken, board.Add(new("ams", HealthScope.Edge, "e0", false, 7), _now));
        Assert.Equal(ProbeFate.Known, board.Add(new("ams", HealthScope.Edge, "e0", false, 7), _now));
        Assert.Equal(ProbeFate.Known, board.Add(new("ams", HealthScope.Edge, "e0", false, 6), _now));
        Assert.Equal(ProbeFate.Taken, board.Add(new("nyc", HealthScope.Edge, "e0", true, 7), _now));
        Assert.Empty(board.Judge(Nodes, _now).Down);
        Assert.False(board.HasTurned);
        Assert.Equal(ProbeFate.Taken, board.Add(new("ams", HealthScope.Edge, "e0", false, 8), _now));
        Assert.True(board.HasTurned);
    }

    [Fact]
    public void Add_NumbersFall_AreHeardAgainOnceTheVantageIsForgotten()
    {
        HealthBoard board = new(new());
        board.Add(new("ams", HealthScope.Edge, "e0", true, 1_000_000), _now);
        Assert.Equal(ProbeFate.Known, board.Add(new("ams", HealthScope.Edge, "e0", true, 5), _now));
        Silence(board, TimeSpan.FromSeconds(70));
        Assert.Equal(ProbeFate.Taken, board.Add(new("ams", HealthScope.Edge, "e0", true, 6), _now));
    }

    [Fact]
    public void Add_ProbesWereLost_StreakOfTheNextMakesUpForThem()
    {
        HealthBoard board = new(new() { Quorum = 1, MostTakenPercent = 100 });
        board.Add(new("ams", HealthScope.Edge, "e0", false, 1, 1), _now);
        board.Add(new("ams", HealthScope.Edge, "e0", false, 9, 9), _now);
        Assert.Empty(board.Judge(Nodes, _now).Down);
        board.Add(new("ams", HealthScope.Edge, "e0", false, 12, 12), _now);
        Assert.Equal("e0", Ids(board.Judge(Nodes, _now)));
        board.Add(new("ams", HealthScope.Edge, "e1", false, 12, uint.MaxValue), _now);
        Assert.Equal("e0 e1", Ids(board.Judge(Nodes, _now)));
    }

    private static string Ids(HealthVerdict verdict) => string.Join(' ', verdict.Down.Select(static s => s.Id));

    private HealthVerdict Silence(HealthBoard board, TimeSpan time)
    {
        HealthVerdict verdict = HealthVerdict.Nothing;
        for (DateTimeOffset until = _now + time; _now < until;) verdict = board.Judge(Nodes, _now += Round);
        return verdict;
    }

    private HealthVerdict Rounds(HealthBoard board, int rounds, Func<string, string, bool> isGood)
    {
        HealthVerdict verdict = HealthVerdict.Nothing;
        for (int i = 0; i < rounds; i++)
        {
            _now += Round;
            foreach (string vantage in Vantages)
                foreach (NodeFacts node in Nodes) board.Add(new(vantage, HealthScope.Edge, node.Id, isGood(vantage, node.Id)), _now);
            verdict = board.Judge(Nodes, _now);
        }
        return verdict;
    }
}
