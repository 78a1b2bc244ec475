using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>A new law: where the traffic of a jurisdiction may go. It replaces the one for the same kind of node.</summary>
/// <param name="Jurisdiction">Whose traffic is bound; at least one region stands under it.</param>
/// <param name="Hop">The kind of node it speaks of.</param>
/// <param name="Allowed">Jurisdictions whose nodes may be used; at least one, each known.</param>
public sealed record LawEdit(string Jurisdiction, NodeKind Hop, ImmutableArray<string> Allowed) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        WorldFacts facts = draft.Facts;
        if (facts.Regions.All(r => r.Jurisdiction != Jurisdiction)) return Refused($"'{this}': no region stands under jurisdiction '{Jurisdiction}'");
        if (Allowed.IsDefaultOrEmpty) return Refused($"'{this}': it must allow at least one jurisdiction");
        HashSet<string> known =
        [
            .. facts.Regions.Select(static r => r.Jurisdiction), .. facts.Edges.Select(static e => e.Jurisdiction),
            .. facts.Relays.Select(static r => r.Jurisdiction), .. facts.Origins.Select(static o => o.Jurisdiction),
        ];
        if (Allowed.FirstOrDefault(j => !known.Contains(j)) is { } unknown) return Refused($"'{this}': nobody stands under jurisdiction '{unknown}'");
        ImmutableArray<AllowedHop> hops = [.. facts.AllowedHops.Where(h => h.Jurisdiction != Jurisdiction || h.Hop != Hop), new(Jurisdiction, Hop, Allowed)];
        return (draft with { Facts = facts with { AllowedHops = hops } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"law {Jurisdiction} {Hop switch { NodeKind.Edge => "edge", NodeKind.Relay => "relay", _ => "origin" }}→{string.Join('+', Allowed)}";
}
