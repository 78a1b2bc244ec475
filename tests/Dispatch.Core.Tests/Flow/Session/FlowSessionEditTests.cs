using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>What edits accept and refuse, and when they count, on two arcs side by side: cost 1 up to 4, cost 3 up to 9, 6 units.</summary>
public sealed class FlowSessionEditTests
{
    private readonly FlowSession _session = FlowSession.Open(new NetworkSpec([6, -6], [new(0, 1, 0, 4, 1), new(0, 1, 0, 9, 3)]).Build());

    [Fact]
    public void Edit_WithoutSolve_LeavesTheLastOptimumReadable()
    {
        _session.SetUpper(0, 1);
        _session.SetCost(1, 7);
        _session.SetSupply(0, 5);
        _session.SetSupply(1, -5);
        Assert.Equal((10, 4L, 2L), ((int)_session.Result.Objective, _session.Flow(0), _session.Flow(1)));
        Assert.Equal([4L, 2L], _session.ToSolution().Flow.ToArray());
        Assert.False(_session.Certify());
        Assert.Equal(29, _session.Solve().Objective);
        Assert.True(_session.Certify());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void Edit_ArcOrNodeThatIsNotThere_Throws(int index)
    {
        foreach (Action edit in (Action[])[
            () => _session.SetUpper(index, 1), () => _session.SetLower(index, 0), () => _session.SetBounds(index, 0, 1), () => _session.SetCost(index, 1),
            () => _session.RemoveArc(index), () => _session.SetSupply(index, 1), () => _session.RemoveNode(index), () => _session.AddArc(index, 0, 0, 1, 1),
            () => _session.AddArc(0, index, 0, 1, 1), () => _session.ArcTerms(index), () => _session.Supply(index), () => _session.Flow(index), () => _session.Potential(index)])
            Assert.Throws<ArgumentOutOfRangeException>(edit);
        AssertUntouched();
    }

    [Fact]
    public void Edit_BoundsThatCross_Throws()
    {
        foreach (Action edit in (Action[])[
            () => _session.SetUpper(0, -1), () => _session.SetLower(0, 5), () => _session.SetBounds(0, 3, 2), () => _session.AddArc(0, 1, 3, 2, 0),
            () => _session.SetLower(0, FlowNetwork.Unlimited), () => _session.SetBounds(0, FlowNetwork.Unlimited, FlowNetwork.Unlimited)])
            Assert.Throws<ArgumentOutOfRangeException>(edit);
        AssertUntouched();
    }

    [Fact]
    public void Undo_MarkOfAnotherSession_Throws()
    {
        FlowSession other = _session.Fork();
        Assert.Throws<ArgumentException>(() => _session.Undo(other.Mark()));
        Assert.Throws<ArgumentException>(() => _session.Mark(other.Mark()));
        AssertUntouched();
    }

    [Fact]
    public void Solve_NothingEdited_TakesNoPivot() => Assert.Equal((0L, false, 10), (_session.Solve().Pivots, _session.Result.Rebuilt, (int)_session.Result.Objective));

    [Fact]
    public void Solve_NegativeCycleWithoutBound_IsUnboundedUntilItIsTakenBack()
    {
        FlowMark mark = _session.Mark();
        int back = _session.AddArc(1, 0, 0, FlowNetwork.Unlimited, -5);
        _session.SetUpper(1, FlowNetwork.Unlimited);
        Assert.Equal(FlowStatus.Unbounded, _session.Solve().Status);
        SessionState.AssertUnreadable(_session);
        Assert.True(_session.Result.Cause.Length > 0 && _session.Result.Remedy.Length > 0);
        _session.SetUpper(back, 3);
        Assert.Equal((FlowStatus.Optimal, 4), (_session.Solve().Status, (int)_session.Result.Objective));
        _session.Undo(mark);
        AssertUntouched();
        Assert.Equal(10, _session.Solve().Objective);
    }

    [Fact]
    public void RemoveNode_WithItsSupply_LeavesTheRestSolvable()
    {
        int node = _session.AddNode(2);
        int arc = _session.AddArc(node, 1, 0, FlowNetwork.Unlimited, 4);
        _session.SetSupply(1, -8);
        Assert.Equal((18, 2L), ((int)_session.Solve().Objective, _session.Flow(arc)));
        _session.RemoveNode(node);
        Assert.Equal(FlowStatus.Infeasible, _session.Solve().Status);
        _session.SetSupply(1, -6);
        Assert.Equal((10, 0L, 3), ((int)_session.Solve().Objective, _session.Flow(arc), _session.ArcCount));
        Assert.Equal((0L, 0L, 4L), _session.ArcTerms(arc));
    }

    [Fact]
    public void Solve_ThousandsOfEditsAtOnce_MatchesAColdSolve()
    {
        NetworkSpec spec = new([.. Enumerable.Range(0, 300).Select(_ => 10L), .. new long[20], -3000], [
            .. Enumerable.Range(0, 6000).Select(k => new ArcSpec(k % 300, 300 + (k / 300), 0, FlowNetwork.Unlimited, k * 7919 % 101)),
            .. Enumerable.Range(0, 20).Select(v => new ArcSpec(300 + v, 320, 0, 200, v)),
            .. Enumerable.Range(0, 300).Select(g => new ArcSpec(g, 320, 0, FlowNetwork.Unlimited, 500))]);
        FlowSession session = FlowSession.Open(spec.Build());
        for (int e = 0; e < 6020; e++)
        {
            session.SetCost(e, e * 104_729 % 97);
            if (e % 5 == 0) session.SetUpper(e, e % 200);
        }

        SessionResult result = session.Solve();
        Assert.Equal(FlowSolver.Solve(session.ToNetwork()).Objective, result.Objective);
        Assert.True(session.Certify());
    }

    private void AssertUntouched()
    {
        Assert.Equal((2, 2, 10), (_session.NodeCount, _session.ArcCount, (int)_session.Result.Objective));
        Assert.Equal(((0L, 4L, 1L), (0L, 9L, 3L), 6L, -6L), (_session.ArcTerms(0), _session.ArcTerms(1), _session.Supply(0), _session.Supply(1)));
        Assert.Equal((4L, 2L), (_session.Flow(0), _session.Flow(1)));
    }
}
