using System.Diagnostics;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// One cycle from facts to the table in force: read, solve, build, check, keep on disk, swap. Whatever fails, the last good table stays.
/// Used by one thread at a time.
/// </summary>
internal sealed class Publisher(
    SolveSettings settings, WorldSource source, TableStore store, TableHolder holder, DispatchMeter meter, TimeProvider time, ILogger<Publisher> logger)
{
    private TableVersion _highest;

    // The plan behind the table in force. A restart forgets it: the first solve after one owes nothing to the plan before.
    private TrafficPlan? _inForce;

    /// <summary>Puts the newest whole table on disk in force, before any solve.</summary>
    /// <returns>True where there is one.</returns>
    public bool Restore()
    {
        StoredTables stored = store.Load();
        foreach (string fault in stored.Skipped) PublishLog.Skipped(logger, fault);
        // A store without any table may have lost them: a new epoch keeps its versions above all that it ever gave out.
        _highest = stored.Highest == TableVersion.None ? new(time.GetUtcNow().ToUnixTimeSeconds(), 0) : stored.Highest;
        if (stored.Table is not { } table) return false;
        holder.Swap(new(table, null));
        PublishLog.Restored(logger, table.Version, table.BuiltAt);
        return true;
    }

    /// <summary>Reads the world where it changed; faults are logged and counted.</summary>
    /// <param name="fault">Why the last good world stays; empty where there is nothing to complain about.</param>
    /// <returns>The world to solve; null where there never was one.</returns>
    public LoadedWorld? ReadWorld(out string fault)
    {
        WorldReading reading = source.Read();
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

    /// <summary>Runs a cycle. Never throws but for a cancelled <paramref name="stop"/>.</summary>
    public void RunCycle(CancellationToken stop)
    {
        try
        {
            if (ReadWorld(out string worldFault) is not { } loaded) Fail("There is no world to solve.", worldFault);
            else Solve(loaded, worldFault, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            PublishLog.Unexpected(logger, e, Kept);
            Note(failed: true, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private string Kept => holder.Current?.Table.Version.ToString() ?? "(none)";

    private void Solve(LoadedWorld loaded, string worldFault, CancellationToken stop)
    {
        int hour = settings.UtcHour ?? time.GetUtcNow().Hour;
        long started = Stopwatch.GetTimestamp();
        SolveOptions options = SolveOptions.Default with { Continuity = _inForce is { } plan ? new(plan) : null };
        SolveResult result = DispatchSolver.Solve(new Snapshot(loaded.World, hour), options, stop);
        meter.SolveTook(Stopwatch.GetElapsedTime(started));
        stop.ThrowIfCancellationRequested();
        if (result.Assignment is not { } assignment)
        {
            Fail($"The solve ended {result.Status}: {result.Cause} {result.Remedy}", worldFault);
            return;
        }
        TableContent content = TableBuilder.Build(assignment, loaded.Prefixes, loaded.Locations, time.GetUtcNow());
        RoutingTable table = RoutingTable.Create(content, _highest.Next(), time.GetUtcNow());
        IReadOnlyList<string> broken = TableInvariants.Violations(assignment, table);
        if (broken.Count > 0) Fail(string.Join(' ', broken), worldFault);
        else if (TryPublish(table, PlanSummaries.Of(assignment, loaded.Entries.Length), worldFault)) _inForce = assignment.Published;
    }

    private bool TryPublish(RoutingTable table, PlanSummary plan, string worldFault)
    {
        if (holder.Current is { } current && current.Table.ContentHash == table.ContentHash)
        {
            // The same bytes keep their version; only the figures of the solve that confirmed them are new.
            string before = holder.Record.LastError;
            Note(failed: false, worldFault);
            holder.Swap(current with { Plan = plan });
            if (before.Length > 0 && worldFault.Length == 0) PublishLog.Recovered(logger, current.Table.Version, table.Content.UtcHour, before);
            else PublishLog.Confirmed(logger, current.Table.Version, table.Content.UtcHour);
            return true;
        }
        // On disk first: a version that clients have seen must never be given to other bytes after a restart.
        if (!TrySave(table, out string diskFault))
        {
            Fail(diskFault, worldFault);
            return false;
        }
        _highest = table.Version;
        holder.Note(holder.Record with { Publishes = holder.Record.Publishes + 1 });
        Note(failed: false, worldFault);
        holder.Swap(new(table, plan));
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

    private bool TrySave(RoutingTable table, out string fault)
    {
        fault = "";
        try
        {
            store.Save(table);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"Table {table.Version} cannot be kept under State:Path: {e.Message}";
            return false;
        }
    }

    private void Fail(string fault, string worldFault)
    {
        PublishLog.Kept(logger, fault, Kept);
        Note(failed: true, worldFault.Length > 0 ? worldFault : fault);
    }

    private void Note(bool failed, string error)
    {
        PublishRecord record = holder.Record;
        holder.Note(failed
            ? record with { Failures = record.Failures + 1, LastError = error }
            : record with { LastError = error, ConfirmedAt = time.GetUtcNow() });
    }

    private void LogWorld(LoadedWorld loaded)
    {
        World world = loaded.World;
        PublishLog.WorldLoaded(logger, world.Version, world.Regions.Length, world.Edges.Length, world.Relays.Length, world.Origins.Length,
            world.Services.Length, loaded.Entries.Length);
    }
}
