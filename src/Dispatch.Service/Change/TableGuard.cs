using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Guarding;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Change;

/// <summary>
/// Stands before every table of a solve: what the solve read and what it made must hold by themselves and follow from what was accepted last.
/// A refusal keeps the last good table and is told in log, metric, status and page. Used by one thread at a time.
/// </summary>
internal sealed class TableGuard(
    GuardLimits limits, TableHolder holder, ForceFile force, IEnumerable<IInputCoverage> coverage, TimeProvider time, ILogger<TableGuard> logger)
{
    // Rules that no person may pass over: what they refuse is wrong, not merely unusual.
    private static readonly ImmutableArray<string> Unforced = ["invariants", "rtt_invalid"];

    private Snapshot? _accepted;
    private string _told = "";

    /// <summary>Judges a table, tells what is wrong with it and remembers the input where nothing is.</summary>
    /// <param name="assignment">The solve.</param>
    /// <param name="table">The table made from it.</param>
    /// <param name="refusal">What is wrong, in one text; empty where the table may be published.</param>
    /// <returns>True where the table may be published.</returns>
    public bool Allows(Assignment assignment, RoutingTable table, out string refusal)
    {
        ImmutableArray<GuardFinding> found = [.. Findings(assignment, table)];
        bool forced = !found.IsEmpty && !found.Any(static f => Unforced.Contains(f.Rule)) && force.TryUse(found.Select(static f => f.Rule));
        refusal = found.IsEmpty || forced ? "" : string.Join(' ', found);
        if (refusal.Length > 0) Refuse(found);
        else Accept(assignment.Snapshot, found);
        return refusal.Length == 0;
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
        IReadOnlyList<string> broken = TableInvariants.Violations(assignment, table);
        if (broken.Count > 0)
            found.Add(new("invariants", broken.Count, 0, string.Join(' ', broken), "This is a fault of the program or of its input: keep the snapshot and report it."));
        return found;
    }

    /// <summary>After a restart only the table in force tells what was known before.</summary>
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
        holder.Note(before with { Refusals = counts, Findings = found, Since = before.Since ?? time.GetUtcNow() });

        // A broken feed stays broken for hours: every cycle counts, only news is logged.
        string said = string.Join('\n', found);
        if (said == _told) return;
        _told = said;
        string kept = holder.Current?.Table.Version.ToString() ?? "(none)";
        foreach (GuardFinding f in found) GuardLog.Refused(logger, kept, f.Rule, f.Message, f.Remedy);
    }

    private void Accept(Snapshot snapshot, ImmutableArray<GuardFinding> passedOver)
    {
        foreach (GuardFinding f in passedOver) GuardLog.Forced(logger, force.Path, f.Rule, f.Message);
        GuardRecord before = holder.Guard;
        if (before.Since is not null || !passedOver.IsEmpty)
            holder.Note(before with { Findings = [], Since = null, Forced = before.Forced + (passedOver.IsEmpty ? 0 : 1) });
        if (_told.Length > 0) GuardLog.Cleared(logger);
        (_told, _accepted) = ("", snapshot);
    }
}
