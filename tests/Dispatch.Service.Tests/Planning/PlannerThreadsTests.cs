using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Service.Planning;
using TrafficDispatch.Service.Publish;

namespace TrafficDispatch.Service.Tests.Planning;

public sealed class PlannerThreadsTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(1000, 1)]
    [InlineData(1000, 4)]
    public void ForEach_AnyNumber_DoesEachOnceOnThreadsThatAreNotThePools(int count, int threads)
    {
        int[] done = new int[count];
        int strangers = 0;
        Thread caller = Thread.CurrentThread;
        PlannerThreads.ForEach(count, threads, i =>
        {
            Interlocked.Increment(ref done[i]);
            if (Thread.CurrentThread != caller && Thread.CurrentThread.Name != PlannerThreads.Name) Interlocked.Increment(ref strangers);
        });
        Assert.All(done, static d => Assert.Equal(1, d));
        Assert.Equal(0, strangers);
    }

    [Fact]
    public void ForEach_OneThrows_OthersEndAndItIsThrown()
    {
        int begun = 0;
        Assert.Throws<InvalidOperationException>(() => PlannerThreads.ForEach(1_000_000, 3, i =>
        {
            Interlocked.Increment(ref begun);
            if (i == 10) throw new InvalidOperationException("ten");
        }));
        Assert.True(begun < 1_000_000);
    }

    /// <summary>Below what makes tables; threads that a run makes are as low as it is.</summary>
    [Fact]
    public async Task RunAsync_OnLinux_IsBelowTheSolveAndSoIsWhatItStarts()
    {
        (int own, int child) = await PlannerThreads.RunAsync(static () =>
        {
            int started = -100;
            Thread thread = new(() => started = Niceness());
            thread.Start();
            thread.Join();
            return (Niceness(), started);
        }, NullLogger.Instance);
        if (!OperatingSystem.IsLinux()) return;
        Assert.Equal((SolverPriority.Plans, SolverPriority.Plans), (own, child));
        Assert.True(SolverPriority.Plans > SolverPriority.Solves);
    }

    // Field 19 of the thread's stat; its name, field 2, is in parentheses and may hold blanks.
    private static int Niceness()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
