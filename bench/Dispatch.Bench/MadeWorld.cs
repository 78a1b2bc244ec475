using TrafficDispatch.Model;

namespace TrafficDispatch.Bench;

/// <summary>A world of any size, made by seed: places in clusters on the globe, demand as regions have it, three classes, and, where asked for,
/// everything the dispatch model knows.</summary>
internal static class MadeWorld
{
    private const int Clusters = 120, EdgesAnOperator = 100, EdgesASite = 4;

    /// <summary>Makes it. 8 bytes a region and edge for round trips.</summary>
    /// <param name="groups">Client groups wanted; a region has three, one a class.</param>
    /// <param name="edges">Edges.</param>
    /// <param name="features">Adds contracts with floors, ceilings, commits and tiers, peering caps and sticky classes.</param>
    public static World Create(int groups, int edges, bool features)
    {
        int regions = groups / 3;
        var random = new Random(1);
        GeoPoint[] cities = [.. Enumerable.Range(0, Clusters).Select(_ => new GeoPoint(random.NextDouble() * 110 - 45, random.NextDouble() * 360 - 180))];
        GeoPoint[] clients = [.. Enumerable.Range(0, regions).Select(_ => Near(cities, random))], places = [.. Enumerable.Range(0, edges).Select(_ => Near(cities, random))];
        double[] demand = [.. Enumerable.Range(0, regions).Select(_ => Math.Exp(2.2 * random.NextDouble()))];
        double each = 1.25 * demand.Sum() / edges;
        Edge[] rows = [.. places.Select((at, e) => new Edge(
            $"e{e:D5}", $"op{e / EdgesAnOperator}", e % 2 == 0, "SITE", Place(at), new(Math.Round(each * (0.5 + random.NextDouble()), 3)),
            new(PriceModel.PerGb, 0.005 + 0.03 * random.NextDouble(), 0), $"D{e / EdgesASite}", "EU"))];
        TrafficClass[] classes = [Class("live", 1, 0.2, 20, features), Class("vod", 2, 0.65, 8, features), Class("bulk", 3, 0.15, 1, features)];
        var world = new WorldFacts
        {
            Version = "made",
            Regions = [.. clients.Select((at, r) => new ClientRegion($"r{r:D6}", Place(at), "Land", 0, "EU", false, new(demand[r])))],
            Edges = [.. rows],
            Rtt = RoundTrips(clients, places),
            Diurnal = DiurnalCurve.Flat,
            Classes = [.. classes],
            Services = [.. classes.Select(static c => Service.Default with { Id = c.Id, ClassId = c.Id })],
        };
        return new World(features ? world with { Contracts = [.. Contracts(rows)], Peering = [.. Caps(clients, places, demand, random)] } : world);
    }

    private static TrafficClass Class(string id, int priority, double share, double weight, bool features) =>
        new(id, priority, share, weight, null) { StickyShare = features ? 0.3 : 0 };

    private static GeoPoint Near(GeoPoint[] cities, Random random)
    {
        GeoPoint city = cities[(int)(cities.Length * random.NextDouble() * random.NextDouble())];
        return new(Math.Clamp(city.Latitude + 4 * random.NextDouble() - 2, -89, 89), Math.Clamp(city.Longitude + 4 * random.NextDouble() - 2, -179, 179));
    }

    private static Place Place(GeoPoint at) => new("Town", "DE", "EU", "EUW", at);

    private static RttMatrix RoundTrips(GeoPoint[] clients, GeoPoint[] places)
    {
        double[] rtt = new double[clients.Length * places.Length];
        Parallel.For(0, clients.Length, r =>
        {
            for (int e = 0; e < places.Length; e++) rtt[r * places.Length + e] = Math.Round(4 + clients[r].DistanceKm(places[e]) / 70, 1);
        });
        return new RttMatrix(clients.Length, places.Length, rtt);
    }

    // Sites of four edges with a ceiling, in an operator's contract of a hundred with floor, commit, tiers and ceiling.
    private static IEnumerable<Contract> Contracts(Edge[] edges)
    {
        foreach (Edge[] own in edges.Chunk(EdgesAnOperator))
        {
            double capacity = own.Sum(static e => e.Capacity.Value);
            yield return new Contract(own[0].Operator, null, [.. own.Select(static e => e.Id)], new(capacity * 0.2), new Gbps(capacity * 0.97))
            {
                Billing = BillingMethod.Volume,
                Commit = new(capacity * 0.5),
                Tiers = [new(new Gbps(capacity * 0.75), 0.01), new(null, 0.02)],
            };
            foreach (Edge[] site in own.Chunk(EdgesASite))
                yield return new Contract($"site-{site[0].Id}", own[0].Operator, [.. site.Select(static e => e.Id)], new(0), new Gbps(site.Sum(static e => e.Capacity.Value) * 0.95));
        }
    }

    // A hundred networks of neighbouring regions, each with a cap towards one edge.
    private static IEnumerable<PeeringCap> Caps(GeoPoint[] clients, GeoPoint[] places, double[] demand, Random random)
    {
        int size = Math.Max(1, clients.Length / 400);
        for (int n = 0; n < 100 && n < places.Length; n++)
        {
            int[] nearest = [.. Enumerable.Range(0, clients.Length).OrderBy(r => clients[r].DistanceKm(places[n])).Take(size).Order()];
            yield return new PeeringCap($"network:{n}", [.. nearest], n, new(nearest.Sum(r => demand[r]) * (0.1 + 0.2 * random.NextDouble())));
        }
    }
}
