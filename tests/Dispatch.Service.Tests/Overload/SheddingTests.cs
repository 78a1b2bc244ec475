using Grpc.AspNetCore.Server;
using Grpc.Core;
using TrafficDispatch.Service.Overload;

namespace TrafficDispatch.Service.Tests.Overload;

public sealed class SheddingTests
{
    private const int Whole = 1 << 16;
    private static readonly TimeSpan Queue = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(250, 0.0)]
    [InlineData(625, 0.45)]
    [InlineData(1000, 0.9)]
    [InlineData(60_000, 0.9)]
    public void Heed_WaitThatLasts_ShedsAShareThatGrowsToNineTenths(int waitMs, double expected)
    {
        Shedding shedding = new(new());
        shedding.Heed(TimeSpan.FromMilliseconds(waitMs), TimeSpan.FromMilliseconds(waitMs));
        Assert.Equal(expected, shedding.Share / (double)Whole, 3);
    }

    [Theory]
    [InlineData(499, false)]
    [InlineData(600, true)]
    public void Heed_SingleWait_CountsLessByTheQueueTime(int waitMs, bool sheds)
    {
        Shedding shedding = new(new());
        shedding.Heed(TimeSpan.Zero, TimeSpan.FromMilliseconds(waitMs));
        Assert.Equal(sheds, shedding.Share > 0);
    }

    [Fact]
    public void Heed_WaitOver_ShedsNobodyAtOnce()
    {
        Shedding shedding = new(new());
        shedding.Heed(4 * Queue, 4 * Queue);
        shedding.Heed(4 * Queue, TimeSpan.Zero);
        Assert.Equal(0, shedding.Share);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6553)]
    [InlineData(29_491)]
    [InlineData(58_982)]
    public void Falls_AnyShare_IsExactlyThatPartOfTheCalls(int share)
    {
        Shedding shedding = new(new());
        // More calls than the sum of shares has room for, so that it wraps.
        int[] fallen = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, Whole).Count(_ => shedding.Falls(share)))];
        Assert.All(fallen, part => Assert.Equal(share, part));
    }

    [Fact]
    public void Judge_Overloaded_NeverShedsWhatTellsHealthAndAllThatCanWait()
    {
        Shedding shedding = new(new());
        Admission admission = new(shedding, isSurplus: false);
        shedding.Heed(2 * Queue, 2 * Queue);
        CallRefusal?[] vital = [.. Enumerable.Range(0, 100).Select(_ => admission.Judge(CallClass.Vital))];
        CallRefusal?[] usual = [.. Enumerable.Range(0, 100).Select(_ => admission.Judge())];
        CallRefusal?[] bulk = [.. Enumerable.Range(0, 100).Select(_ => admission.Judge(CallClass.Bulk))];
        Assert.All(vital, Assert.Null);
        Assert.InRange(usual.Count(static r => r is not null), 29, 31);
        Assert.All(bulk, static r => Assert.Equal(StatusCode.ResourceExhausted, r?.Status.StatusCode));
        Assert.Equal(usual.Count(static r => r is not null) + 100, shedding.Total);
    }

    [Fact]
    public void Judge_AnyCall_AllocatesNothing()
    {
        Shedding shedding = new(new());
        Admission admission = new(shedding, isSurplus: false);
        shedding.Heed(2 * Queue, 2 * Queue);
        Judge();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Judge();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Judge()
        {
            for (int i = 0; i < 2000; i++) admission.Judge();
        }
    }
}
