using FsCheck;
using FsCheck.Fluent;

namespace TrafficDispatch.Core.Tests.Flow.Session;

public sealed class FlowSessionPropertyTests
{
    [Fact]
    public void Solve_AnyScriptOfEdits_MatchesAnIndependentSolveEachTime()
    {
        var tally = new SessionTally();
        Check.One(Seeded(4000), Prop.ForAll(SessionCases.Any, session =>
        {
            var player = new SessionPlayer(session);
            player.Play(session.Script);
            player.SolveAndCheck();
            tally.Count(player.Results);
            return true;
        }));
        tally.AssertWide();
    }

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 303UL).WithMaxTest(tests);
}
