using System.Diagnostics;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tracing;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// One cycle from facts to the table in force: read, solve, build, check, publish under the lease, swap; then failovers for what is in force. Whatever
/// fails, the last good table stays. Used by one thread at a time.
/// </summary>
internal sealed class Publisher(
    SolveSettings settings, WorldSource source, TableRegister register, TableHolder holder, SolveRules rules, BillingLedger billing,
    FailoverStage failovers, SampleFolder samples, TableGuard guard, SolveKeeper solves, LastOptimum last, ILeadership leadership, DispatchMeter meter, DispatchTraces traces,
    TimeProvider time, ILogger<Publisher> logger)
{
    // What the last cycle put in force or confirmed; null after a cycle that could not.
    private PlannedTable? _planned;
    private bool _remembers;
    private CycleOutcome _outcome = new(CycleResult.Failed, "");
    private ActivityContext _cycle;

    /// <summary>Puts the newest whole table on disk in force, before any solve.</summary>
    /// <returns>True where there is one.</returns>
    public bool Restore() => register.Restore();

    /// <summary>Reads the world where it changed; faults are logged and counted.</summary>
    /// <param name="fault">Why the last good world stays; empty where there is nothing to complain about.</param>
    /// <returns>The world to solve; null where there never was one.</returns>
    public LoadedWorld? ReadWorld(out string fault)
    {
        using Activity? span = traces.Begin("read facts");
        WorldReading reading = source.Read();
        span?.SetTag(SpanTags.World, reading.World?.World.Version).SetTag("dispatch.world.faults", reading.Faults.Length);
        fault = "";
        foreach (string warning in reading.Warnings) PublishLog.WorldWarning(logger, warning);
        if (reading.Faults.Length > 0)
        {
            foreach (string line in reading.Faults) PublishLog.WorldFault(logger, line);
            PublishLog.WorldKept(logger, reading.Faults.Length, reading.World?.World.Version ?? "(none)");
            fault = $"The world was refused: {reading.Faults[0]}" + (reading.Faults.Length > 1 ? " (and more, see the log)" : "");
            holder.Note(holder.Record with { WorldFailures = holder.Record.WorldFailures + 1, LastError = fault });
        }
        if (reading is { Changed: true, World: { } loaded }) LogWorld(loaded);
        return reading.World;
    }

    /// <summary>Runs a cycle where this process leads. Never throws but for a cancelled <paramref name="stop"/>.</summary>
    /// <param name="stop">The process ends.</param>
    /// <param name="permit">What a person lets through; null for nothing.</param>
    /// <returns>What came of it.</returns>
    public CycleOutcome RunCycle(CancellationToken stop, ForcePermit? permit = null)
    {
        _planned = null;
        _outcome = new(CycleResult.Failed, "The cycle was cut off: the term ended.");
        guard.Permit = permit;
        using Activity? cycle = traces.Begin("cycle", default);
        _cycle = cycle?.Context ?? default;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop, leadership.TermEnds);
        try
        {
            if (!register.TryLead(out bool isNewTerm, out string fault))
            {
                if (fault.Length > 0) Fail(fault, "");
                else _outcome = new(CycleResult.Elsewhere, "Another process leads.");
                return _outcome;
            }
            // Another may have led since: its plan is in force, and its book goes on.
            if (isNewTerm) Forget();
            if (ReadWorld(out string worldFault) is not { } loaded) Fail("There is no world to solve.", worldFault);
            else Solve(loaded, worldFault, end.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            ShareLog.CycleEnded(logger);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            PublishLog.Unexpected(logger, e, register.Kept);
            _outcome = new(CycleResult.Failed, e.Message);
            Note(failed: true, $"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            guard.Permit = null;
            cycle.Tell(_outcome, holder.Current);
        }
        return _outcome;
    }

    /// <summary>Makes failovers for what the cycle put in force. Never throws.</summary>
    /// <param name="due">Cancelled when the next cycle is due or the process stops; then the plan stays without new failovers.</param>
    public void RunFailures(CancellationToken due)
    {
        if (_planned is not { } planned) return;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(due, leadership.TermEnds);
        using Activity? span = traces.Begin("failovers", _cycle);
        failovers.Run(planned, end.Token);
        span.Tell(holder.Current);
    }

    /// <summary>Takes the plan in force from the table again: another process, or a person, has put it there.</summary>
    public void Forget()
    {
        _remembers = false;
        billing.Forget();
        guard.Recall(solves.Load());
    }

    private void Solve(LoadedWorld loaded, string worldFault, CancellationToken stop)
    {
        World present = Outages.In(loaded.World, holder);
        Snapshot snapshot = samples.Measured(new(present, settings.UtcHour ?? time.GetUtcNow().Hour));
        if (!TryRemember(snapshot, out string bookFault))
        {
            Fail(bookFault, worldFault);
            return;
        }
        billing.Advance(loaded.World);
        // The clock says whether its time is over, also where nobody has looked since.
        if (holder.Freeze is { } freeze && freeze.HoldsAt(time.GetUtcNow()))
        {
            // The book goes on, for the plan in force does. What is not published is not judged either: the guard goes on from what was accepted last.
            holder.HoldBack();
            _outcome = new(CycleResult.Frozen, FreezeWatch.Frozen(freeze));
            return;
        }
        snapshot = snapshot with { Billing = billing.Standings() };
        SolveResult result = Solve(snapshot, stop);
        if (result.Assignment is not { } assignment)
        {
            Fail($"The solve ended {result.Status}: {result.Cause} {result.Remedy}", worldFault);
            return;
        }
        (TableContent content, RoutingTable table) = Build(assignment, loaded);
        if (!Allows(assignment, table, out string refusal))
        {
            // The guard has told why, once; here it only counts as a cycle that renewed nothing.
            _outcome = new(CycleResult.Refused, refusal);
            Note(failed: true, worldFault.Length > 0 ? worldFault : refusal);
            return;
        }
        bool isNew = !register.IsInForce(table);
        if (!TryPublish(table, isNew, PlanSummaries.Of(assignment, loaded.Entries.Length, billing.Summary()), worldFault)) return;
        _outcome = new(isNew ? CycleResult.Published : CycleResult.Confirmed, worldFault);
        rules.Publish(assignment.Published, isNew);
        if (isNew) solves.Keep(assignment, table.Version);
        billing.Carry(assignment.Published);
        _planned = new(assignment, content, table.ContentHash);
        last.Note(assignment, holder.Current!.Table.Version);
    }

    private SolveResult Solve(Snapshot snapshot, CancellationToken stop)
    {
        using Activity? span = traces.Begin("plan");
        long started = Stopwatch.GetTimestamp();
        SolveResult result = DispatchSolver.Solve(snapshot, rules.Next() with { StartingPoint = solves.Start }, stop);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        meter.SolveTook(took);
        stop.ThrowIfCancellationRequested();
        traces.Tell(span, took, result);
        return result;
    }

    private (TableContent Content, RoutingTable Table) Build(Assignment assignment, LoadedWorld loaded)
    {
        using Activity? span = traces.Begin("build table");
        TableContent content = TableBuilder.Build(assignment, loaded.Prefixes, loaded.Locations, time.GetUtcNow());
        return (content, register.Draft(content));
    }

    private bool Allows(Assignment assignment, RoutingTable table, out string refusal)
    {
        using Activity? span = traces.Begin("guard");
        bool allows = guard.Allows(assignment, table, out refusal);
        if (!allows) span?.SetStatus(ActivityStatusCode.Error, refusal);
        return allows;
    }

    // What answers lead back to: the trace in which this very content was solved.
    private void Swap(ServingState state)
    {
        using Activity? span = traces.Begin("swap");
        span?.SetTag(SpanTags.Epoch, state.Table.Version.Epoch).SetTag(SpanTags.Version, state.Table.Version.Number);
        holder.Swap(state);
    }

    private bool TryKeep(RoutingTable table, out string fault)
    {
        using Activity? span = traces.Begin("publish");
        bool kept = register.TryKeep(table, out fault);
        if (!kept) span?.SetStatus(ActivityStatusCode.Error, fault);
        return kept;
    }

    /// <summary>Before the first solve: what the table from disk says is the plan in force, and what its contracts carry.</summary>
    private bool TryRemember(Snapshot snapshot, out string fault)
    {
        fault = "";
        if (_remembers) return true;
        TrafficPlan? plan = holder.Current is { } state ? TablePlan.Read(state.Table.Content, snapshot) : null;
        if (!billing.TryBegin(snapshot.World, plan, out fault)) return false;
        _remembers = true;
        if (plan is null) return true;
        rules.Restored(plan);
        (long served, long demand) = (plan.Model.ToMbps(plan.EdgeLoads().Sum()).Value, plan.Model.Groups.Sum(static g => g.Demand));
        PublishLog.PlanRestored(logger, register.Kept, served, demand);
        return true;
    }

    private bool TryPublish(RoutingTable table, bool isNew, PlanSummary plan, string worldFault)
    {
        if (!isNew)
        {
            // The same bytes keep their version, and their failovers; only the figures of the solve that confirmed them are new.
            if (!register.TryConfirm(out string unconfirmed))
            {
                Fail(unconfirmed, worldFault);
                return false;
            }
            ServingState current = holder.Current!;
            string before = holder.Record.LastError;
            Note(failed: false, worldFault);
            Swap(current with { Plan = plan });
            if (before.Length > 0 && worldFault.Length == 0) PublishLog.Recovered(logger, current.Table.Version, table.Content.UtcHour, before);
            else PublishLog.Confirmed(logger, current.Table.Version, table.Content.UtcHour);
            return true;
        }
        if (!TryKeep(table, out string diskFault))
        {
            Fail(diskFault, worldFault);
            return false;
        }
        holder.Note(holder.Record with { Publishes = holder.Record.Publishes + 1 });
        Note(failed: false, worldFault);
        Swap(new(table, plan) { Solved = _cycle });
        traces.Tell(table, _cycle);
        PublishLog.Published(logger, table.Version, table.Content.UtcHour, plan.Optimum.Demand.Value, plan.Optimum.Unserved.Value,
            plan.Trace.SolveTime.TotalMilliseconds, plan.Trace.Kernel, table.ContentHash);
        LogWorth(plan, table.Version);
        return true;
    }

    private void LogWorth(PlanSummary plan, TableVersion version)
    {
        foreach (BaselineReport baseline in plan.Report.Baselines)
        {
            PlanWorth worth = baseline.Worth;
            PublishLog.Worth(logger, baseline.Name, version, worth.UnservedSavedMbps, (double)worth.CostSavedMicroUsdPerHour / 1e6,
                (double)worth.CostSavedAtEqualVolumeMicroUsdPerHour / 1e6, worth.P50RttSavedMicroseconds / 1000.0, worth.P95RttSavedMicroseconds / 1000.0);
        }
        foreach (Contradiction found in plan.Contradictions) PublishLog.Contradictory(logger, found.Kind, found.Subject, found.Rule, found.Remedy);
    }

    private void Fail(string fault, string worldFault)
    {
        _outcome = new(CycleResult.Failed, fault);
        PublishLog.Kept(logger, fault, register.Kept);
        Note(failed: true, worldFault.Length > 0 ? worldFault : fault);
    }

    private void Note(bool failed, string error)
    {
        PublishRecord record = holder.Record;
        holder.Note(failed
            ? record with { Failures = record.Failures + 1, LastError = error }
            : record with { LastError = error, ConfirmedAt = holder.Now });
    }

    private void LogWorld(LoadedWorld loaded)
    {
        World world = loaded.World;
        PublishLog.WorldLoaded(logger, world.Version, world.Regions.Length, world.Edges.Length, world.Relays.Length, world.Origins.Length,
            world.Services.Length, loaded.Entries.Length);
    }
}
