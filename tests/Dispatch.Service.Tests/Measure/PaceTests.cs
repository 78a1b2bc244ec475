using TrafficDispatch.Service.Measure;

namespace TrafficDispatch.Service.Tests.Measure;

public sealed class PaceTests
{
    private readonly ManualClock _clock = TestService.Morning();

    [Fact]
    public void Wait_BurstThenRate_HoldsBack()
    {
        Pace pace = new(10, _clock);
        for (int i = 0; i < 20; i++) Assert.True(pace.WaitAsync(default).IsCompletedSuccessfully, $"batch {i} had to wait");
        Task held = pace.WaitAsync(default);
        Assert.False(held.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(held.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(held.IsCompletedSuccessfully);
    }

    [Fact]
    public void Wait_ClockSetBack_StopsNobody()
    {
        ManualClock late = new(_clock.GetUtcNow() + TimeSpan.FromDays(1));
        SettableClock clock = new(late);
        Pace pace = new(10, clock);
        Assert.True(pace.WaitAsync(default).IsCompletedSuccessfully);
        clock.Inner = _clock;
        Assert.True(pace.WaitAsync(default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wait_CallEnds_EndsTheWait()
    {
        Pace pace = new(1, _clock);
        using CancellationTokenSource call = new();
        await pace.WaitAsync(call.Token);
        await pace.WaitAsync(call.Token);
        Task held = pace.WaitAsync(call.Token);
        await call.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
    }

    private sealed class SettableClock(TimeProvider inner) : TimeProvider
    {
        public TimeProvider Inner { get; set; } = inner;

        public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow();
    }
}
