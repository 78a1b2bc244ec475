using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Tests that measure bytes run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "Allocations";
}

/// <summary>Once warm, a re-solve makes no garbage, but for the few that rebuild the kernel's arrays. Each test goes its way twice: the
/// first time what grows grows.</summary>
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
        Meter.AssertNothing(arcs.Length, meter =>
        {
            for (int i = 0; i < arcs.Length; i++)
            {
                session.SetUpper(arcs[i], 0);
                meter.Solve(session);
                session.SetUpper(arcs[i], capacities[i]);
                meter.Solve(session);
                Assert.Equal(before, session.Result.Objective);
            }
        });
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Solve_DemandFallingAndComingBack_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        int sink = Size.Groups + Size.Edges;
        Meter.AssertNothing(100, meter =>
        {
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
        });
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Undo_ToAReusedMark_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        FlowMark mark = session.Mark();
        Int128 before = session.Result.Objective;
        int[] arcs = EdgeArcs(session);
        Meter.AssertNothing(Size.Edges / 2, meter =>
        {
            foreach (int arc in arcs)
            {
                meter.Start();
                mark = session.Mark(mark);
                session.SetUpper(arc, 0);
                SessionResult result = session.Solve();
                session.Undo(mark);
                meter.Stop(result);
                Assert.Equal(before, session.Result.Objective);
            }
        });
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Certify_AfterAResolve_AllocatesNothing(SyntheticShape shape)
    {
        FlowSession session = FlowSession.Open(SyntheticNetwork.Create(Size, shape));
        FlowMark mark = session.Mark();
        int[] arcs = EdgeArcs(session);
        Meter.AssertNothing(Size.Edges / 2, meter =>
        {
            foreach (int arc in arcs)
            {
                session.SetUpper(arc, 0);
                meter.Start();
                SessionResult result = session.Solve();
                bool right = session.Certify();
                meter.Stop(result);
                Assert.True(right);
                session.Undo(mark);
            }
        });
    }

    private static int[] EdgeArcs(FlowSession session)
    {
        FlowNetwork network = session.ToNetwork();
        return [.. Enumerable.Range(0, network.ArcCount)
            .Where(e => network.Tails[e] >= Size.Groups && network.Tails[e] < Size.Groups + Size.Edges && session.Flow(e) > 0)];
    }

    /// <summary>Counts the bytes of solves; those that rebuild do not count.</summary>
    private sealed class Meter
    {
        private long _start, _bytes, _pivots;
        private int _rebuilt, _counted;

        public static void AssertNothing(int least, Action<Meter> way)
        {
            way(new Meter());
            Meter meter = Run(way);
            for (int again = 0; again < 4 && meter._bytes > 0; again++) meter = Run(way);
            Assert.Equal(0, meter._bytes);
            Assert.True(meter._counted >= least && meter._pivots > least && meter._rebuilt <= meter._counted / 10, $"{meter._counted} solves, {meter._pivots} pivots, {meter._rebuilt} rebuilt");
        }

        // A collection closes the thread's allocation buffer, whose rest then counts as allocated. That may happen in a run; what the
        // code allocates happens in all.
        private static Meter Run(Action<Meter> way)
        {
            var meter = new Meter();
            way(meter);
            return meter;
        }

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
            else (_bytes, _counted, _pivots) = (_bytes + bytes, _counted + 1, _pivots + result.Pivots);
        }
    }
}
