using System.Runtime.ExceptionServices;

namespace TrafficDispatch.Solve.Columns;

/// <summary>Does the same for many ranges of groups, on threads of its own: a solve never takes those that serve.</summary>
internal static class GroupThreads
{
    private const int MostThreads = 4;
    private const int RangesWorthAThread = 4;

    /// <summary>Runs a piece of work for each number below a count, each once, in any order.</summary>
    /// <param name="count">How many.</param>
    /// <param name="worker">Makes a worker for one thread, with whatever it needs for itself.</param>
    /// <exception cref="Exception">What a worker threw first; the others end early.</exception>
    public static void ForEach(int count, Func<Action<int>> worker)
    {
        int next = -1;
        ExceptionDispatchInfo? fault = null;
        void Work()
        {
            try
            {
                Action<int> mine = worker();
                for (int i = Interlocked.Increment(ref next); i < count && Volatile.Read(ref fault) is null; i = Interlocked.Increment(ref next)) mine(i);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
            }
        }
        int threads = Math.Clamp(count / RangesWorthAThread, 1, Math.Min(MostThreads, Environment.ProcessorCount));
        Thread[] others = [.. Enumerable.Range(2, threads - 1).Select(n => new Thread(Work) { IsBackground = true, Priority = Thread.CurrentThread.Priority, Name = $"candidates {n}" })];
        foreach (Thread other in others) other.Start();
        Work();
        foreach (Thread other in others) other.Join();
        fault?.Throw();
    }
}
