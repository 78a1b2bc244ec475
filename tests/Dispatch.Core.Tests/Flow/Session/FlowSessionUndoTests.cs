using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>A mark brings back every bit, whatever came between, and from there the same edits lead to the same bits again.</summary>
public sealed class FlowSessionUndoTests
{
    [Fact]
    public void Undo_AfterEditsOfAnyOutcome_RestoresEveryBitAndTheWayOn()
    {
        var outcomes = new Dictionary<FlowStatus, int>();
        Check.One(Seeded(800), Prop.ForAll(SessionCases.EditsOnly, Gen.Choose(0, 63).ToArbitrary(), (session, pick) =>
        {
            var trip = new Trip(session, pick);
            SessionState first = trip.SolveOn();
            trip.Return();
            FlowStatus cut = trip.SolveWithin(pick % 4);
            trip.Return();
            first.AssertEquals(trip.SolveOn());
            trip.Return();
            first.AssertEquals(trip.SolveForkElsewhere());
            trip.AssertReturned();
            outcomes[first.Status] = outcomes.GetValueOrDefault(first.Status) + 1;
            outcomes[cut] = outcomes.GetValueOrDefault(cut) + 1;
            return true;
        }));
        Assert.All((FlowStatus[])[FlowStatus.Optimal, FlowStatus.Infeasible, FlowStatus.BudgetEnded], s => Assert.InRange(outcomes.GetValueOrDefault(s), 50, 5000));
    }

    [Fact]
    public void Undo_NestedMarksInAnyOrder_RestoresEach()
        => Check.One(Seeded(500), Prop.ForAll(SessionCases.EditsOnly, session =>
        {
            FlowSession live = SessionPlayer.Open(session.Start.Build(), session.Wish);
            var mirror = new MirrorNetwork(session.Start);
            var marks = new List<(FlowMark Mark, SessionState State)>();
            foreach (ScriptStep step in session.Script)
            {
                marks.Add((live.Mark(), SessionState.Of(live)));
                SessionEdits.Apply(step, live, mirror);
                live.Solve();
            }

            for (int i = marks.Count - 1; i >= 0; i--)
            {
                live.Undo(marks[i].Mark);
                marks[i].State.AssertEquals(SessionState.Of(live));
                live.Undo(marks[i].Mark);
                marks[i].State.AssertEquals(SessionState.Of(live));
            }

            return true;
        }));

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 511UL).WithMaxTest(tests);

    /// <summary>From a mark to a solve and back, several times.</summary>
    private sealed class Trip
    {
        private readonly FlowSession _session;
        private readonly MirrorNetwork _mirror;
        private readonly ScriptStep[] _way;
        private readonly FlowMark _mark;
        private readonly SessionState _start;

        // Some edits come before the mark, some after; half of the marks are set on edits not yet solved.
        public Trip(SessionCase session, int pick)
        {
            int split = pick % (session.Script.Length + 1);
            _session = SessionPlayer.Open(session.Start.Build(), session.Wish);
            (int Nodes, int Arcs) solved = (_session.NodeCount, _session.ArcCount);
            _mirror = new MirrorNetwork(session.Start);
            foreach (ScriptStep step in session.Script[..split]) SessionEdits.Apply(step, _session, _mirror);
            if (pick % 2 == 0)
            {
                _session.Solve();
                solved = (_session.NodeCount, _session.ArcCount);
            }

            _way = session.Script[split..];
            _mark = _session.Mark();
            _start = SessionState.Of(_session, solved);
        }

        public SessionState SolveOn() => SolveOn(_session);

        public FlowStatus SolveWithin(int pivots)
        {
            Walk(_session);
            return _session.Solve(new FlowOptions { MaxPivots = pivots }).Status;
        }

        public void Return()
        {
            _session.Undo(_mark);
            AssertReturned();
        }

        public void AssertReturned()
        {
            _mirror.AssertHeldBy(_session);
            _start.AssertEquals(SessionState.Of(_session, _start.Solved));
        }

        public SessionState SolveForkElsewhere()
        {
            FlowSession fork = _session.Fork();
            SessionState? state = null;
            Exception? fault = null;
            var thread = new Thread(() => fault = Record.Exception(() => state = SolveOn(fork)));
            thread.Start();
            thread.Join();
            Assert.Null(fault);
            return state!;
        }

        private SessionState SolveOn(FlowSession session)
        {
            Walk(session);
            session.Solve();
            return SessionState.Of(session);
        }

        private void Walk(FlowSession session)
        {
            MirrorNetwork mirror = _mirror.Clone();
            foreach (ScriptStep step in _way) SessionEdits.Apply(step, session, mirror);
        }
    }
}
