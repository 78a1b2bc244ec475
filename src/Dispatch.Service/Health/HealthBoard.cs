using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Turns probes into what answers leave out: votes of vantages by quorum, damped falls, paced returns, all under a cap. Reads no clock: the same probes at
/// the same times give the same verdicts. Used by one thread at a time.
/// </summary>
/// <param name="settings">The rules.</param>
public sealed class HealthBoard(HealthSettings settings)
{
    private readonly VantageVotes _votes = new(settings);
    private readonly SortedDictionary<(HealthScope Kind, string Id), Course> _courses =
        new(Comparer<(HealthScope Kind, string Id)>.Create(static (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Id, b.Id)));

    private enum Stage
    {
        Up,
        Held,
        Down,
        Returning,
    }

    /// <summary>True where a vantage's word has turned since the last <see cref="Judge"/>.</summary>
    public bool HasTurned => _votes.HasTurned;

    /// <summary>Takes a probe; it counts from the next <see cref="Judge"/> on. At most 256 vantages have a say.</summary>
    public ProbeFate Add(in Probe probe, DateTimeOffset now) => _votes.Add(probe, now);

    /// <summary>Judges every node.</summary>
    /// <param name="nodes">All nodes there are; what is said about others is not heeded.</param>
    /// <param name="now">The time; never before that of the call before.</param>
    public HealthVerdict Judge(IReadOnlyCollection<NodeFacts> nodes, DateTimeOffset now)
    {
        _votes.Settle(now);
        TakenCap cap = new(settings, nodes);
        List<(NodeFacts Node, Course Course)> falling = [];
        HashSet<(HealthScope, string)> known = [];
        foreach (NodeFacts node in nodes)
        {
            known.Add((node.Kind, node.Id));
            Course course = Move(node, _courses.GetValueOrDefault((node.Kind, node.Id)), now);
            _courses[(node.Kind, node.Id)] = course;
            if (course.Stage is Stage.Down or Stage.Returning) cap.Count(node, 1 - Kept(course, now) / 100.0);
            else if (course.Stage == Stage.Held) falling.Add((node, course));
        }
        foreach ((HealthScope, string) gone in _courses.Keys.Where(k => !known.Contains(k)).ToList()) _courses.Remove(gone);
        TakeWhatFits(falling, cap, now);
        return Verdict(nodes, cap, now);
    }

    /// <summary>One step of a node's course; whoever ought to fall is held until the cap lets him.</summary>
    private Course Move(in NodeFacts node, Course before, DateTimeOffset now)
    {
        NodeVotes votes = _votes.Of(node.Kind, node.Id);
        bool isBad = votes.AreBad(settings), isSeen = votes.AreEnough(settings), isGood = isSeen && 2 * votes.Down <= votes.Seeing;
        Course course = before with { Penalty = before.Penalty.After(now, settings.PenaltyHalfLife), SeenAt = isSeen || before.SeenAt is null ? now : before.SeenAt };
        switch (before.Stage)
        {
            case Stage.Up or Stage.Returning when isBad:
                // A node on its way back has given up nothing of its place under the cap that it would not ask for again.
                return course with { Stage = Stage.Held, Since = now };
            case Stage.Held when !isBad:
                return course with { Stage = Stage.Up, Since = now };
            case Stage.Down when !course.Penalty.IsSuppressed && (isGood || now - course.SeenAt > settings.Abandoned):
                return course with { Stage = node.Kind == HealthScope.Edge ? Stage.Returning : Stage.Up, Since = now };
            case Stage.Returning when now - before.Since >= settings.ReturnStep * HealthSettings.ReturnSteps.Length:
                return course with { Stage = Stage.Up, Since = now };
            default:
                return course;
        }
    }

    private void TakeWhatFits(List<(NodeFacts Node, Course Course)> falling, TakenCap cap, DateTimeOffset now)
    {
        // First come, first served; the order of ids decides between those that fall together.
        foreach ((NodeFacts node, Course course) in falling.OrderBy(static f => f.Course.Since).ThenBy(static f => f.Node.Kind).ThenBy(static f => f.Node.Id, StringComparer.Ordinal))
        {
            if (!cap.TryTake(node)) continue;
            _courses[(node.Kind, node.Id)] = course with { Stage = Stage.Down, Since = now, SeenAt = now, Penalty = course.Penalty.Raised(now, settings.PenaltyHalfLife) };
        }
    }

    private HealthVerdict Verdict(IReadOnlyCollection<NodeFacts> nodes, TakenCap cap, DateTimeOffset now)
    {
        ImmutableArray<HealthStatement>.Builder down = ImmutableArray.CreateBuilder<HealthStatement>();
        ImmutableArray<EdgeWeight>.Builder kept = ImmutableArray.CreateBuilder<EdgeWeight>();
        ImmutableArray<string>.Builder held = ImmutableArray.CreateBuilder<string>(), damped = ImmutableArray.CreateBuilder<string>();
        foreach (((HealthScope kind, string id), Course course) in _courses)
        {
            if (course.Stage == Stage.Down) down.Add(new(kind, id, HealthState.Down, 0));
            if (course.Stage == Stage.Returning) kept.Add(new(id, Kept(course, now)));
            if (course.Stage == Stage.Held) held.Add($"{kind.ToString().ToLowerInvariant()}:{id}");
            if (course.Stage == Stage.Down && course.Penalty.IsSuppressed) damped.Add($"{kind.ToString().ToLowerInvariant()}:{id}");
        }
        return new(down.ToImmutable(), kept.ToImmutable(), held.ToImmutable(), damped.ToImmutable(),
            [.. _votes.Distrusted.Order(StringComparer.Ordinal)], _votes.Count, nodes.Count > 0 ? cap.Percent(HealthScope.Edge) : 0);
    }

    private byte Kept(in Course course, DateTimeOffset now)
    {
        if (course.Stage != Stage.Returning) return 0;
        int step = (int)((now - course.Since) / settings.ReturnStep);
        return HealthSettings.ReturnSteps[Math.Clamp(step, 0, HealthSettings.ReturnSteps.Length - 1)];
    }

    private readonly record struct Course(Stage Stage, DateTimeOffset Since, FlapPenalty Penalty, DateTimeOffset? SeenAt);
}
