using System.Collections.Immutable;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.WhatIf.Files;

namespace TrafficDispatch.Service.Planning;

/// <summary><c>dispatch.v1.Planner</c>. One instance serves all calls.</summary>
internal sealed class PlannerService(
    PlannerDesk desk, RunLine line, PlannerSettings settings, PlannerTally tally, IHostApplicationLifetime life, TimeProvider time, ILogger<PlannerDesk> logger)
    : Planner.PlannerBase, IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    /// <inheritdoc/>
    public override async Task WhatIf(WhatIfRequest request, IServerStreamWriter<WhatIfUpdate> responseStream, ServerCallContext context)
    {
        // What can be said at once is not waited for.
        WhatIfQuestion question = await ReadAsync(request, context.CancellationToken);
        if (!line.TryJoin(out RunTicket? ticket)) throw PlannerRefusal.LineFull(settings, tally);
        using UpdateStream stream = new(responseStream, settings, time, context.CancellationToken, life.ApplicationStopping);
        try
        {
            await WaitAsync(ticket, stream);
            SolvedFacts facts = desk.Facts();
            await desk.RunAsync(question, CasesOf(question, facts), facts, context.Caller().From, stream);
        }
        finally
        {
            line.Leave(ticket);
        }
    }

    // A scenario may be a megabyte and many come at once: one at a time is read, on a thread as low as that of a run.
    private async Task<WhatIfQuestion> ReadAsync(WhatIfRequest request, CancellationToken caller)
    {
        await _reading.WaitAsync(caller);
        try
        {
            return await PlannerThreads.RunAsync(() => Read(request), logger);
        }
        finally
        {
            _reading.Release();
        }
    }

    private WhatIfQuestion Read(WhatIfRequest request)
    {
        (WhatIfQuestion? question, ImmutableArray<string> faults) = QuestionReader.Read(request);
        if (question is null) throw PlannerRefusal.Faulty(faults, tally);
        CasesOf(question, desk.Facts());
        return question;
    }

    private ImmutableArray<StudyCase> CasesOf(WhatIfQuestion question, SolvedFacts facts)
    {
        (ImmutableArray<StudyCase> cases, ImmutableArray<StudyFault> faults) = question.Study.Cases(facts.Assignment.Snapshot.World);
        if (!faults.IsEmpty) throw PlannerRefusal.Faulty([.. faults.Select(QuestionReader.Told)], tally);
        if (cases.Length > settings.MaxCases) throw PlannerRefusal.Faulty([FormattableString.Invariant($"it asks for {cases.Length} cases; at most {settings.MaxCases} are tried here (Planner:MaxCases)")], tally);
        World world = facts.Assignment.Snapshot.World;
        if (question.Capacity?.At.Where(t => !world.Edges.Any(t.Covers)).ToImmutableArray() is { Length: > 0 } unknown)
            throw PlannerRefusal.Faulty([.. unknown.Select(static t => $"capacity.at: is '{t}'; the world holds no such edge, operator, domain or site")], tally);
        return cases;
    }

    private async Task WaitAsync(RunTicket ticket, UpdateStream stream)
    {
        while (true)
        {
            Task moved = ticket.Moved;
            if (ticket.Place is not (> 0 and var place)) return;
            await stream.SendAsync(new() { Queued = new() { Place = (uint)place, Running = (uint)line.Running } });
            await stream.OrGone(moved);
        }
    }
}
