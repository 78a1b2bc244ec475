using System.Runtime.ExceptionServices;
using TrafficDispatch.Service.Publish;

namespace TrafficDispatch.Service.Planning;

/// <summary>Threads for what only planners wait for: below those that serve and those that make tables, and never of the pool.</summary>
internal static class PlannerThreads
{
    /// <summary>What the threads are called.</summary>
    public const string Name = "what-if";

    /// <summary>How many a run may keep busy: half of the processors, over all runs, and at least one.</summary>
    public static int Of(PlannerSettings settings) => Math.Max(1, Environment.ProcessorCount / 2 / Math.Max(1, settings.Runs));

    /// <summary>Does a piece of work on a thread of its own, which ends with it. Threads that the work makes are as low on Linux: they inherit it.</summary>
    /// <returns>Ends with the work, with what it returns or throws.</returns>
    public static Task<T> RunAsync<T>(Func<T> work, ILogger logger)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            if (!SolverPriority.Lower(out int error, SolverPriority.Plans)) PlannerLog.NormalPriority(logger, error);
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                // Whoever waits for it tells it.
                done.SetException(e);
            }
        })
        { Name = Name, IsBackground = true };
        thread.Start();
        return done.Task;
    }

    /// <summary>Runs a piece of work for each number below a count, each once, on the calling thread and others like it.</summary>
    /// <exception cref="Exception">What was thrown first; the others end early.</exception>
    public static void ForEach(int count, int threads, Action<int> work)
    {
        int next = -1;
        ExceptionDispatchInfo? fault = null;
        Thread[] others = [.. Enumerable.Range(1, Math.Min(threads, count) is > 1 and var most ? most - 1 : 0).Select(_ => new Thread(Work) { Name = Name, IsBackground = true, Priority = Thread.CurrentThread.Priority })];
        foreach (Thread other in others) other.Start();
        Work();
        foreach (Thread other in others) other.Join();
        fault?.Throw();

        void Work()
        {
            try
            {
                for (int i = Interlocked.Increment(ref next); i < count && Volatile.Read(ref fault) is null; i = Interlocked.Increment(ref next)) work(i);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
