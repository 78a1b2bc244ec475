using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

/// <summary>
/// A month small enough for the exact optimum: edges e0, e1 … each under a percentile contract c0, c1 … of its own, and a dear edge
/// without contract that takes everything. Rates are a few Mbit/s, slots are hours.
/// </summary>
internal sealed class ToyMonth
{
    /// <summary>Price of the edge without contract: 9000 micro-USD for a Mbit/s and hour.</summary>
    private const double DearUsdPerGb = 0.02;

    private ToyMonth(World world, MonthDemand month) => (World, Month) = (world, month);

    public World World { get; }

    public MonthDemand Month { get; }

    /// <summary>Builds a month.</summary>
    /// <param name="free">Free slots.</param>
    /// <param name="contracts">Capacity and commit in Mbit/s, price in USD for a Mbit/s and month.</param>
    /// <param name="rtt">Milliseconds by region and edge, the dear edge last.</param>
    /// <param name="demand">Mbit/s by slot and region.</param>
    public static ToyMonth Of(int free, (int Capacity, int Commit, double Usd)[] contracts, double[][] rtt, long[][] demand)
    {
        ImmutableArray<Edge> edges = [.. contracts.Select((c, i) => Edge($"e{i}", c.Capacity, 0.5)), Edge("dear", 1_000_000, DearUsdPerGb)];
        World world = new(new WorldFacts
        {
            Version = "toy",
            Regions = [.. rtt.Select((_, r) => new ClientRegion($"R{r}", Place("Z"), "Toyland", 0, "T", false, new(1)))],
            Edges = edges,
            Rtt = new RttMatrix(rtt.Length, edges.Length, [.. rtt.SelectMany(static row => row)]),
            Diurnal = DiurnalCurve.Flat,
            Contracts = [.. contracts.Select((c, i) => new Contract($"c{i}", null, [$"e{i}"], default, null)
            {
                Billing = BillingMethod.Percentile95,
                Commit = new Gbps(c.Commit / 1000.0),
                Tiers = [new(null, c.Usd)],
            })],
        });
        return new(world, new TableMonth(new(demand.Length, 1, free), demand));
    }

    /// <summary>The same month in a changed world.</summary>
    public ToyMonth In(Func<WorldFacts, WorldFacts> change) => new(new World(change(World.Facts)), Month);

    /// <summary>Both ways, learned from the month itself.</summary>
    public MonthComparison Compare(int rounds = 12) => MonthSimulator.Compare(World, Month, Month, new MonthOptions { SearchRounds = rounds, RefineRounds = 4 * rounds });

    public static Place Place(string zone) => new("Town", "XX", "EU", zone, default);

    private static Edge Edge(string id, int mbps, double usdPerGb) =>
        new(id, "own", false, id, Place("Z"), new(mbps / 1000.0), new(PriceModel.PerGb, usdPerGb, 0), "D:" + id, "T");

    private sealed class TableMonth(BillingPeriod period, long[][] demand) : MonthDemand
    {
        public override BillingPeriod Period => period;

        public override void Fill(int slot, Span<long> mbps) => demand[slot].CopyTo(mbps);
    }
}
