using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Stability;

/// <summary>The plan in force, in the terms of another solve: for each of its groups what each of its edges would carry of today's demand if
/// nothing changed.</summary>
/// <remarks>
/// Groups are the same where region and profile are, edges where their ids are. Volumes are the old shares of today's demand, rounded down.
/// Immutable and thread-safe.
/// </remarks>
public sealed class PriorVolumes
{
    private readonly int[] _start;
    private readonly int[] _edge;
    private readonly long[] _volume;

    private PriorVolumes(int[] start, int[] edge, long[] volume) => (_start, _edge, _volume) = (start, edge, volume);

    /// <summary>No plan was in force.</summary>
    /// <param name="groups">Number of groups.</param>
    public static PriorVolumes None(int groups) => new(new int[groups + 1], [], []);

    /// <summary>Edges that serve a group, ascending ordinals.</summary>
    public ReadOnlySpan<int> Edges(int group) => _edge.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>What each of <see cref="Edges"/> would carry.</summary>
    public ReadOnlySpan<long> Volumes(int group) => _volume.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>What an edge would carry of a group.</summary>
    public long Volume(int group, int edge)
    {
        int at = Edges(group).BinarySearch(edge);
        return at < 0 ? 0 : Volumes(group)[at];
    }

    /// <summary>Load of every edge, by ordinal.</summary>
    /// <param name="edges">Number of edges.</param>
    public long[] EdgeLoads(int edges)
    {
        long[] load = new long[edges];
        for (int i = 0; i < _edge.Length; i++) load[_edge[i]] += _volume[i];
        return load;
    }

    /// <summary>Translates a plan.</summary>
    /// <param name="plan">The plan in force.</param>
    /// <param name="world">The world of the solve to come.</param>
    /// <param name="groups">Its groups.</param>
    /// <param name="profileKeys">Key of each of its profiles.</param>
    /// <param name="planKeys">Key of each profile of the plan.</param>
    public static PriorVolumes Of(
        TrafficPlan plan, World world, IReadOnlyList<ClientGroup> groups, IReadOnlyList<string> profileKeys, IReadOnlyList<string> planKeys)
    {
        World old = plan.Model.Snapshot.World;
        Dictionary<(string Region, string Profile), int> known = [];
        for (int g = 0; g < plan.Model.Groups.Count; g++)
            known[(old.Regions[plan.Model.Groups[g].Region].Id, planKeys[plan.Model.Groups[g].Profile])] = g;
        int[] edgeNow = [.. old.Edges.Select(e => world.EdgeOrdinal(e.Id))];
        int[] start = new int[groups.Count + 1];
        List<int> edges = [];
        List<long> volumes = [];
        for (int g = 0; g < groups.Count; g++)
        {
            if (known.TryGetValue((world.Regions[groups[g].Region].Id, profileKeys[groups[g].Profile]), out int before))
                Add(plan, before, groups[g].Demand, edgeNow, edges, volumes);
            start[g + 1] = edges.Count;
        }
        return new(start, [.. edges], [.. volumes]);
    }

    private static void Add(TrafficPlan plan, int group, long demand, int[] edgeNow, List<int> edges, List<long> volumes)
    {
        long before = plan.Model.Groups[group].Demand;
        if (before == 0) return;
        ReadOnlySpan<int> old = plan.Edges(group);
        ReadOnlySpan<long> carried = plan.Volumes(group);
        List<(int Edge, long Volume)> shares = [];
        for (int i = 0; i < old.Length; i++)
        {
            long volume = (long)((Int128)carried[i] * demand / before);
            if (edgeNow[old[i]] >= 0 && volume > 0) shares.Add((edgeNow[old[i]], volume));
        }
        shares.Sort();
        foreach ((int edge, long volume) in shares)
        {
            edges.Add(edge);
            volumes.Add(volume);
        }
    }
}
