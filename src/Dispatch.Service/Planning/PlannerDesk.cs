using System.Collections.Immutable;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.WhatIf.Files;

namespace TrafficDispatch.Service.Planning;

/// <summary>Has a question run on threads of its own and sends what comes of it. Thread-safe.</summary>
internal sealed class PlannerDesk(
    LastOptimum last, PlannerBaseline baseline, PlannerSettings settings, ServiceSettings service, TableHolder holder, PlannerTally tally, TimeProvider time, ILogger<PlannerDesk> logger)
{
    private long _runs;

    /// <summary>The facts that scenarios are held against.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: nothing is solved here.</exception>
    public SolvedFacts Facts() => last.Current ?? throw PlannerRefusal.NoOptimum(service.Role, holder, tally);

    /// <summary>Runs a question to its end; the thread has ended when this does.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cases">Its cases on the facts' world.</param>
    /// <param name="facts">What it is held against.</param>
    /// <param name="from">The caller's network.</param>
    /// <param name="stream">Where results go.</param>
    /// <exception cref="RpcException">As <c>planner.proto</c> says.</exception>
    public async Task RunAsync(WhatIfQuestion question, ImmutableArray<StudyCase> cases, SolvedFacts facts, string from, UpdateStream stream)
    {
        long number = Interlocked.Increment(ref _runs);
        int hour = question.Study.UtcHour ?? facts.Assignment.Snapshot.UtcHour;
        PlannerLog.Begins(logger, number, from, cases.Length, facts.Version, hour);
        WhatIfOutbox outbox = new();
        RunSteps steps = new(outbox, time);
        RunEnd end = RunEnd.Failed;
        using CancellationTokenSource limit = new(settings.TimeLimit, time);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stream.Gone);
        WhatIfRun run = new(question, cases, facts, baseline, PlannerThreads.Of(settings), tally, outbox, steps);
        Task<ImmutableArray<string>> work = PlannerThreads.RunAsync(() => Run(run, outbox, over.Token), logger);
        try
        {
            await foreach (WhatIfUpdate update in outbox.ReadAsync(CancellationToken.None)) await stream.SendAsync(update);
            end = await EndAsync(work, steps, stream);
        }
        catch (Exception e) when (stream.Why is { } gone)
        {
            end = gone;
            throw stream.Ending(gone, e);
        }
        catch (RpcException e)
        {
            end = e.StatusCode == StatusCode.DeadlineExceeded ? RunEnd.TimeLimit : RunEnd.Faulty;
            throw;
        }
        catch (OperationCanceledException)
        {
            // A stream may be found reset before its token says so.
            end = RunEnd.Cancelled;
            throw;
        }
        catch (Exception e)
        {
            PlannerLog.Broke(logger, e, number);
            throw new RpcException(new Grpc.Core.Status(StatusCode.Internal, FormattableString.Invariant($"The run broke; the service's log says why (event 2803, run {number}).")));
        }
        finally
        {
            await over.CancelAsync();
            // Its place in the line is free once its thread is.
            await work.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            tally.Ended(end, steps.Elapsed);
            double took = steps.Elapsed.TotalMilliseconds;
            PlannerLog.Ended(logger, number, end, took, steps.Done, steps.Of);
        }
    }

    private static ImmutableArray<string> Run(WhatIfRun run, WhatIfOutbox outbox, CancellationToken over)
    {
        try
        {
            return run.Run(over);
        }
        finally
        {
            outbox.Close();
        }
    }

    private async Task<RunEnd> EndAsync(Task<ImmutableArray<string>> work, RunSteps steps, UpdateStream stream)
    {
        try
        {
            ImmutableArray<string> faults = await work;
            if (!faults.IsEmpty) throw PlannerRefusal.Faulty(faults);
            await stream.SendAsync(new() { Done = steps.End(WhatIfEnd.Complete) });
            return RunEnd.Complete;
        }
        catch (OperationCanceledException) when (stream.Why is null)
        {
            await stream.SendAsync(new() { Done = steps.End(WhatIfEnd.TimeLimit) });
            throw new RpcException(new Grpc.Core.Status(StatusCode.DeadlineExceeded,
                FormattableString.Invariant($"The time limit of {settings.TimeLimit:c} (Planner:TimeLimit) is over: {steps.Done} of {steps.Of} steps are done.")));
        }
    }
}
