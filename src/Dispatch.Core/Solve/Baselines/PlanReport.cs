using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Baselines;

/// <summary>A plan's value and figures, overall and by class.</summary>
/// <param name="Objective">Its value in the unit of the objective, unserved traffic charged.</param>
/// <param name="Overall">Figures of all traffic.</param>
/// <param name="ByClass">Figures of each traffic class, in the world's order; empty under the reference objective, which knows none.</param>
public sealed record PlanReport(Int128 Objective, PlanFigures Overall, ImmutableArray<ClassFigures> ByClass)
{
    /// <summary>Sums a plan up. O(groups × edges).</summary>
    public static PlanReport Of(TrafficPlan plan) => new(plan.Objective(), PlanFigures.Of(plan), PlanFigures.ByClass(plan));
}

/// <summary>A baseline's report, and what the optimum is worth beside it.</summary>
/// <param name="Name">The baseline's name.</param>
/// <param name="Rule">Its rule in one sentence.</param>
/// <param name="Plan">Its figures.</param>
/// <param name="Worth">What the optimum is worth beside it.</param>
public sealed record BaselineReport(string Name, string Rule, PlanReport Plan, PlanWorth Worth);

/// <summary>An optimum beside all its baselines.</summary>
/// <param name="Optimum">The optimum's figures.</param>
/// <param name="Baselines">The baselines, in the order of <see cref="Assignment.Baselines"/>.</param>
public sealed record OptimumReport(PlanReport Optimum, ImmutableArray<BaselineReport> Baselines)
{
    /// <summary>Sums an assignment up. O(groups × edges).</summary>
    public static OptimumReport Of(Assignment assignment)
    {
        PlanReport optimum = PlanReport.Of(assignment.Optimum);
        return new(optimum, [.. assignment.Baselines.Select(b =>
        {
            PlanReport plan = PlanReport.Of(b.Plan);
            return new BaselineReport(b.Name, b.Rule, plan, PlanWorth.Of(optimum, plan));
        })]);
    }
}
