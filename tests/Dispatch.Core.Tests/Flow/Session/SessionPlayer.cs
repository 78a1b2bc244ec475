using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Plays a script on a session and on its mirror and checks each solve against an independent one.</summary>
internal sealed class SessionPlayer
{
    private readonly List<(FlowMark Mark, MirrorNetwork Mirror, SessionState State)> _marks = [];
    private readonly KernelWish _wish;
    private FlowMark? _spare;
    private (int Nodes, int Arcs) _solved;

    public SessionPlayer(SessionCase start)
    {
        (_wish, Mirror) = (start.Wish, new MirrorNetwork(start.Start));
        Session = Open(start.Start.Build(), _wish);
        CheckResult();
    }

    public FlowSession Session { get; private set; }

    public MirrorNetwork Mirror { get; private set; }

    /// <summary>Results of the solves that were checked, in order.</summary>
    public List<SessionResult> Results { get; } = [];

    public static FlowSession Open(FlowNetwork network, KernelWish wish, FlowBasis? basis = null, bool scalar = false)
        => FlowSession.Open(network, basis, FlowOptions.Default, Trial(wish, scalar), CancellationToken.None);

    public void Play(IEnumerable<ScriptStep> script)
    {
        foreach (ScriptStep step in script) Play(step);
    }

    public void Play(ScriptStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Solve: SolveAndCheck(); break;
            case StepKind.TrySolve: TrySolve(step.At); break;
            case StepKind.Mark: Mark(); break;
            case StepKind.Undo: Undo(step.At); break;
            case StepKind.Fork: Fork(); break;
            case StepKind.Reload: Reload(); break;
            default: SessionEdits.Apply(step, Session, Mirror); break;
        }
    }

    /// <summary>Solves; status, cost, flow, potentials and network must be those of the mirror.</summary>
    public void SolveAndCheck()
    {
        Assert.Equal(Session.Solve(), Session.Result);
        CheckResult();
    }

    private static KernelTrial Trial(KernelWish wish, bool scalar)
        => new(Wide: false, scalar, General: wish == KernelWish.General, Compact: wish is KernelWish.Compact or KernelWish.CompactWide, CompactWide: wish == KernelWish.CompactWide);

    private void CheckResult()
    {
        SessionResult result = Session.Result;
        _solved = (Mirror.NodeCount, Mirror.ArcCount);
        Results.Add(result);
        Mirror.AssertHeldBy(Session);
        (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(Mirror.Spec);
        Assert.Equal(status, result.Status);
        if (status != FlowStatus.Optimal)
        {
            Assert.True(result.Cause.Length > 0 && result.Remedy.Length > 0);
            SessionState.AssertUnreadable(Session);
            return;
        }

        Assert.Equal(cost, result.Objective);
        Assert.True(Session.Certify());
        FlowSolution solution = Session.ToSolution();
        Assert.Equal(cost, solution.Objective);
        Assert.Empty(OptimalityCertificate.Check(Mirror.Spec.Build(), solution).Violations);
        Assert.Equal(solution.Flow.ToArray(), Enumerable.Range(0, Mirror.ArcCount).Select(Session.Flow));
        Assert.Equal(solution.Potentials.ToArray(), Enumerable.Range(0, Mirror.NodeCount).Select(Session.Potential));
    }

    private void TrySolve(int limit)
    {
        SessionResult result = Session.Solve(new FlowOptions { MaxPivots = limit });
        if (result.Status != FlowStatus.BudgetEnded) CheckResult();
        else SessionState.AssertUnreadable(Session);
    }

    private void Mark()
    {
        FlowMark mark = Session.Mark(_spare);
        _spare = null;
        _marks.Add((mark, Mirror.Clone(), SessionState.Of(Session, _solved)));
    }

    private void Undo(int depth)
    {
        if (_marks.Count == 0) return;
        int index = _marks.Count - 1 - (depth % _marks.Count);
        if (index + 1 < _marks.Count) _spare = _marks[^1].Mark;
        _marks.RemoveRange(index + 1, _marks.Count - index - 1);
        Session.Undo(_marks[index].Mark);
        Mirror = _marks[index].Mirror.Clone();
        _solved = _marks[index].State.Solved;
        Mirror.AssertHeldBy(Session);
        _marks[index].State.AssertEquals(SessionState.Of(Session, _solved));
    }

    // The session left behind must not notice what its fork does next; it is asked again at once, after a solve of the fork.
    private void Fork()
    {
        FlowSession left = Session;
        SessionState before = SessionState.Of(left, _solved);
        Session = left.Fork();
        before.AssertEquals(SessionState.Of(Session, _solved));
        ForgetMarks();
        SolveAndCheck();
        before.AssertEquals(SessionState.Of(left, before.Solved));
    }

    private void Reload()
    {
        if (Session.Result.Status != FlowStatus.Optimal) return;
        using var file = new MemoryStream();
        Session.SaveBasis().Write(file);
        file.Position = 0;
        Session = Open(Session.ToNetwork(), _wish, FlowBasis.Read(file));
        ForgetMarks();
        CheckResult();
    }

    private void ForgetMarks()
    {
        _marks.Clear();
        _spare = null;
    }
}
