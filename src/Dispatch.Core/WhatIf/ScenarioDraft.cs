using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf;

/// <summary>The facts of a snapshot while a scenario changes them. Immutable; a world is made of it once, when all edits are in.</summary>
/// <param name="Facts">The world's rows.</param>
/// <param name="DemandScale">A factor on each region's demand, by ordinal.</param>
public sealed record ScenarioDraft(WorldFacts Facts, ImmutableArray<double> DemandScale)
{
    /// <summary>The facts of a snapshot as they are.</summary>
    public static ScenarioDraft Of(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new(snapshot.World.Facts, [.. Enumerable.Range(0, snapshot.World.Regions.Length).Select(snapshot.ScaleOf)]);
    }

    /// <summary>The snapshot with these facts in place of its own; hour and billing stay.</summary>
    /// <param name="snapshot">The snapshot that the draft was made of.</param>
    /// <param name="version">Names the changed facts.</param>
    public Snapshot Into(Snapshot snapshot, string version)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        bool isSame = ReferenceEquals(Facts, snapshot.World.Facts);
        return snapshot with { World = isSame ? snapshot.World : new World(Facts with { Version = version }), DemandScale = DemandScale };
    }

    /// <summary>Replaces the edges that a target names.</summary>
    internal (ScenarioDraft? Draft, string Fault) MapEdges(ScenarioTarget target, Func<Edge, Edge> map) =>
        Facts.Edges.Any(target.Covers)
            ? (this with { Facts = Facts with { Edges = [.. Facts.Edges.Select(e => target.Covers(e) ? map(e) : e)] } }, "")
            : (null, target.NamesNoEdge());
}
