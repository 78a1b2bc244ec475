using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>Multiplies demand.</summary>
/// <param name="Target">A region, or the regions of a country, a latency zone or a continent.</param>
/// <param name="Factor">Finite, at least 0.</param>
public sealed record SurgeEdit(ScenarioTarget Target, double Factor) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (NotAtLeastZero("the factor", Factor) is { Length: > 0 } fault) return Refused($"'{this}': {fault}");
        if (!draft.Facts.Regions.Any(Target.Covers)) return Refused(Target.NamesNoRegion());
        return (draft with { DemandScale = [.. draft.DemandScale.Select((scale, r) => Target.Covers(draft.Facts.Regions[r]) ? scale * Factor : scale)] }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"surge {Target}={Factor}");
}

/// <summary>Multiplies what a millisecond is held to be worth, in every traffic class: above 1 nearer and dearer, below 1 farther and cheaper.</summary>
/// <param name="Factor">Finite, at least 0.</param>
public sealed record WeighEdit(double Factor) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (NotAtLeastZero("the factor", Factor) is { Length: > 0 } fault) return Refused($"'{this}': {fault}");
        WorldFacts facts = draft.Facts;
        return (draft with { Facts = facts with { Classes = [.. facts.Classes.Select(c => c with { LatencyWeight = c.LatencyWeight * Factor })] } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"weigh latency×{Factor}");
}

/// <summary>Changes the round trip between clients and edges: a cable that is cut, a new route.</summary>
/// <param name="Clients">A region, or the regions of a country, a latency zone or a continent.</param>
/// <param name="Edges">An edge, or the edges of an operator, a site or a fault domain.</param>
/// <param name="Factor">Multiplies it first; finite, at least 0.</param>
/// <param name="Added">Then added; finite, may be negative. What comes out below 0 counts as 0.</param>
public sealed record RttEdit(ScenarioTarget Clients, ScenarioTarget Edges, double Factor, Milliseconds Added) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (NotAtLeastZero("the factor", Factor) is { Length: > 0 } fault) return Refused($"'{this}': {fault}");
        if (!double.IsFinite(Added.Value)) return Refused($"'{this}': what is added must be a finite number");
        WorldFacts facts = draft.Facts;
        bool[] regions = [.. facts.Regions.Select(Clients.Covers)], edges = [.. facts.Edges.Select(Edges.Covers)];
        if (!regions.Contains(true)) return Refused(Clients.NamesNoRegion());
        if (!edges.Contains(true)) return Refused(Edges.NamesNoEdge());
        RttMatrix rtt = facts.Rtt.Select((r, e, ms) => regions[r] && edges[e] ? Math.Max(0, ms * Factor + Added.Value) : ms);
        return (draft with { Facts = facts with { Rtt = rtt } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"rtt {Clients}→{Edges} ×{Factor}{(Added.Value < 0 ? "" : "+")}{Added.Value} ms");
}
