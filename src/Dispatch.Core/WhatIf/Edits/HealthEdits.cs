using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>Takes nodes out: they serve nobody.</summary>
/// <param name="Target">An edge, the edges of an operator or a site, or a fault domain with all that stands in it.</param>
/// <param name="State"><see cref="HealthState.Down"/> or <see cref="HealthState.Drained"/>.</param>
public sealed record TakeOutEdit(ScenarioTarget Target, HealthState State) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        WorldFacts facts = draft.Facts;
        bool holdsNodes = Target.Kind == TargetKind.Domain
            && (facts.Relays.Any(r => r.FaultDomain == Target.Id) || facts.Origins.Any(o => o.FaultDomain == Target.Id));
        if (!holdsNodes && !facts.Edges.Any(Target.Covers)) return Refused(Target.NamesNoEdge());
        return (draft with { Facts = facts with { Health = facts.Health.AddRange(Statements(facts)) } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(State == HealthState.Drained ? "drain" : "fail")} {Target}";

    private IEnumerable<HealthStatement> Statements(WorldFacts facts) => Target.Kind switch
    {
        TargetKind.Operator => [new(HealthScope.Operator, Target.Id, State, 0)],
        TargetKind.Domain => [new(HealthScope.Domain, Target.Id, State, 0)],
        _ => facts.Edges.Where(Target.Covers).Select(e => new HealthStatement(HealthScope.Edge, e.Id, State, 0)),
    };
}

/// <summary>Brings edges back that the facts say are down, drained or reduced.</summary>
/// <param name="Target">An edge, or the edges of an operator, a site or a fault domain.</param>
public sealed record RestoreEdit(ScenarioTarget Target) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        WorldFacts facts = draft.Facts;
        ImmutableArray<Edge> named = [.. facts.Edges.Where(Target.Covers)];
        if (named.IsEmpty) return Refused(Target.NamesNoEdge());
        ImmutableArray<HealthStatement> left = [.. facts.Health.Where(s => !IsAbout(s, named))];
        if (named.FirstOrDefault(e => new HealthBook(left).Of(e) != NodeHealth.Good) is { } still)
            return Refused($"'{Target}' cannot come back: edge '{still.Id}' is out for its whole operator or fault domain; restore that");
        return (draft with { Facts = facts with { Health = left } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"restore {Target}";

    private bool IsAbout(HealthStatement statement, ImmutableArray<Edge> named) => statement.Scope switch
    {
        HealthScope.Edge => named.Any(e => e.Id == statement.Id),
        HealthScope.Operator => Target.Kind == TargetKind.All || Target == new ScenarioTarget(TargetKind.Operator, statement.Id),
        HealthScope.Domain => Target.Kind == TargetKind.All || Target == new ScenarioTarget(TargetKind.Domain, statement.Id),
        _ => false,
    };
}
