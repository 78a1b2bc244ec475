namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Edges: where they are, what a unit costs there, and how much each holds.</summary>
internal sealed class EdgeFleet
{
    private static readonly int[] Tariffs = [50, 80, 120, 160, 220, 300, 450];

    private EdgeFleet(GlobePoint[] places, int[] price) => (Places, Price, Capacity) = (places, price, new long[places.Length]);

    /// <summary>Where each edge is.</summary>
    public GlobePoint[] Places { get; }

    /// <summary>Price of a unit at each edge: one of seven tariffs and some change.</summary>
    public int[] Price { get; }

    /// <summary>Capacity of each edge in Mbit/s, a multiple of 10.</summary>
    public long[] Capacity { get; }

    /// <summary>Draws edges, without capacity as yet.</summary>
    public static EdgeFleet Draw(int count, Metros metros, int seed)
    {
        SplitMix random = new(seed, RandomStream.Price);
        GlobePoint[] places = metros.Machines(new SplitMix(seed, RandomStream.Edges), count, remote: 0.05);
        return new EdgeFleet(places, Array.ConvertAll(places, _ => Tariffs[random.Below(Tariffs.Length)] + random.Below(40)));
    }

    /// <summary>Sizes the edges so that all of them together hold <paramref name="perDemand"/> times the demand.</summary>
    /// <remarks>As planners do: three quarters follow the load that an edge attracts when there are no limits, the rest the demand nearby and
    /// an equal share, with an error of up to half. So some edges fill while others have room.</remarks>
    public void Provision(Clients clients, double perDemand, int seed)
    {
        SplitMix random = new(seed, RandomStream.Capacity);
        double[] attracted = new double[Places.Length], nearby = new double[Places.Length], wish = new double[Places.Length];
        for (int g = 0; g < clients.Count; g++) Attract(clients, g, attracted, nearby);
        double equal = clients.TotalDemand / (double)Places.Length, total = 0;
        for (int e = 0; e < wish.Length; e++)
            total += wish[e] = (0.75 * attracted[e] + 0.15 * nearby[e] + 0.1 * equal) * random.Between(0.53, 1.47);
        double scale = perDemand * clients.TotalDemand / total;
        for (int e = 0; e < wish.Length; e++) Capacity[e] = Math.Max(1, (long)(wish[e] * scale / 10)) * 10;
    }

    /// <summary>A group's demand at its cheapest edge, and spread over the eight nearest.</summary>
    private void Attract(Clients clients, int group, double[] attracted, double[] nearby)
    {
        ReadOnlySpan<int> candidates = clients.Candidates(group);
        int best = 0, near = Math.Min(8, candidates.Length);
        long least = long.MaxValue;
        for (int k = 0; k < candidates.Length; k++)
        {
            long cost = clients.LatencyCost(group, k) + Price[candidates[k]];
            if (cost < least) (least, best) = (cost, candidates[k]);
            if (k < near) nearby[candidates[k]] += clients.Demand[group] / (double)near;
        }
        attracted[best] += clients.Demand[group];
    }
}
