using TrafficDispatch.Service.Overload;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>The probe with a queue that the test runs, under a clock that the test moves.</summary>
public sealed class QueueProbeTests
{
    private readonly ManualClock _clock = TestService.Morning();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly Shedding _shedding = new(new());

    [Fact]
    public void Look_WorkRunsAtOnce_MeasuresThatWait()
    {
        using QueueProbe probe = Probe();
        LookAndRun(probe, after: 3);
        Assert.Equal(TimeSpan.FromMilliseconds(3), probe.Delay);
        Assert.Equal(0, _shedding.Share);
    }

    [Fact]
    public void Look_WorkWaitsStill_KnowsOfTheWaitWhileItLasts()
    {
        using QueueProbe probe = Probe();
        probe.Look();
        _clock.Advance(TimeSpan.FromSeconds(2));
        probe.Look();
        Assert.Equal(TimeSpan.FromSeconds(2), probe.Delay);
        Assert.True(_shedding.Share > 0);
        Assert.Single(_queue);
    }

    [Fact]
    public void Look_OnePause_ShedsNobody()
    {
        using QueueProbe probe = Probe();
        LookAndRun(probe, after: 1);
        LookAndRun(probe, after: 400);
        Assert.Equal(0, _shedding.Share);
    }

    [Fact]
    public void Look_WaitsOneAfterTheOther_ShedUntilTheyEnd()
    {
        using QueueProbe probe = Probe();
        LookAndRun(probe, after: 400);
        LookAndRun(probe, after: 400);
        Assert.True(_shedding.Share > 0);
        LookAndRun(probe, after: 1);
        Assert.Equal(0, _shedding.Share);
    }

    private QueueProbe Probe() => new(_shedding, _queue.Enqueue, _clock);

    private void LookAndRun(QueueProbe probe, int after)
    {
        probe.Look();
        _clock.Advance(TimeSpan.FromMilliseconds(after));
        _queue.Dequeue().Execute();
    }
}
