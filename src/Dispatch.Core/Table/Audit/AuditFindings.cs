using System.Collections.Immutable;

namespace TrafficDispatch.Table.Audit;

/// <summary>Collects violations in the order in which they are found, each once.</summary>
internal sealed class AuditFindings
{
    private readonly List<AuditViolation> _kept = [];
    private readonly HashSet<(string, string, string, string)> _seen = [];

    public int Count { get; private set; }

    public ImmutableArray<AuditViolation> Kept => [.. _kept];

    public void Add(AuditViolation violation)
    {
        if (!_seen.Add((violation.Rule, violation.Subject, violation.Node, violation.Message))) return;
        Count++;
        if (_kept.Count < AuditReport.MostViolations) _kept.Add(violation);
    }
}
