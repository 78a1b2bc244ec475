using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>Multiplies the capacity of edges, then adds to it: 0.5 halves it, 2 doubles it.</summary>
/// <param name="Target">An edge, or the edges of an operator, a site or a fault domain.</param>
/// <param name="Factor">Finite, at least 0.</param>
/// <param name="Added">Added at each edge, Gbit/s; finite, may be negative. No edge may end below 0.</param>
public sealed record CapacityEdit(ScenarioTarget Target, double Factor, double Added = 0) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (NotAtLeastZero("the factor", Factor) is { Length: > 0 } fault) return Refused($"'{this}': {fault}");
        if (!double.IsFinite(Added)) return Refused($"'{this}': what is added must be a finite number");
        if (draft.Facts.Edges.FirstOrDefault(e => Target.Covers(e) && Of(e) < 0) is { } short_)
            return Refused(string.Create(CultureInfo.InvariantCulture, $"'{this}': edge '{short_.Id}' has {short_.Capacity.Value:0.###} Gbit/s and would end below 0"));
        return draft.MapEdges(Target, e => e with { Capacity = new(Of(e)) });
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"capacity {Target}×{Factor}{(Added > 0 ? "+" : "")}{(Added == 0 ? null : Added)}");

    private double Of(Edge edge) => edge.Capacity.Value * Factor + Added;
}

/// <summary>Takes capacity from one edge and gives it to another.</summary>
/// <param name="FromId">The edge that loses it.</param>
/// <param name="ToId">The edge that gets it.</param>
/// <param name="Moved">How much, above 0; no more than the first has.</param>
public sealed record MoveCapacityEdit(string FromId, string ToId, Gbps Moved) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ScenarioTarget from = new(TargetKind.Edge, FromId), to = new(TargetKind.Edge, ToId);
        if (!double.IsFinite(Moved.Value) || Moved.Value <= 0) return Refused($"'{this}': what is moved must be a finite number above 0");
        if (from == to) return Refused($"'{this}': it must go to another edge");
        (ScenarioDraft? taken, string fault) = new CapacityEdit(from, 1, -Moved.Value).Apply(draft);
        return taken is null ? Refused(fault) : new CapacityEdit(to, 1, Moved.Value).Apply(taken);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"move {Moved.Value} Gbit/s edge:{FromId}→edge:{ToId}");
}
