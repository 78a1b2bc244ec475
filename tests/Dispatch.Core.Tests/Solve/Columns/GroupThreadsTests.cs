using TrafficDispatch.Solve.Columns;

namespace TrafficDispatch.Core.Tests.Solve.Columns;

public sealed class GroupThreadsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void ForEach_AnyCount_DoesEachOnce(int count)
    {
        int[] done = new int[count];
        GroupThreads.ForEach(count, () => i => Interlocked.Increment(ref done[i]));
        Assert.All(done, static times => Assert.Equal(1, times));
    }

    [Fact]
    public void ForEach_WorkerThrows_ThrowsTheSameAndEnds() =>
        Assert.Throws<OverflowException>(() => GroupThreads.ForEach(100, () => static i =>
        {
            if (i == 37) throw new OverflowException();
        }));

    [Fact]
    public void ForEach_WorkerCannotBeMade_Throws() =>
        Assert.Throws<InvalidOperationException>(() => GroupThreads.ForEach(100, static () => throw new InvalidOperationException()));
}
