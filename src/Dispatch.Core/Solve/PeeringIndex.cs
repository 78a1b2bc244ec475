using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>Which peering cap stands between a region and an edge, and what each cap carries. Immutable and thread-safe.</summary>
internal sealed class PeeringIndex
{
    /// <summary>No cap.</summary>
    public const int None = -1;

    private readonly Dictionary<(int Region, int Edge), int> _capOf = [];

    /// <summary>Indexes caps; of one region and edge there is one at most. O(regions of all caps).</summary>
    public PeeringIndex(ImmutableArray<PeeringCap> caps)
    {
        Count = caps.Length;
        for (int p = 0; p < caps.Length; p++)
            foreach (int region in caps[p].Regions) _capOf.Add((region, caps[p].Edge), p);
    }

    /// <summary>Number of caps.</summary>
    public int Count { get; }

    /// <summary>The cap between a region and an edge, or <see cref="None"/>. O(1).</summary>
    public int CapOf(int region, int edge) => _capOf.Count > 0 && _capOf.TryGetValue((region, edge), out int cap) ? cap : None;

    /// <summary>What a plan carries through each cap, in flow units. O(volumes).</summary>
    public long[] Loads(TrafficPlan plan)
    {
        long[] loads = new long[Count];
        for (int g = 0; Count > 0 && g < plan.Model.Groups.Count; g++)
        {
            ReadOnlySpan<int> edges = plan.Edges(g);
            ReadOnlySpan<long> volumes = plan.Volumes(g);
            for (int i = 0; i < edges.Length; i++)
                if (CapOf(plan.Model.Groups[g].Region, edges[i]) is >= 0 and int cap) loads[cap] = checked(loads[cap] + volumes[i]);
        }
        return loads;
    }
}
