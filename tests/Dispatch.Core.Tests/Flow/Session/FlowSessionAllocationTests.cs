using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Tests that measure bytes run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "Allocations";
}

/// <summary>Once warm, a re-solve makes no garbage, but for the few that rebuild the kernel's arrays.</summary>
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
        int[] arcs = EdgeArcs(session);
        long[] capacities = [.. arcs.Select(e => session.ArcTerms(e).Upper)];
        var meter = new Meter();
        for (int i = 0; i < arcs.Length; i++)
        {
            session.SetUpper(arcs[i], 0);
            meter.Solve(session);
            session.SetUpper(arcs[i], capacities[i]);
            meter.Solve(session);
            Assert.Equal(before, session.Result.Objective);
        }

        meter.AssertNothing(arcs.Length);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Solve_DemandFallingAndComingBack_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        int sink = Size.Groups + Size.Edges;
        var meter = new Meter();
        for (int group = 0; group < 100; group++)
        {
            long change = session.Supply(group) / 2;
            foreach (long step in (ReadOnlySpan<long>)[-change, change])
            {
                session.SetSupply(group, session.Supply(group) + step);
                session.SetSupply(sink, session.Supply(sink) - step);
                meter.Solve(session);
            }
        }

        meter.AssertNothing(100);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Undo_ToAReusedMark_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        FlowMark mark = session.Mark();
        Int128 before = session.Result.Objective;
        var meter = new Meter();
        foreach (int arc in EdgeArcs(session))
        {
            meter.Start();
            mark = session.Mark(mark);
            session.SetUpper(arc, 0);
            SessionResult result = session.Solve();
            session.Undo(mark);
            meter.Stop(result);
            Assert.Equal(before, session.Result.Objective);
        }

        meter.AssertNothing(Size.Edges / 2);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Certify_AfterAResolve_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        FlowMark mark = session.Mark();
        var meter = new Meter();
        foreach (int arc in EdgeArcs(session))
        {
            session.SetUpper(arc, 0);
            meter.Start();
            SessionResult result = session.Solve();
            bool right = session.Certify();
            meter.Stop(result);
            Assert.True(right);
            session.Undo(mark);
        }

        meter.AssertNothing(Size.Edges / 2);
    }

    private static int[] EdgeArcs(FlowSession session)
    {
        FlowNetwork network = session.ToNetwork();
        return [.. Enumerable.Range(0, network.ArcCount)
            .Where(e => network.Tails[e] >= Size.Groups && network.Tails[e] < Size.Groups + Size.Edges && session.Flow(e) > 0)];
    }

    /// <summary>Counts the bytes of solves. The first ten, which grow what grows, do not count, nor those that rebuild and the one after.</summary>
    private sealed class Meter
    {
        private const int Warming = 10;
        private long _start, _bytes, _pivots;
        private int _solves, _rebuilt, _counted;
        private bool _wasRebuilt;

        public void Solve(FlowSession session)
        {
            Start();
            SessionResult result = session.Solve();
            Stop(result);
        }

        public void Start() => _start = GC.GetAllocatedBytesForCurrentThread();

        public void Stop(SessionResult result)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread() - _start;
            if (result.Rebuilt) _rebuilt++;
            else if (!_wasRebuilt && ++_solves > Warming) (_bytes, _counted, _pivots) = (_bytes + bytes, _counted + 1, _pivots + result.Pivots);
            _wasRebuilt = result.Rebuilt;
        }

        public void AssertNothing(int least)
        {
            Assert.Equal(0, _bytes);
            Assert.True(_counted >= least && _pivots > least && _rebuilt <= _counted / 10, $"{_counted} solves with {_pivots} pivots, {_rebuilt} rebuilt");
        }
    }
}
