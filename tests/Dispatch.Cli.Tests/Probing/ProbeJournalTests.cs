using System.Collections.Immutable;
using System.Net;
using TrafficDispatch.Cli.Probing;
using TrafficDispatch.Model;

namespace TrafficDispatch.Cli.Tests.Probing;

public sealed class ProbeJournalTests
{
    private static readonly ImmutableArray<ProbeTarget> Targets =
        [.. "abcdef".Select(static c => new ProbeTarget(new(HealthScope.Edge, $"{c}"), [new DnsEndPoint("127.0.0.1", 1)]))];

    private readonly ProbeJournal _journal = new("ams");
    private DateTimeOffset _now = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Take_Rounds_CountStreaksAndNumbersRise()
    {
        Assert.Equal([1u, 1u, 1u, 1u, 1u, 1u], Round("").Reports.Select(static r => r.Streak));
        ProbeFindings second = Round("a"), third = Round("a");
        Assert.Equal(("edge:a False", ""), (Turned(second), Turned(third)));
        Assert.Equal((false, 2u, true, 3u), (third.Reports[0].Good, third.Reports[0].Streak, third.Reports[1].Good, third.Reports[1].Streak));
        Assert.Equal("edge:a True", Turned(Round("")));
        Assert.True(second.Reports[0].Number < third.Reports[0].Number);
        Assert.All(third.Reports, static r => Assert.Equal(("ams", "edge"), (r.Vantage, r.Kind)));
    }

    [Fact]
    public void Take_ClockFallsBackOrStands_NumbersRiseAllTheSame()
    {
        ulong first = Round("").Reports[0].Number;
        _now -= TimeSpan.FromHours(1);
        ulong second = Round("").Reports[0].Number, third = Round("").Reports[0].Number;
        Assert.True(first < second && second < third, $"{first} {second} {third}");
        // A vantage that was started again goes on above what it said before.
        _now += TimeSpan.FromHours(2);
        Assert.True(new ProbeJournal("ams").Take(Targets, [.. Targets.Select(static _ => true)], _now).Reports[0].Number > third);
    }

    [Fact]
    public void Take_MostTargetsFail_SaysNothingAndStreaksWait()
    {
        Round("");
        ProbeFindings blind = Round("abcd");
        Assert.Equal((true, 0, 4, ""), (blind.IsDistrusted, blind.Reports.Length, blind.Failed.Length, Turned(blind)));
        ProbeFindings half = Round("abc");
        Assert.Equal((false, 6, 1u, 2u), (half.IsDistrusted, half.Reports.Length, half.Reports[0].Streak, half.Reports[5].Streak));
    }

    [Fact]
    public void Take_FewTargets_AreNeverDistrusted()
    {
        ProbeFindings found = _journal.Take(Targets[..4], [false, false, false, false], _now);
        Assert.Equal((false, 4), (found.IsDistrusted, found.Reports.Length));
    }

    private static string Turned(ProbeFindings found) => string.Join(' ', found.Turned.Select(static t => $"{t.Node} {t.IsWell}"));

    private ProbeFindings Round(string failing) => _journal.Take(Targets, [.. Targets.Select(t => !failing.Contains(t.Node.Id, StringComparison.Ordinal))], _now);
}
