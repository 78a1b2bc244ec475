using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Guarding;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Change;

/// <summary>
/// Stands before every table of a solve: what the solve read and what it made must hold by themselves and follow from what was accepted last.
/// A refusal keeps the last good table and is told in log, metric, status and page. Used by one thread at a time.
/// </summary>
internal sealed class TableGuard(
    GuardLimits limits, TableHolder holder, ForceFile force, IEnumerable<IInputCoverage> coverage, ILogger<TableGuard> logger)
{
    // Rules that no person may pass over: what they refuse is wrong, not merely unusual.
    private static readonly ImmutableArray<string> Unforced = ["invariants", "rtt_invalid"];

    // Who lets what was found through, for the log.
    private string _forcedBy = "";
    private Snapshot? _accepted;
    private string _told = "";

    /// <summary>A person's leave for the cycle that runs; null for none.</summary>
    public ForcePermit? Permit { get; set; }

    /// <summary>At the start of a term: what was accepted last is what the solve behind the newest table read, whoever led then.</summary>
    /// <param name="accepted">Its snapshot; null where it is not known, and then only the table in force tells what was known before.</param>
    public void Recall(Snapshot? accepted) => _accepted = accepted;

    /// <summary>Judges a table, tells what is wrong with it and remembers the input where nothing is.</summary>
    /// <param name="assignment">The solve.</param>
    /// <param name="table">The table made from it.</param>
    /// <param name="refusal">What is wrong, in one text; empty where the table may be published.</param>
    /// <returns>True where the table may be published.</returns>
    public bool Allows(Assignment assignment, RoutingTable table, out string refusal)
    {
        ImmutableArray<GuardFinding> found = [.. Findings(assignment, table)];
        return Settle(assignment.Snapshot, found, out refusal);
    }

    /// <summary>Judges the table in force with failovers added: its plan was let through, so only what must hold of every table can be wrong.</summary>
    /// <param name="planned">The plan in force.</param>
    /// <param name="table">The table made from it with failovers.</param>
    /// <param name="refusal">What is wrong, in one text; empty where the table may be published.</param>
    /// <returns>True where the table may be published.</returns>
    public bool AllowsFailovers(PlannedTable planned, RoutingTable table, out string refusal)
    {
        Snapshot snapshot = planned.Assignment.Snapshot;
        List<string> broken = [.. FailoverTable.Violations(snapshot.World, table.Content).Take(TableInvariants.Listed), .. TableInvariants.Violations(planned.Assignment, table)];
        if (table.Content with { Failovers = FailoverRows.None } != planned.Content) broken.Add("The table says something else than the plan in force besides its failovers.");
        return Settle(snapshot, [.. Broken(broken)], out refusal);
    }

    private bool Settle(Snapshot snapshot, ImmutableArray<GuardFinding> found, out string refusal)
    {
        bool forced = !found.IsEmpty && !found.Any(static f => Unforced.Contains(f.Rule)) && IsForced([.. found.Select(static f => f.Rule)]);
        refusal = found.IsEmpty || forced ? "" : string.Join(' ', found);
        if (refusal.Length > 0) Refuse(found);
        else Accept(snapshot, found);
        return refusal.Length == 0;
    }

    private bool IsForced(ImmutableArray<string> rules)
    {
        bool isPermitted = Permit?.TryUse(rules) == true;
        _forcedBy = isPermitted ? Permit!.By : force.Path;
        return isPermitted || force.TryUse(rules);
    }

    private List<GuardFinding> Findings(Assignment assignment, RoutingTable table)
    {
        Snapshot now = assignment.Snapshot;
        List<GuardFinding> found = [.. InputGuard.Absolute(now, limits)];
        foreach (IInputCoverage source in coverage)
        {
            if (source.Now() is { } c && InputGuard.Coverage(c.Fresh, c.Measured, limits) is { } thin) found.Add(thin);
        }
        if (_accepted is { } before) found.AddRange(InputGuard.Against(before, now, limits));
        else if (holder.Current is { } state) found.AddRange(AgainstTable(state.Table.Content, now.World));
        found.AddRange(OutputGuard.Findings(assignment.Published, limits));
        found.AddRange(Broken(TableInvariants.Violations(assignment, table)));
        return found;
    }

    private static IEnumerable<GuardFinding> Broken(IReadOnlyCollection<string> rules)
    {
        if (rules.Count == 0) yield break;
        yield return new("invariants", rules.Count, 0, string.Join(' ', rules), "This is a fault of the program or of its input: keep the snapshot and report it.");
    }

    /// <summary>Where nothing was archived, only the table in force tells what was known before.</summary>
    private IEnumerable<GuardFinding> AgainstTable(TableContent content, World world)
    {
        GuardFinding?[] all =
        [
            InputGuard.Vanished("regions", [.. content.Regions.Select(static r => r.Id)], id => world.RegionOrdinal(id) >= 0, limits.VanishedPercent),
            InputGuard.Vanished("edges", [.. content.Edges.Select(static e => e.Id)], id => world.EdgeOrdinal(id) >= 0, limits.VanishedPercent),
        ];
        return all.OfType<GuardFinding>();
    }

    private void Refuse(ImmutableArray<GuardFinding> found)
    {
        GuardRecord before = holder.Guard;
        ImmutableSortedDictionary<string, long> counts = before.Refusals;
        foreach (GuardFinding f in found) counts = counts.SetItem(f.Rule, counts.GetValueOrDefault(f.Rule) + 1);
        holder.Note(before with { Refusals = counts, Findings = found, Since = before.Since ?? holder.Now });

        // A broken feed stays broken for hours: every cycle counts, only news is logged.
        string said = string.Join('\n', found);
        if (said == _told) return;
        _told = said;
        string kept = holder.Current?.Table.Version.ToString() ?? "(none)";
        foreach (GuardFinding f in found) GuardLog.Refused(logger, kept, f.Rule, f.Message, f.Remedy);
    }

    private void Accept(Snapshot snapshot, ImmutableArray<GuardFinding> passedOver)
    {
        foreach (GuardFinding f in passedOver) GuardLog.Forced(logger, _forcedBy, f.Rule, f.Message);
        GuardRecord before = holder.Guard;
        if (before.Since is not null || !passedOver.IsEmpty)
            holder.Note(before with { Findings = [], Since = null, Forced = before.Forced + (passedOver.IsEmpty ? 0 : 1) });
        if (_told.Length > 0) GuardLog.Cleared(logger);
        (_told, _accepted) = ("", snapshot);
    }
}
