namespace TrafficDispatch.Rpc.Tests;

/// <summary>Waits for what another thread will do soon, with an upper bound that only a defect reaches.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"Waited in vain: {what}.");
            await Task.Yield();
        }
    }

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task InTime(this Task task) => task.WaitAsync(Patience);
}
