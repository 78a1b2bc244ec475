namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Who served whom before: yesterday's demand placed by the greedy rule, the state that keep arcs and sticky sessions refer to.</summary>
/// <remarks>
/// Yesterday's demand is today's, drifted; a few edges were out. Within the edge capacities, so what today's demand leaves of it can be
/// kept as it is: that is the flow by which every network made from it is known to be feasible.
/// </remarks>
internal sealed class PreviousAssignment
{
    private const double OutOfService = 0.04;
    private readonly int[] _first, _count;
    private readonly List<Share> _shares = [];

    /// <summary>Places yesterday's demand.</summary>
    /// <param name="clients">Today's demand and the candidates.</param>
    /// <param name="edges">What the edges hold.</param>
    /// <param name="law">Which candidates a group may use.</param>
    /// <param name="drift">The largest relative change of a group's demand since.</param>
    /// <param name="seed">Seed of the network.</param>
    public PreviousAssignment(Clients clients, EdgeFleet edges, Residency law, double drift, int seed)
    {
        SplitMix random = new(seed, RandomStream.Drift);
        _first = new int[clients.Count];
        _count = new int[clients.Count];
        long[] room = Array.ConvertAll(edges.Capacity, c => random.Uniform() < OutOfService ? 0 : c);
        long[] demand = Array.ConvertAll(clients.Demand, d => Math.Max(1, (long)(d * (1 + drift * random.Between(-1, 1)))));
        foreach (int group in ByPriorityThenDemand(clients, demand)) Place(group, demand[group], clients, edges, law, room);
    }

    /// <summary>The shares of a group, cheapest first; may fall short of its demand.</summary>
    public ReadOnlySpan<Share> Of(int group) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_shares).Slice(_first[group], _count[group]);

    private static int[] ByPriorityThenDemand(Clients clients, long[] demand)
    {
        (int Priority, long Demand, int Group)[] keys = new (int, long, int)[clients.Count];
        for (int g = 0; g < keys.Length; g++) keys[g] = (clients.Priority(g), -demand[g], g);
        Array.Sort(keys);
        return Array.ConvertAll(keys, static k => k.Group);
    }

    /// <summary>The cheapest allowed edges with room, one after the other.</summary>
    private void Place(int group, long demand, Clients clients, EdgeFleet edges, Residency law, long[] room)
    {
        _first[group] = _shares.Count;
        ReadOnlySpan<int> candidates = clients.Candidates(group);
        while (demand > 0)
        {
            int best = -1;
            long least = long.MaxValue;
            for (int k = 0; k < candidates.Length; k++)
            {
                if (room[candidates[k]] == 0 || !law.Allows(group, candidates[k])) continue;
                long cost = clients.LatencyCost(group, k) + edges.Price[candidates[k]];
                if (cost < least) (least, best) = (cost, k);
            }
            if (best < 0) break;
            long volume = Math.Min(demand, room[candidates[best]]);
            room[candidates[best]] -= volume;
            demand -= volume;
            _shares.Add(new Share(best, candidates[best], volume));
        }
        _count[group] = _shares.Count - _first[group];
    }

    /// <summary>What one candidate served.</summary>
    internal readonly record struct Share(int Candidate, int Edge, long Volume);
}
