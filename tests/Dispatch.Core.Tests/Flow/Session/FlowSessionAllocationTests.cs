using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Tests that measure bytes run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "Allocations";
}

/// <summary>Once warm, a re-solve makes no garbage.</summary>
[Collection(AllocationCollection.Name)]
public sealed class FlowSessionAllocationTests
{
    private static readonly SyntheticSize Size = SyntheticSize.Named("S")!;

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Solve_EdgeFailingAndComingBack_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        Int128 before = session.Result.Objective;
        Assert.True(AllocatesNothing(() => FailAndRestore(session)) > 0);
        Assert.Equal(before, session.Result.Objective);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Solve_DemandMovedAndBack_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        int sink = Size.Groups + Size.Edges;
        Assert.True(AllocatesNothing(() =>
        {
            long pivots = 0;
            for (int group = 0; group < 60; group++) pivots += Demand(session, group, sink, 40).Pivots + Demand(session, group, sink, -40).Pivots;
            return pivots;
        }) > 0);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Undo_ToAReusedMark_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        FlowMark mark = session.Mark();
        Int128 before = session.Result.Objective;
        Assert.True(AllocatesNothing(() =>
        {
            long pivots = 0;
            foreach (int arc in EdgeArcs(session, 20))
            {
                mark = session.Mark(mark);
                session.SetUpper(arc, 0);
                pivots += session.Solve().Pivots;
                session.Undo(mark);
            }

            return pivots;
        }) > 0);
        Assert.Equal(before, session.Result.Objective);
    }

    [Fact]
    public void Certify_AfterAResolve_AllocatesNothing()
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, SyntheticShape.Layered));
        int arc = EdgeArcs(session, 1)[0];
        long capacity = session.ArcTerms(arc).Upper;
        Assert.True(AllocatesNothing(() =>
        {
            session.SetUpper(arc, 0);
            long right = session.Solve().Status == FlowStatus.Optimal && session.Certify() ? 1 : 0;
            session.SetUpper(arc, capacity);
            session.Solve();
            return right;
        }) > 0);
    }

    // The first rounds grow what grows and let the compiler finish; then not a byte.
    private static long AllocatesNothing(Func<long> round)
    {
        for (int i = 0; i < 3; i++) round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long answer = round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        return answer;
    }

    private static long FailAndRestore(FlowSession session)
    {
        long pivots = 0;
        int first = Size.Groups * (Size.Candidates + 1);
        for (int arc = first; arc < session.ArcCount && arc < first + Size.Edges; arc++)
        {
            long capacity = session.ArcTerms(arc).Upper;
            session.SetUpper(arc, 0);
            pivots += session.Solve().Pivots;
            session.SetUpper(arc, capacity);
            pivots += session.Solve().Pivots;
        }

        return pivots;
    }

    private static SessionResult Demand(FlowSession session, int group, int sink, long change)
    {
        session.SetSupply(group, session.Supply(group) + change);
        session.SetSupply(sink, session.Supply(sink) - change);
        return session.Solve();
    }

    private static int[] EdgeArcs(FlowSession session, int count)
    {
        FlowNetwork network = session.ToNetwork();
        return [.. Enumerable.Range(0, network.ArcCount)
            .Where(e => network.Tails[e] >= Size.Groups && network.Tails[e] < Size.Groups + Size.Edges && session.Flow(e) > 0).Take(count)];
    }
}
