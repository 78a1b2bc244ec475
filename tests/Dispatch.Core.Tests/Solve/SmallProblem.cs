using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Solve;

/// <summary>A world small enough to be solved by trying everything: whole Gbit/s, a few regions and edges.</summary>
/// <param name="Demand">Peak of each region, Gbit/s.</param>
/// <param name="Capacity">Capacity of each edge, Gbit/s.</param>
/// <param name="Rtt">Round trip of each region (row) to each edge (column), ms.</param>
/// <param name="Price">USD per GB of each edge.</param>
/// <param name="Bound">Which regions are bound to jurisdiction J0; edge 0 alone stands there.</param>
public sealed record SmallProblem(int[] Demand, int[] Capacity, int[][] Rtt, int[] Price, bool[] Bound)
{
    /// <summary>Random problems that shrink: fewer regions, fewer edges, smaller figures.</summary>
    public static Arbitrary<SmallProblem> Arbitrary { get; } = Arb.From(Generator(), Shrink);

    /// <summary>The problem as a world with one flat day, one class and one service.</summary>
    public World ToWorld()
    {
        ClientRegion[] regions = [.. Demand.Select((d, i) => new ClientRegion(
            $"R{i}", At("AA", i), "Land", 0, Bound[i] ? "J0" : "J1", Bound[i], new(d)))];
        Edge[] edges = [.. Capacity.Select((c, i) => new Edge(
            $"e{i}", i % 2 == 0 ? "own" : "cdn", i % 2 != 0, "XXX", At("AA", i), new(c), new(PriceModel.PerGb, Price[i] / 1000.0, 0), $"D{i}", i == 0 ? "J0" : "J1"))];
        double[] rtt = [.. Rtt.SelectMany(static row => row.Select(static v => (double)v))];
        return new World(new WorldFacts
        {
            Version = "small",
            Regions = [.. regions],
            Edges = [.. edges],
            Rtt = new RttMatrix(regions.Length, edges.Length, rtt),
            Diurnal = DiurnalCurve.Flat,
        });
    }

    public override string ToString() =>
        $"demand [{string.Join(' ', Demand)}] capacity [{string.Join(' ', Capacity)}] price [{string.Join(' ', Price)}] " +
        $"bound [{string.Join(' ', Bound)}] rtt [{string.Join(" / ", Rtt.Select(static r => string.Join(' ', r)))}]";

    private static Place At(string iso, int i) => new("Town", iso, i % 2 == 0 ? "EU" : "NA", $"Z{i % 2}", new(0, i));

    private static Gen<SmallProblem> Generator() =>
        from regions in Gen.Choose(1, 4)
        from edges in Gen.Choose(1, 4)
        from demand in Gen.ArrayOf(Gen.Choose(0, 4), regions)
        from capacity in Gen.ArrayOf(Gen.Choose(0, 4), edges)
        from rtt in Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 60), edges), regions)
        from price in Gen.ArrayOf(Gen.Choose(0, 90), edges)
        from bound in Gen.ArrayOf(Gen.Elements(false, false, true), regions)
        select new SmallProblem(demand, capacity, rtt, price, bound);

    private static IEnumerable<SmallProblem> Shrink(SmallProblem p)
    {
        for (int r = 0; p.Demand.Length > 1 && r < p.Demand.Length; r++)
            yield return p with { Demand = Without(p.Demand, r), Rtt = Without(p.Rtt, r), Bound = Without(p.Bound, r) };
        for (int e = 0; p.Capacity.Length > 1 && e < p.Capacity.Length; e++)
        {
            int at = e;
            yield return p with { Capacity = Without(p.Capacity, e), Price = Without(p.Price, e), Rtt = [.. p.Rtt.Select(row => Without(row, at))] };
        }
        if (p.Demand.Any(static d => d > 1)) yield return p with { Demand = [.. p.Demand.Select(static d => d / 2)] };
        if (p.Price.Any(static d => d > 0)) yield return p with { Price = [.. p.Price.Select(static d => d / 2)] };
    }

    private static T[] Without<T>(T[] array, int index) => [.. array.Where((_, i) => i != index)];
}

/// <summary>Solves small problems by trying every split of every group over every edge: independent of any flow algorithm.</summary>
internal static class ExhaustiveSolver
{
    /// <summary>The least cost of serving or leaving every group, in the model's own integers divided by <paramref name="unit"/> flow units a step.</summary>
    public static Int128 Optimum(TrafficDispatch.Solve.CostModel model, long unit)
    {
        int edges = model.Snapshot.World.Edges.Length;
        long[] room = [.. Enumerable.Range(0, edges).Select(e => model.Capacity(e) / unit)];
        long[][] rows = [.. Enumerable.Range(0, model.Groups.Count).Select(g => { long[] row = new long[edges]; model.Row(g, row); return row; })];
        return Best(model, rows, unit, 0, room, []);
    }

    private static Int128 Best(TrafficDispatch.Solve.CostModel model, long[][] rows, long unit, int group, long[] room, Dictionary<string, Int128> seen)
    {
        if (group == rows.Length) return 0;
        string key = $"{group}:{string.Join(',', room)}";
        if (seen.TryGetValue(key, out Int128 known)) return known;
        Int128 best = Split(group, 0, model.Groups[group].Demand / unit);
        seen[key] = best;
        return best;

        Int128 Split(int g, int edge, long left)
        {
            if (edge == room.Length) return (Int128)left * unit * model.UnservedCost(g) + Best(model, rows, unit, g + 1, room, seen);
            Int128 least = Split(g, edge + 1, left);
            if (rows[g][edge] == TrafficDispatch.Solve.CostModel.NotAllowed) return least;
            for (long take = 1; take <= Math.Min(left, room[edge]); take++)
            {
                room[edge] -= take;
                Int128 cost = (Int128)take * unit * rows[g][edge] + Split(g, edge + 1, left - take);
                room[edge] += take;
                if (cost < least) least = cost;
            }
            return least;
        }
    }
}
