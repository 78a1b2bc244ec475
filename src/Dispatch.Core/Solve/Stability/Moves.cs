namespace TrafficDispatch.Solve.Stability;

/// <summary>What a plan changes against the plan in force, in flow units.</summary>
/// <param name="Arriving">What edges carry above what they would have carried.</param>
/// <param name="Voluntary">What leaves edges that may go on serving it.</param>
public readonly record struct Moves(long Arriving, long Voluntary)
{
    /// <summary>Counts a plan's moves. O(volumes + groups × edges).</summary>
    public static Moves Of(TrafficPlan plan)
    {
        CostModel model = plan.Model;
        long[] row = new long[model.Snapshot.World.Edges.Length];
        long arriving = 0, voluntary = 0;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            foreach (int e in plan.Edges(g)) arriving += Math.Max(0, plan.Volume(g, e) - model.Prior.Volume(g, e));
            ReadOnlySpan<int> before = model.Prior.Edges(g);
            if (before.IsEmpty) continue;
            model.Row(g, row);
            for (int i = 0; i < before.Length; i++)
                if (row[before[i]] != CostModel.NotAllowed) voluntary += Math.Max(0, model.Prior.Volumes(g)[i] - plan.Volume(g, before[i]));
        }
        return new(arriving, voluntary);
    }

    /// <summary>What has to arrive somewhere whatever the plan: new demand, and what edges carried that may not serve it any more.</summary>
    public static long Unavoidable(CostModel model)
    {
        long[] row = new long[model.Snapshot.World.Edges.Length];
        long sum = 0;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            sum += model.Groups[g].Demand;
            ReadOnlySpan<int> before = model.Prior.Edges(g);
            if (before.IsEmpty) continue;
            model.Row(g, row);
            for (int i = 0; i < before.Length; i++)
                if (row[before[i]] != CostModel.NotAllowed) sum -= model.Prior.Volumes(g)[i];
        }
        return sum;
    }
}
