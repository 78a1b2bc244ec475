using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Loops;

/// <summary>A bound on edges that cut across the capacity tree: a fault domain, a zone, two operators' shared cable.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Edges">Ids of the edges; ids that the world does not have are passed over.</param>
/// <param name="Cap">What they may carry together. Like an edge's capacity, it is kept even where traffic goes unserved for it.</param>
public sealed record CrossingCap(string Name, ImmutableArray<string> Edges, Gbps Cap);

/// <summary>What a crossing cap came to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cap">What its edges may carry, in flow units.</param>
/// <param name="Load">What they carry.</param>
/// <param name="Price">Its multiplier: about what one more unit of it would save.</param>
public sealed record CapPrice(string Name, long Cap, long Load, long Price);

/// <summary>What the loops around the flow came to: bounds that are not a pure flow, priced from outside.</summary>
/// <param name="Solves">Flow problems solved, each to its certified optimum.</param>
/// <param name="Bound">No plan that keeps all bounds has a lower objective.</param>
/// <param name="Gap">How far the plan's objective is above <paramref name="Bound"/>; 0 proves the optimum.</param>
/// <param name="Caps">Crossing caps, in the order given.</param>
public sealed record LoopReport(int Solves, Int128 Bound, Int128 Gap, ImmutableArray<CapPrice> Caps)
{
    /// <summary>The report of a solve inside a loop, or of a solve that needed no loop.</summary>
    /// <param name="inner">The solve that the loop ends with.</param>
    /// <param name="before">Solves before it.</param>
    internal static LoopReport Of(Assignment inner, int before) =>
        inner.Loops is { } report ? report with { Solves = report.Solves + before } : new(before + 1, inner.Trace.Objective, 0, []);

    /// <summary>The least utilisation that every edge can be held to without more traffic unserved, per mille; null where it was not asked for.</summary>
    public int? LeastUtilisationPermille { get; init; }

    /// <summary>The multiplier on moves, micro-USD per Mbit/s and hour; null without a budget.</summary>
    public long? MovePrice { get; init; }

    /// <summary>What moves though it could have stayed, in flow units; null without a budget.</summary>
    public long? Moved { get; init; }
}
