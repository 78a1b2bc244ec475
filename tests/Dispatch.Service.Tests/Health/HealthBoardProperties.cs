using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>Whatever probes say: the cap holds, only quorums take out, and nobody flaps faster than dampening lets him.</summary>
public sealed class HealthBoardProperties
{
    private const int NodeCount = 8, VantageCount = 5;
    private static readonly HealthSettings Settings = new() { BadToFall = 2, GoodToRise = 2, PenaltyHalfLife = TimeSpan.FromMinutes(10), ReturnStep = TimeSpan.FromSeconds(30) };
    private static readonly NodeFacts[] Nodes =
        [.. Enumerable.Range(0, NodeCount).Select(static i => new NodeFacts(HealthScope.Edge, $"e{(char)('0' + i)}", $"d{(char)('0' + i / 3)}", 100 * (1 + i % 3)))];

    // Spans of rounds; in each a set of failing nodes, each seen to fail by its own number of vantages.
    private static readonly Arbitrary<Script> Scripts = Arb.From(
        from count in Gen.Choose(1, 40)
        from spans in Gen.ListOf(Spells(), count)
        select new Script([.. spans]), static s => s.Spans.Length > 1 ? [new Script(s.Spans[..^1]), new Script(s.Spans[1..])] : []);

    [Fact]
    public void Judge_RandomScripts_KeepCapQuorumAndDampening() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 505UL).WithMaxTest(150), Prop.ForAll(Scripts, Holds));

    private static Gen<Spell> Spells() =>
        from rounds in Gen.Choose(1, 12)
        from failing in Gen.ArrayOf(Gen.Choose(0, VantageCount), NodeCount)
        select new Spell(rounds, failing);

    private static bool Holds(Script script)
    {
        HealthBoard board = new(Settings);
        DateTimeOffset now = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);
        Dictionary<string, List<DateTimeOffset>> falls = [];
        HashSet<string> outNow = [];
        double all = Nodes.Sum(static n => n.Weight);
        foreach (Spell span in script.Spans)
        {
            for (int round = 0; round < span.Rounds; round++)
            {
                now += TimeSpan.FromSeconds(10);
                for (int v = 0; v < VantageCount; v++)
                    for (int n = 0; n < NodeCount; n++) board.Add(new($"v{(char)('0' + v)}", HealthScope.Edge, Nodes[n].Id, v >= span.Failing[n]), now);
                HealthVerdict verdict = board.Judge(Nodes, now);
                double taken = verdict.Down.Sum(static d => Nodes.Single(n => n.Id == d.Id).Weight);
                if (taken > all * Settings.MostTakenPercent / 100) return false;
                foreach (string id in verdict.Down.Select(static d => d.Id).Where(id => !outNow.Contains(id)))
                {
                    // A node that falls is held down by three trusted vantages now or was within their hysteresis.
                    int seen = span.Failing[Array.FindIndex(Nodes, n => n.Id == id)];
                    if (seen < Settings.Quorum && round >= Settings.GoodToRise) return false;
                    if (!falls.TryGetValue(id, out List<DateTimeOffset>? times)) falls[id] = times = [];
                    times.Add(now);
                    if (times.Count >= 5 && times[^1] - times[^5] < Settings.PenaltyHalfLife) return false;
                }
                outNow = [.. verdict.Down.Select(static d => d.Id)];
            }
        }
        return true;
    }

    private sealed record Script(Spell[] Spans);

    private sealed record Spell(int Rounds, int[] Failing);
}
