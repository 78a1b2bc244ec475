namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Holds a hot path to allocating nothing.</summary>
internal static class Allocations
{
    /// <summary>Runs once to warm up and then measures; a collection in another test may count once, so that a few tries are had.</summary>
    /// <param name="run">Does the work so many times and gives how much was answered, which must be something.</param>
    /// <param name="rounds">How many times.</param>
    public static void AssertNone(Func<int, int> run, int rounds)
    {
        run(rounds);
        (int answered, long bytes) = Measure();
        for (int again = 0; again < 4 && bytes > 0; again++) (answered, bytes) = Measure();
        Assert.Equal(0, bytes);
        Assert.True(answered > 0);

        (int Answered, long Bytes) Measure()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int count = run(rounds);
            return (count, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }
}
