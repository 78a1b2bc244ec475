using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Flow.Session;

public sealed class FlowSweepTests
{
    [Fact]
    public void Run_AnyNetworkAndCases_MatchesColdSolves()
    {
        var statuses = new Dictionary<FlowStatus, int>();
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 941UL).WithMaxTest(700), Prop.ForAll(Sweeps(), sweep =>
        {
            FlowNetwork network = sweep.Session.Start.Build();
            FlowSession session = SessionPlayer.Open(network, sweep.Session.Wish);
            if (session.Result.Status != FlowStatus.Optimal) return true;
            SessionState before = SessionState.Of(session);
            var options = new SweepOptions { Threads = 1 + (sweep.Watched.Length % 2), WatchedArcs = sweep.Watched };
            SweepOutcome?[] outcomes = FlowSweep.Run(session, sweep.Cases, options);
            before.AssertEquals(SessionState.Of(session));
            Assert.Equal(sweep.Cases.Length, outcomes.Length);
            for (int i = 0; i < outcomes.Length; i++)
            {
                SweepAudit.AssertRight(network, before.Flow, i, sweep.Cases[i], sweep.Watched, outcomes[i]);
                statuses[outcomes[i]!.Status] = statuses.GetValueOrDefault(outcomes[i]!.Status) + 1;
            }

            return true;
        }));
        Assert.InRange(statuses.GetValueOrDefault(FlowStatus.Optimal), 200, 10_000);
        Assert.InRange(statuses.GetValueOrDefault(FlowStatus.Infeasible), 30, 10_000);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    [InlineData(SyntheticShape.Dispatch)]
    public void Run_EveryEdgeOnAnyNumberOfThreads_GivesTheSameOutcomes(SyntheticShape shape)
    {
        var size = new SyntheticSize(200, 8, 40, 6, 3);
        FlowNetwork network = SyntheticNetwork.Create(size, shape, seed: 7);
        int[] watched = [.. Enumerable.Range(0, network.ArcCount).Where(e => network.Costs[e] >= SyntheticNetwork.OverflowCost)];
        SweepCase[] cases = [.. Enumerable.Range(size.Groups, size.Edges).Select(v => Failure(network, v)), new SweepCase("none", [])];
        int[] order = [.. Enumerable.Range(0, cases.Length).OrderBy(i => i * 7919 % 41)];
        string[] expected = Outcomes(network, cases, [.. Enumerable.Range(0, cases.Length)], 1, watched, scalar: false);
        Assert.InRange(expected.Count(o => o.Contains("Optimal compact-simplex", StringComparison.Ordinal)), 10, cases.Length);
        foreach (int threads in (int[])[1, 2, 3]) Assert.Equal(expected, Outcomes(network, cases, order, threads, watched, scalar: false));
        Assert.Equal(expected, Outcomes(network, cases, order, 2, watched, scalar: true));
    }

    [Fact]
    public void Run_FaultDomains_MatchColdSolves()
    {
        var size = new SyntheticSize(120, 6, 24, 5, 3);
        FlowNetwork network = SyntheticNetwork.Create(size, SyntheticShape.Layered, seed: 11);
        FlowSession session = FlowSession.Open(network);
        long[] flow = session.ToSolution().Flow.ToArray();
        SweepCase[] domains = [.. Enumerable.Range(0, 8).Select(d => new SweepCase(
            $"domain {d}", [.. Enumerable.Range(0, 24).Where(v => v % 8 == d).SelectMany(v => Failure(network, size.Groups + v).ClosedArcs)]))];
        SweepOutcome?[] outcomes = FlowSweep.Run(session, domains, new SweepOptions { Threads = 2 });
        for (int i = 0; i < domains.Length; i++) SweepAudit.AssertRight(network, flow, i, domains[i], [], outcomes[i]);
        Assert.Contains(outcomes, o => o!.MovedVolume > 0 && o.Changes.Count > 3);
    }

    [Fact]
    public void Run_WithoutCases_ReturnsNothing() => Assert.Empty(FlowSweep.Run(FlowSession.Open(Chain().Build()), []));

    [Fact]
    public void Run_CaseThatClosesNothing_ChangesNothing()
    {
        SweepOutcome outcome = Assert.Single(FlowSweep.Run(FlowSession.Open(Chain().Build()), [new SweepCase("none", [])]))!;
        Assert.Equal((FlowStatus.Optimal, (Int128)10, 0L, "none"), (outcome.Status, outcome.Objective, outcome.MovedVolume, outcome.Name));
        Assert.Empty(outcome.Changes);
        Assert.True(outcome.Certified);
    }

    [Fact]
    public void Run_CaseNoFlowSurvives_SaysWhyAndTheNextIsRight()
    {
        SweepOutcome?[] outcomes = FlowSweep.Run(FlowSession.Open(Chain().Build()), [new("both", [0, 1]), new("cheap", [0]), new("cheap twice", [0, 0])], new SweepOptions { Threads = 1 });
        Assert.Equal([FlowStatus.Infeasible, FlowStatus.Optimal, FlowStatus.Optimal], outcomes.Select(o => o!.Status));
        Assert.True(outcomes[0]!.Cause.Length > 0 && !outcomes[0]!.Certified && outcomes[0]!.Changes.Count == 0);
        foreach (SweepOutcome? one in outcomes[1..])
        {
            Assert.Equal((18, 4L), ((int)one!.Objective, one.MovedVolume));
            Assert.Equal([new FlowChange(0, 4, 0), new FlowChange(1, 2, 6)], one.Changes);
        }
    }

    [Fact]
    public void Run_Cancelled_LeavesGapsButNoWrongOutcome()
    {
        var size = new SyntheticSize(120, 6, 24, 5, 3);
        FlowNetwork network = SyntheticNetwork.Create(size, SyntheticShape.Layered, seed: 3);
        FlowSession session = FlowSession.Open(network);
        long[] flow = session.ToSolution().Flow.ToArray();
        SweepCase[] cases = [.. Enumerable.Range(size.Groups, size.Edges).Select(v => Failure(network, v))];
        foreach (int threads in (int[])[1, 2])
        {
            using var cancel = new CancellationTokenSource();
            int done = 0;
            SweepOutcome?[] outcomes = FlowSweep.Run(session, cases, new SweepOptions { Threads = threads }, _ => { if (Interlocked.Increment(ref done) == 5) cancel.Cancel(); }, cancel.Token);
            Assert.InRange(outcomes.Count(o => o is null), 1, cases.Length - 5);
            for (int i = 0; i < cases.Length; i++) if (outcomes[i] is { } outcome) SweepAudit.AssertRight(network, flow, i, cases[i], [], outcome);
        }

        Assert.All(FlowSweep.Run(session, cases, cancellation: new CancellationToken(canceled: true)), Assert.Null);
        Assert.DoesNotContain(null, FlowSweep.Run(session, cases));
    }

    [Fact]
    public void Run_LimitPerCase_EndsCasesWithThatStatusOnly()
    {
        var size = new SyntheticSize(120, 6, 24, 5, 3);
        FlowNetwork network = SyntheticNetwork.Create(size, SyntheticShape.Layered, seed: 3);
        FlowSession session = FlowSession.Open(network);
        long[] flow = session.ToSolution().Flow.ToArray();
        SweepCase[] cases = [.. Enumerable.Range(size.Groups, size.Edges).Select(v => Failure(network, v))];
        SweepOutcome?[] outcomes = FlowSweep.Run(session, cases, new SweepOptions { Threads = 2, Limits = new FlowOptions { MaxPivots = 8 } });
        Assert.InRange(outcomes.Count(o => o!.Status == FlowStatus.BudgetEnded), 1, cases.Length - 1);
        for (int i = 0; i < cases.Length; i++)
        {
            if (outcomes[i]!.Status != FlowStatus.BudgetEnded) SweepAudit.AssertRight(network, flow, i, cases[i], [], outcomes[i]);
            else Assert.True(outcomes[i]!.Changes.Count == 0 && !outcomes[i]!.Certified && outcomes[i]!.Cause.Length > 0);
        }
    }

    [Fact]
    public void Run_WrongArguments_Throws()
    {
        FlowSession session = FlowSession.Open(Chain().Build());
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSweep.Run(session, [new SweepCase("no such arc", [2])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSweep.Run(session, [new SweepCase("no such arc", [-1])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSweep.Run(session, [], new SweepOptions { WatchedArcs = [2] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSweep.Run(session, [], new SweepOptions { Threads = 0 }));
        FlowSession hopeless = FlowSession.Open(new NetworkSpec([1, -1], []).Build());
        Assert.Throws<InvalidOperationException>(() => FlowSweep.Run(hopeless, []));
    }

    [Fact]
    public void Run_EditsNotSolvedYet_Throws()
    {
        foreach (Action<FlowSession> edit in (Action<FlowSession>[])[s => s.SetCost(0, 5), s => s.SetSupply(0, 7), s => s.AddNode(), s => s.AddArc(0, 1, 0, 1, 1)])
        {
            FlowSession session = FlowSession.Open(Chain().Build());
            edit(session);
            Assert.Throws<InvalidOperationException>(() => FlowSweep.Run(session, [new SweepCase("cheap", [0])]));
        }
    }

    [Fact]
    public void Run_DoneThrows_EndsTheSweepWithThatFault()
        => Assert.Throws<FormatException>(() => FlowSweep.Run(
            FlowSession.Open(Chain().Build()), [new("a", [0]), new("b", [1])], new SweepOptions { Threads = 2 }, _ => throw new FormatException()));

    [Fact]
    public void Run_DoneCallback_SeesEveryOutcomeOnce()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<SweepOutcome>();
        SweepCase[] cases = [new("a", [0]), new("b", [1]), new("c", []), new("d", [0, 1])];
        SweepOutcome?[] outcomes = FlowSweep.Run(FlowSession.Open(Chain().Build()), cases, new SweepOptions { Threads = 3 }, seen.Add);
        Assert.Equal(outcomes, seen.OrderBy(o => o.Index));
    }

    public sealed record SweepScript(SessionCase Session, SweepCase[] Cases, int[] Watched);

    private static Arbitrary<SweepScript> Sweeps() => Arb.From(
        from session in SessionCases.EditsOnly.Generator
        let arcs = session.Start.Arcs.Length
        from closed in Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, Math.Max(0, arcs - 1)), 3), 4)
        from sizes in Gen.ArrayOf(Gen.Choose(0, 3), 4)
        from watched in Gen.ArrayOf(Gen.Choose(0, Math.Max(0, arcs - 1)), 2)
        select new SweepScript(session, [.. closed.Select((c, i) => new SweepCase($"case {i}", arcs == 0 ? [] : c[..sizes[i]]))], arcs == 0 ? [] : [.. watched.Distinct()]),
        Shrink);

    private static IEnumerable<SweepScript> Shrink(SweepScript sweep)
    {
        for (int i = 0; i < sweep.Cases.Length; i++) yield return sweep with { Cases = [.. sweep.Cases[..i], .. sweep.Cases[(i + 1)..]] };
        foreach (NetworkSpec spec in NetworkSpec.Shrink(sweep.Session.Start))
            if (spec.Arcs.Length == sweep.Session.Start.Arcs.Length)
                yield return sweep with { Session = sweep.Session with { Start = spec } };
    }

    private static NetworkSpec Chain() => new([6, -6], [new(0, 1, 0, 4, 1), new(0, 1, 0, 9, 3)]);

    private static SweepCase Failure(FlowNetwork network, int edge)
        => new($"edge {edge}", [.. Enumerable.Range(0, network.ArcCount).Where(e => network.Tails[e] == edge)]);

    private static string[] Outcomes(FlowNetwork network, SweepCase[] cases, int[] order, int threads, int[] watched, bool scalar)
    {
        FlowSession session = SessionPlayer.Open(network, KernelWish.Usual, scalar: scalar);
        SweepOutcome?[] outcomes = FlowSweep.Run(session, [.. order.Select(i => cases[i])], new SweepOptions { Threads = threads, WatchedArcs = watched });
        var texts = new string[cases.Length];
        for (int i = 0; i < order.Length; i++)
        {
            SweepOutcome o = outcomes[i]!;
            texts[order[i]] = $"{o.Name}: {o.Status} {o.Kernel} {o.Objective} {o.WatchedFlow} {o.MovedVolume} {o.Pivots} {o.Certified} {string.Join(' ', o.Changes)}";
        }

        return texts;
    }
}
