using System.Collections.Concurrent;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// One thread below serving in priority, for work that comes in one piece: on a thread of the pool it would run among the answers, and they
/// would wait for it. Work is done in the order in which it was given. Thread-safe.
/// </summary>
internal sealed class QuietThread : IDisposable
{
    private readonly BlockingCollection<Task> _work = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Thread _thread;
    private readonly ILogger<QuietThread> _logger;
    private bool _isDisposed;

    /// <summary>Starts the thread.</summary>
    public QuietThread(ILogger<QuietThread> logger)
    {
        _logger = logger;
        _thread = new Thread(Run) { Name = "quiet", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Has the thread do a piece of work.</summary>
    /// <returns>Ends when it is done, with what it throws; cancelled where the thread ends before.</returns>
    /// <exception cref="InvalidOperationException">The thread has ended.</exception>
    public Task RunAsync(Action work)
    {
        Task task = new(work, _ended.Token, TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(task, CancellationToken.None);
        return task;
    }

    /// <summary>Ends the thread after the work at hand; what waits is not begun.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        _ended.Cancel();
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
        _ended.Dispose();
    }

    private void Run()
    {
        if (!SolverPriority.Lower(out int error)) ShareLog.NormalPriority(_logger, error);
        foreach (Task task in _work.GetConsumingEnumerable())
        {
            if (!task.IsCompleted) task.RunSynchronously(TaskScheduler.Default);
        }
    }
}
