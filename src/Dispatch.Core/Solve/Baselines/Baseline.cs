using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Baselines;

/// <summary>What a simpler rule makes of the input of an optimum.</summary>
/// <remarks>
/// No baseline sees an edge that law, health, reach or the service forbid: what the optimum is worth is what solving is worth, not what
/// obeying is. No baseline carries more than edges, contracts and peering caps can; floors, crossing caps, moves and congestion are the
/// optimum's alone.
/// </remarks>
/// <param name="Name">The name that reports give it.</param>
/// <param name="Rule">The rule in one sentence.</param>
/// <param name="Plan">Who serves whom by it.</param>
public sealed record Baseline(string Name, string Rule, TrafficPlan Plan)
{
    internal static ImmutableArray<Baseline> All(Assignment assignment) =>
    [
        new(NearestBaseline.Name, NearestBaseline.Rule, NearestBaseline.Plan(assignment.Model)),
        new(WeightedNearestBaseline.Name, WeightedNearestBaseline.Rule, WeightedNearestBaseline.Plan(assignment.Model)),
        new(GreedyBaseline.Name, GreedyBaseline.Rule, assignment.Greedy),
    ];
}
