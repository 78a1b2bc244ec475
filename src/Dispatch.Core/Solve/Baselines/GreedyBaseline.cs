namespace TrafficDispatch.Solve.Baselines;

/// <summary>
/// Greedy with spill: groups by falling demand, then region id, then profile, each on its cheapest allowed edge with
/// room (the edge's own, its contracts' and the peering cap's), spilling on to the next. What operators did before they solved, and what an optimum has to be worth more than.
/// </summary>
public static class GreedyBaseline
{
    /// <summary>The name that reports give it.</summary>
    public const string Name = "greedy-with-spill";

    /// <summary>The rule in one sentence.</summary>
    public const string Rule = "groups by falling demand, then id, each on its cheapest allowed edge with room, spilling on to the next";

    /// <summary>Fills the edges greedily over all allowed edges.</summary>
    /// <remarks>O(E) for each group and edge it spills to, with E edges.</remarks>
    public static TrafficPlan Plan(CostModel model)
    {
        int edges = model.Snapshot.World.Edges.Length;
        RoomLeft room = new(model);
        (int[] Edges, long[] Volumes, long Unserved)[] served = new (int[], long[], long)[model.Groups.Count];
        long[] row = new long[edges];
        foreach (int g in ByFallingDemand(model))
        {
            model.Row(g, row);
            for (int e = 0; e < edges; e++) if (row[e] != CostModel.NotAllowed) row[e] += model.ListPrice(e);
            served[g] = Fill(model.Groups[g], row, room);
        }
        TrafficPlan.Builder plan = new(model);
        for (int g = 0; g < served.Length; g++) plan.Add(g, served[g].Edges, served[g].Volumes, served[g].Unserved);
        return plan.Build();
    }

    private static int[] ByFallingDemand(CostModel model)
    {
        int[] order = [.. Enumerable.Range(0, model.Groups.Count)];
        Array.Sort(order, (a, b) =>
        {
            (ClientGroup x, ClientGroup y) = (model.Groups[a], model.Groups[b]);
            if (x.Demand != y.Demand) return y.Demand.CompareTo(x.Demand);
            int byId = string.CompareOrdinal(model.Snapshot.World.Regions[x.Region].Id, model.Snapshot.World.Regions[y.Region].Id);
            return byId != 0 ? byId : x.Profile.CompareTo(y.Profile);
        });
        return order;
    }

    private static (int[] Edges, long[] Volumes, long Unserved) Fill(ClientGroup group, long[] row, RoomLeft room)
    {
        long demand = group.Demand;
        SortedList<int, long> taken = [];
        while (demand > 0)
        {
            int best = -1;
            for (int e = 0; e < row.Length; e++)
                if (row[e] != CostModel.NotAllowed && (best < 0 || row[e] < row[best]) && room.Of(group.Region, e) > 0) best = e;
            if (best < 0) break;
            long volume = Math.Min(demand, room.Of(group.Region, best));
            room.Take(group.Region, best, volume);
            demand -= volume;
            taken.Add(best, volume);
        }
        return ([.. taken.Keys], [.. taken.Values], demand);
    }
}
