using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tracing;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Tries every failure of the plan in force and publishes the same content with failovers under the next version. The plan is in force
/// meanwhile: whatever happens here, it stays. Used by one thread at a time.
/// </summary>
internal sealed class FailoverStage(
    SolveSettings settings, TableRegister register, TableGuard guard, TableHolder holder, DispatchMeter meter, DispatchTraces traces, ILogger<FailoverStage> logger)
{
    // One processor is left to those who answer.
    private static readonly int Threads = Math.Max(1, Environment.ProcessorCount - 1);

    private string _madeFor = "";

    /// <summary>Makes the failovers of a plan, unless those in force were made from the same input. Never throws.</summary>
    /// <param name="planned">The plan in force.</param>
    /// <param name="due">Cancelled when the next cycle is due or the process stops.</param>
    public void Run(PlannedTable planned, CancellationToken due)
    {
        ServingState state = holder.Current!;
        bool isMade = state.Failures.State == FailureState.Made && planned.FailureInput == _madeFor;
        if (!settings.Failures || isMade) return;
        FailureSummary before = state.Failures with { State = FailureState.Pending };
        holder.Note(before);
        try
        {
            // Where a move costs nothing another plan may be as good as the one in force, and failovers would be made for that one.
            FailureOptions options = new() { MoveCost = Math.Max(1, settings.Stability.MoveCost), Threads = Threads };
            FailureReport report = FailureSweep.Run(planned.Assignment, options, null, due);
            meter.SweepTook(report.Elapsed);
            Publish(planned, report);
        }
        catch (OperationCanceledException)
        {
            holder.Note(before with { State = FailureState.Late });
            holder.Note(holder.Record with { FailoverLates = holder.Record.FailoverLates + 1 });
            FailureLog.Late(logger, register.Kept);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or OverflowException)
        {
            holder.Note(before with { State = FailureState.Failed });
            CountFailure();
            FailureLog.Failed(logger, e, register.Kept);
        }
    }

    private void Publish(PlannedTable planned, FailureReport report)
    {
        RoutingTable table = register.Draft(FailoverTable.AddTo(planned.Content, report));
        ServingState state = holder.Current!;
        FailureSummary summary = Summarise(report);
        bool confirmed = state.Table.ContentHash == table.ContentHash;
        if (confirmed) holder.Note(summary);
        else if (!guard.AllowsFailovers(planned, table, out string fault) || !register.TryKeep(table, out fault))
        {
            holder.Note(state.Failures with { State = FailureState.Failed });
            CountFailure();
            FailureLog.Refused(logger, fault, register.Kept);
            return;
        }
        _madeFor = planned.FailureInput;
        if (!confirmed)
        {
            holder.Note(holder.Record with { FailoverPublishes = holder.Record.FailoverPublishes + 1 });
            holder.Swap(state with { Table = table, Failures = summary });
            traces.Tell(table, state.Solved);
        }
        Log(report, summary, table, confirmed);
    }

    private void CountFailure() => holder.Note(holder.Record with { FailoverFailures = holder.Record.FailoverFailures + 1 });

    private FailureSummary Summarise(FailureReport report) => new(
        FailureState.Made, report.Outcomes.Length, report.Absorbed,
        [.. report.WorstFirst().Where(static o => !o.IsAbsorbed).Take(FailureSummary.MostListed).Select(o => Unabsorbed(report, o))],
        holder.Now, report.Elapsed);

    private static UnabsorbedFailure Unabsorbed(FailureReport report, FailureOutcome outcome)
    {
        long more = outcome.UnservedMore.Sum(static u => u.After.Value - u.Before.Value);
        return new(outcome.Scenario.Name, more, outcome.Fix is { } fix ? InWords(report, fix) : "");
    }

    private static string InWords(FailureReport report, FailureFix fix)
    {
        World world = report.Main.Snapshot.World;
        List<string> parts = [.. fix.Additions.Select(static a => string.Create(CultureInfo.InvariantCulture, $"{a.Added.Value} Mbit/s at {a.Kind} {a.Id}"))];
        string[] beyond = [.. fix.Beyond.Select(g => world.Regions[report.Main.Model.Groups[g].Region].Id).Distinct(StringComparer.Ordinal)];
        if (beyond.Length > 0) parts.Add($"an edge in another fault domain for {string.Join(", ", beyond.Take(5))}{(beyond.Length > 5 ? " and others" : "")}");
        return string.Join("; ", parts);
    }

    private void Log(FailureReport report, FailureSummary summary, RoutingTable table, bool confirmed)
    {
        FailureLog.Made(logger, confirmed ? register.Kept : table.Version.ToString(), summary.Tried, summary.Absorbed, table.Content.Failovers.Count,
            table.Content.Failovers.Bytes, report.Elapsed.TotalMilliseconds);
        if (summary.Worst.IsEmpty) return;
        UnabsorbedFailure worst = summary.Worst[0];
        FailureLog.Unabsorbed(logger, summary.NotAbsorbed, worst.Name, worst.UnservedMbps, worst.Fix.Length > 0 ? worst.Fix : "no capacity would");
    }
}
