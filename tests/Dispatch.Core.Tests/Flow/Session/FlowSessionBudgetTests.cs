using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>A solve that a budget ends shows nothing, and spoils nothing: the next one is right.</summary>
public sealed class FlowSessionBudgetTests
{
    [Fact]
    public void Solve_EveryPivotLimit_ShowsNothingAndThenTheOptimum()
    {
        int ended = 0;
        Check.One(Seeded(700), Prop.ForAll(SessionCases.EditsOnly, session =>
        {
            FlowSession live = SessionPlayer.Open(session.Start.Build(), session.Wish);
            var mirror = new MirrorNetwork(session.Start);
            foreach (ScriptStep step in session.Script) SessionEdits.Apply(step, live, mirror);
            FlowMark edited = live.Mark();
            SessionResult right = live.Solve();
            for (int limit = 0; limit < Math.Min(right.Pivots, 12); limit++)
            {
                live.Undo(edited);
                SessionResult cut = live.Solve(new FlowOptions { MaxPivots = limit });
                if (cut.Status == FlowStatus.BudgetEnded) AssertEnded(live, $"limit of {limit} pivots", ref ended);
                SessionResult after = live.Solve();
                Assert.Equal((right.Status, right.Objective), (after.Status, after.Objective));
                Assert.True(right.Status != FlowStatus.Optimal || live.Certify());
            }

            return true;
        }));
        Assert.InRange(ended, 500, 20_000);
    }

    [Fact]
    public void Solve_ThreePivotsAtATime_ReachesTheOptimum()
    {
        int continued = 0;
        Check.One(Seeded(500), Prop.ForAll(SessionCases.EditsOnly, session =>
        {
            FlowSession live = SessionPlayer.Open(session.Start.Build(), session.Wish);
            var mirror = new MirrorNetwork(session.Start);
            foreach (ScriptStep step in session.Script) SessionEdits.Apply(step, live, mirror);
            if (!live.Kernel.StartsWith("compact", StringComparison.Ordinal)) return true;
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(mirror.Spec);
            if (status != FlowStatus.Optimal) return true;
            SessionResult result;
            int solves = 0;
            do result = live.Solve(new FlowOptions { MaxPivots = 3 });
            while (result.Status == FlowStatus.BudgetEnded && ++solves < 100);
            if (!result.Kernel.StartsWith("compact", StringComparison.Ordinal)) return true; // the general kernel starts anew each time
            if (solves > 0) continued++;
            return result.Status == FlowStatus.Optimal && result.Objective == cost;
        }));
        Assert.InRange(continued, 30, 500);
    }

    [Fact]
    public void Open_WithinFewPivots_ShowsNothingAndThenTheOptimum()
    {
        int ended = 0;
        Check.One(Seeded(500), Prop.ForAll(SessionCases.EditsOnly, Gen.Choose(0, 5).ToArbitrary(), (session, limit) =>
        {
            FlowSession live = FlowSession.Open(session.Start.Build(), options: new FlowOptions { MaxPivots = limit });
            if (live.Result.Status == FlowStatus.BudgetEnded) AssertEnded(live, $"limit of {limit} pivots", ref ended);
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(session.Start);
            SessionResult result = live.Solve();
            return result.Status == status && (status != FlowStatus.Optimal || (result.Objective == cost && live.Certify()));
        }));
        Assert.InRange(ended, 50, 500);
    }

    [Fact]
    public void Solve_Cancelled_ShowsNothingAndThenTheOptimum()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        int ended = 0;
        Check.One(Seeded(500), Prop.ForAll(SessionCases.EditsOnly, session =>
        {
            FlowSession live = SessionPlayer.Open(session.Start.Build(), session.Wish);
            var mirror = new MirrorNetwork(session.Start);
            foreach (ScriptStep step in session.Script) SessionEdits.Apply(step, live, mirror);
            if (live.Solve(cancellation: cancelled.Token).Status == FlowStatus.BudgetEnded) AssertEnded(live, "cancelled", ref ended);
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(mirror.Spec);
            SessionResult result = live.Solve();
            return result.Status == status && (status != FlowStatus.Optimal || (result.Objective == cost && live.Certify()));
        }));
        Assert.InRange(ended, 50, 500);
    }

    [Fact]
    public void Open_Cancelled_IsNoFaultAndCanGoOn()
    {
        FlowNetwork network = new NetworkSpec([6, -6], [new(0, 1, 0, 4, 1), new(0, 1, 0, 9, 3)]).Build();
        FlowSession live = FlowSession.Open(network, cancellation: new CancellationToken(canceled: true));
        SessionState.AssertUnreadable(live);
        Assert.Equal(10, live.Solve().Objective);
    }

    [Fact]
    public void Solve_TimeLimitByAManualClock_EndsAndGoesOn()
    {
        int ended = 0;
        foreach (SessionCase session in SessionCases.EditsOnly.Generator.Sample(200, new Rnd(3UL, 21UL), 50))
        {
            var late = new FlowOptions { TimeLimit = TimeSpan.FromSeconds(1), Clock = new SteppingClock(TimeSpan.FromSeconds(2)) };
            var early = new FlowOptions { TimeLimit = TimeSpan.FromSeconds(1), Clock = new SteppingClock(TimeSpan.Zero) };
            FlowSession live = FlowSession.Open(session.Start.Build(), options: late);
            if (live.Result.Status == FlowStatus.BudgetEnded) AssertEnded(live, "time limit", ref ended);
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(session.Start);
            Assert.Equal(status, live.Solve(early).Status);
            if (status == FlowStatus.Optimal) Assert.Equal(cost, live.Result.Objective);
        }

        Assert.InRange(ended, 50, 200);
    }

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 839UL).WithMaxTest(tests);

    private static void AssertEnded(FlowSession session, string cause, ref int ended)
    {
        SessionState.AssertUnreadable(session);
        Assert.Contains(cause, session.Result.Cause, StringComparison.Ordinal);
        Assert.True(session.Result.Remedy.Length > 0);
        ended++;
    }

    /// <summary>Moves on by one step each time it is looked at.</summary>
    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
