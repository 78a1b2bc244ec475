namespace TrafficDispatch.Flow;

/// <summary>Tries failures one by one, each from the same optimum: what they cost, what moves, what is left.</summary>
/// <remarks>
/// <para>Each thread works on a fork of the session and goes back to the optimum after each case, so an outcome depends on the
/// session and the case alone: not on the number of threads, nor on the order or the company of the cases.</para>
/// <para>Threads are the sweep's own, below normal priority, and end with it. Memory: a fork a thread (the rows' arcs are shared)
/// and the changes of all outcomes.</para>
/// </remarks>
public static class FlowSweep
{
    /// <summary>Runs all cases.</summary>
    /// <param name="session">A session whose last solve ended optimal and that was not edited since; it is not changed.</param>
    /// <param name="cases">The failures.</param>
    /// <param name="options">How to run; null for the defaults.</param>
    /// <param name="done">Told each outcome, as they come, one at a time on the sweep's threads; may be null.</param>
    /// <param name="cancellation">Ends the sweep. Cases that are not done then have no outcome.</param>
    /// <returns>The outcomes in the order of the cases; null for cases that were not reached before the cancellation.</returns>
    /// <exception cref="InvalidOperationException">The session's last solve did not end optimal, it was edited since, or an outcome failed its proof,
    /// which is a defect of the solver.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An arc is not there, or there is less than one thread.</exception>
    public static SweepOutcome?[] Run(
        FlowSession session, IReadOnlyList<SweepCase> cases, SweepOptions? options = null, Action<SweepOutcome>? done = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(cases);
        options ??= new SweepOptions();
        if (options.Threads < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "a sweep needs at least 1 thread");
        Check(session, cases, options);
        var run = new SweepRun(cases, options, done, cancellation);
        var threads = new Thread[Math.Max(1, Math.Min(options.Threads, cases.Count))];
        for (int t = 0; t < threads.Length; t++)
        {
            var worker = new SweepWorker(session.Fork(), options);
            threads[t] = new Thread(() => run.Work(worker)) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = $"flow sweep {t + 1}" };
        }

        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return run.Finish();
    }

    private static void Check(FlowSession session, IReadOnlyList<SweepCase> cases, SweepOptions options)
    {
        if (session.Result.Status != FlowStatus.Optimal)
            throw new InvalidOperationException($"A sweep starts from an optimum; the session's last solve ended {session.Result.Status}. Cause: {session.Result.Cause}");
        if (session.HasPendingEdits) throw new InvalidOperationException("A sweep starts from an optimum; solve the session's edits first.");
        foreach (int arc in cases.SelectMany(static c => c.ClosedArcs.Concat(c.Bounds.Select(static b => b.Arc))).Concat(options.WatchedArcs))
        {
            if (arc < 0 || arc >= session.ArcCount)
                throw new ArgumentOutOfRangeException(nameof(cases), arc, $"arcs are numbered from 0 to {session.ArcCount - 1}");
        }
    }

    /// <summary>Hands out cases and gathers outcomes.</summary>
    private sealed class SweepRun(
        IReadOnlyList<SweepCase> cases, SweepOptions options, Action<SweepOutcome>? done, CancellationToken cancellation)
    {
        private readonly SweepOutcome?[] _outcomes = new SweepOutcome?[cases.Count];
        private readonly Lock _gate = new();
        private Exception? _failure;
        private int _next = -1;

        public void Work(SweepWorker worker)
        {
            try
            {
                for (int i = Interlocked.Increment(ref _next); i < cases.Count && Volatile.Read(ref _failure) is null; i = Interlocked.Increment(ref _next))
                {
                    if (cancellation.IsCancellationRequested) return;
                    SweepOutcome outcome = worker.Try(i, cases[i], cancellation);
                    if (outcome.Status == FlowStatus.BudgetEnded && cancellation.IsCancellationRequested) return;
                    lock (_gate)
                    {
                        _outcomes[i] = outcome;
                        done?.Invoke(outcome);
                    }
                }
            }
#pragma warning disable CA1031 // whatever ends a thread is rethrown on the caller's
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }
        }

        public SweepOutcome?[] Finish()
        {
            if (_failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
            foreach (SweepOutcome? outcome in _outcomes)
            {
                if (options.Certify && outcome is { Status: FlowStatus.Optimal, Certified: false })
                    throw new InvalidOperationException($"The outcome of case {outcome.Name} could not be proven; this is a defect of the solver.");
            }

            return _outcomes;
        }
    }
}
