using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Solve.Guarding;

/// <summary>Judges a plan against the plan in force: how much it moves and how much more it leaves unserved. Pure and thread-safe.</summary>
public static class OutputGuard
{
    /// <summary>The limits that a plan breaks; none where no plan was in force. O(volumes + groups × edges).</summary>
    /// <param name="plan">What is about to be published.</param>
    /// <param name="limits">The limits.</param>
    public static IReadOnlyList<GuardFinding> Findings(TrafficPlan plan, GuardLimits limits)
    {
        if (plan.Model.Options.Continuity is not { } held) return [];
        List<GuardFinding> found = [];
        long demand = plan.Model.Groups.Sum(static g => g.Demand);
        double moved = InputGuard.Percent(Moves.Of(plan).Voluntary, demand);
        if (limits.MovedPercent is { } most && moved > most)
        {
            found.Add(new("moved", moved, most,
                InputGuard.Text($"The plan takes {moved:0.#} % of all traffic from edges that may go on serving it; at most {most} % may move at once."),
                "Look at what changed in prices, round trips and services, pace the change (Solve:PacePercent, Solve:MoveBudgetPercent) or force one table; Guard:MovedPercent is the limit."));
        }
        double rise = InputGuard.Percent(Unexplained(plan, held.InForce), demand);
        if (limits.UnservedRisePercent is { } mostRise && rise > mostRise)
        {
            found.Add(new("unserved_rise", rise, mostRise,
                InputGuard.Text($"The plan leaves {rise:0.#} % of all traffic unserved that the plan in force serves and that neither more demand nor dead edges explain; at most {mostRise} % is accepted."),
                "Look at capacities, contracts, the law and the reach of services, or force one table; Guard:UnservedRisePercent is the limit."));
        }
        return found;
    }

    /// <summary>
    /// Unserved volume beyond the plan in force, its share of today's demand, and beyond what it had on edges that may not serve any more. Edges that
    /// may serve could go on carrying what they carried: so with the same facts this is never above 0.
    /// </summary>
    private static long Unexplained(TrafficPlan plan, TrafficPlan inForce)
    {
        CostModel model = plan.Model;
        long[] row = new long[model.Snapshot.World.Edges.Length];
        long unserved = 0, before = 0, evacuated = 0;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            unserved += plan.Unserved(g);
            long carried = 0;
            ReadOnlySpan<int> edges = model.Prior.Edges(g);
            if (!edges.IsEmpty) model.Row(g, row);
            for (int i = 0; i < edges.Length; i++)
            {
                long volume = model.Prior.Volumes(g)[i];
                carried += volume;
                if (row[edges[i]] == CostModel.NotAllowed && !model.Snapshot.World.Health.Of(model.Snapshot.World.Edges[edges[i]]).CanServe) evacuated += volume;
            }
            before += model.Groups[g].Demand - carried;
        }
        long grown = Math.Max(0, model.Groups.Sum(static g => g.Demand) - Demand(inForce));
        return Math.Max(0, unserved - before - evacuated - grown);
    }

    private static long Demand(TrafficPlan plan) => plan.Model.Groups.Sum(static g => g.Demand);
}
