using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve.Stability;

/// <summary>How much of the way from the plan in force to the optimum is gone in one step.</summary>
/// <param name="Percent">Part of each change that is made, 1 to 100.</param>
/// <param name="DeadBandPercent">Changes of a group by less than this part of its demand are not made at all, 0 to 100.</param>
/// <remarks>Taiji aims at 80 % of the target and skips shifts under 1 % (SOSP'19 §3.1.3). What has to leave its edge leaves at once.</remarks>
public sealed record Pace(int Percent, int DeadBandPercent)
{
    /// <summary>All of every change.</summary>
    public static readonly Pace Full = new(100, 0);
}

/// <summary>Takes a step from the plan in force towards an optimum.</summary>
/// <remarks>
/// What an edge may not or can no longer serve leaves at once and arrives where the optimum has it; the rest of a group's change is made by
/// the pace. A step between two plans can overload an edge that the plan in force already overloads today: groups there then make all of
/// their change, until every bound that the optimum keeps is kept; in the end that is the optimum itself. Deterministic; O(rounds × (volumes + nodes)).
/// </remarks>
public static class Pacing
{
    /// <summary>The plan to publish.</summary>
    public static TrafficPlan Step(TrafficPlan optimum, Pace pace)
    {
        CostModel model = optimum.Model;
        if (pace == Pace.Full) return optimum;
        bool[] whole = new bool[model.Groups.Count];
        while (true)
        {
            TrafficPlan plan = Mix(optimum, pace, whole);
            bool[] tooFull = TooFull(plan);
            bool changed = false;
            for (int g = 0; g < whole.Length; g++)
            {
                if (whole[g] || !Touches(plan, g, tooFull)) continue;
                whole[g] = changed = true;
            }
            if (!changed) return plan;
        }
    }

    private static TrafficPlan Mix(TrafficPlan optimum, Pace pace, bool[] whole)
    {
        TrafficPlan.Builder plan = new(optimum.Model);
        long[] row = new long[optimum.Model.Snapshot.World.Edges.Length];
        for (int g = 0; g < whole.Length; g++)
        {
            optimum.Model.Row(g, row);
            if (whole[g] || optimum.Model.Prior.Edges(g).IsEmpty) plan.Add(g, optimum.Edges(g), optimum.Volumes(g), optimum.Unserved(g));
            else AddStep(plan, optimum, g, row, pace);
        }
        return plan.Build();
    }

    // Leaving: what an edge carries above the optimum. It arrives, edge by edge, where the optimum carries more.
    private static void AddStep(TrafficPlan.Builder plan, TrafficPlan optimum, int group, long[] row, Pace pace)
    {
        CostModel model = optimum.Model;
        ReadOnlySpan<int> before = model.Prior.Edges(group);
        ReadOnlySpan<long> carried = model.Prior.Volumes(group);
        SortedDictionary<int, long> volume = [];
        long left = model.Groups[group].Demand, voluntary = 0;
        for (int i = 0; i < before.Length; i++)
            if (row[before[i]] != CostModel.NotAllowed) voluntary += Math.Max(0, carried[i] - optimum.Volume(group, before[i]));
        int percent = (Int128)voluntary * 100 < (Int128)model.Groups[group].Demand * pace.DeadBandPercent ? 0 : pace.Percent;
        for (int i = 0; i < before.Length; i++)
        {
            if (row[before[i]] == CostModel.NotAllowed) continue;
            long target = optimum.Volume(group, before[i]), over = Math.Max(0, carried[i] - target);
            long kept = Math.Min(left, Math.Min(carried[i], target) + over - (long)(((Int128)over * percent + 99) / 100)); // up, so that the last unit leaves, too
            if (kept > 0) volume[before[i]] = kept;
            left -= kept;
        }
        Arrive(optimum, group, volume, ref left);
        plan.Add(group, [.. volume.Keys], [.. volume.Values], left);
    }

    // What is left goes where the optimum has more, in proportion, the remainder in the order of the edges.
    private static void Arrive(TrafficPlan optimum, int group, SortedDictionary<int, long> volume, ref long left)
    {
        Int128 wanted = 0;
        foreach (int e in optimum.Edges(group)) wanted += Missing(optimum, group, e, volume);
        if (wanted == 0) return;
        Int128 served = Int128.Min(left, wanted);
        Int128 seen = 0;
        long given = 0;
        foreach (int e in optimum.Edges(group))
        {
            long missing = Missing(optimum, group, e, volume);
            seen += missing;
            long upTo = (long)(served * seen / wanted);
            if (upTo > given) volume[e] = volume.GetValueOrDefault(e) + upTo - given;
            given = upTo;
        }
        left -= given;
    }

    private static long Missing(TrafficPlan optimum, int group, int edge, SortedDictionary<int, long> volume) =>
        Math.Max(0, optimum.Volume(group, edge) - volume.GetValueOrDefault(edge));

    // Edges under a node of the tree, or behind a peering cap, that carries more than it has room for.
    private static bool[] TooFull(TrafficPlan plan)
    {
        CapacityTree tree = plan.Model.Tree;
        long[] loads = tree.Loads(plan.EdgeLoads());
        bool[] over = new bool[tree.NodeCount + 1];
        for (int i = tree.NodeCount - 1; i >= 0; i--)
        {
            int node = tree.Order[i];
            over[node] = loads[node] > tree.Cost(node).Room || over[tree.Parent(node)];
        }
        long[] peered = new PeeringIndex(plan.Model.Peering).Loads(plan);
        for (int p = 0; p < peered.Length; p++)
            if (peered[p] > plan.Model.Peering[p].Capacity.ToMbps().Value) over[plan.Model.Peering[p].Edge] = true;
        return over;
    }

    private static bool Touches(TrafficPlan plan, int group, bool[] tooFull)
    {
        foreach (int e in plan.Edges(group)) if (tooFull[e]) return true;
        return false;
    }
}
