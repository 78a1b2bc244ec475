using System.Collections.Immutable;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Probing;

/// <summary>What a vantage makes of a round.</summary>
/// <param name="Reports">What to report; empty where the vantage distrusts itself.</param>
/// <param name="Failed">Targets that failed.</param>
/// <param name="IsDistrusted">True where most targets fail: then the vantage is what is broken.</param>
/// <param name="Turned">Targets that failed for the first time or answered again, with whether they are well now; none where it distrusts itself.</param>
internal sealed record ProbeFindings(
    ImmutableArray<ProbeReport> Reports, ImmutableArray<HealthTarget> Failed, bool IsDistrusted, ImmutableArray<(HealthTarget Node, bool IsWell)> Turned);

/// <summary>Remembers how the probes of each node came out in a row, numbers them, and distrusts its own eyes. Used by one thread at a time.</summary>
/// <param name="vantage">Whose probes they are.</param>
internal sealed class ProbeJournal(string vantage)
{
    /// <summary>Fewer targets than this say nothing about the vantage, as on the service's side.</summary>
    public const int DistrustTargets = 5;

    /// <summary>Percent of the targets above which their failing is taken for the vantage's.</summary>
    public const int DistrustPercent = 50;

    private Dictionary<HealthTarget, (bool IsWell, uint Streak)> _seen = [];
    private ulong _number;

    /// <summary>Takes a round.</summary>
    /// <param name="targets">Whom it tried.</param>
    /// <param name="well">Whether each is well, in the same order.</param>
    /// <param name="at">When.</param>
    public ProbeFindings Take(ImmutableArray<ProbeTarget> targets, ImmutableArray<bool> well, DateTimeOffset at)
    {
        HealthTarget[] failed = [.. targets.Where((_, i) => !well[i]).Select(static t => t.Node)];
        // What such a round saw is of the vantage, not of the nodes: rows go on where they were, and nothing is said.
        if (targets.Length >= DistrustTargets && failed.Length * 100 > targets.Length * DistrustPercent) return new([], [.. failed], true, []);
        // Above every number before, over a restart too, and also where the clock fell back.
        _number = Math.Max(_number + 1, (ulong)Math.Max(0, (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
        Dictionary<HealthTarget, (bool, uint)> next = [];
        ImmutableArray<ProbeReport>.Builder reports = ImmutableArray.CreateBuilder<ProbeReport>(targets.Length);
        List<(HealthTarget, bool)> turned = [];
        for (int i = 0; i < targets.Length; i++)
        {
            HealthTarget node = targets[i].Node;
            bool isKnown = _seen.TryGetValue(node, out (bool IsWell, uint Streak) before);
            uint streak = isKnown && before.IsWell == well[i] ? before.Streak + (before.Streak < uint.MaxValue ? 1u : 0u) : 1;
            if (isKnown ? before.IsWell != well[i] : !well[i]) turned.Add((node, well[i]));
            next[node] = (well[i], streak);
            reports.Add(new() { Vantage = vantage, Kind = node.Scope.ToString().ToLowerInvariant(), Id = node.Id, Good = well[i], Number = _number, Streak = streak });
        }
        _seen = next;
        return new(reports.MoveToImmutable(), [.. failed], false, [.. turned]);
    }
}
