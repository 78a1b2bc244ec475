using System.Globalization;

namespace TrafficDispatch.Cli.Tests.Oracle;

/// <summary>The reference objective straight from the tables' text, by the words of the design document.</summary>
internal sealed class ReferenceProblem
{
    public const long UnservedCost = 200_000;

    /// <summary>Marks an edge that a region may not use.</summary>
    public const long Forbidden = long.MaxValue;

    public required string[] Regions { get; init; }

    public required long[] Demand { get; init; }

    public required long[] Room { get; init; }

    public required long[][] Cost { get; init; }

    public static ReferenceProblem Read(
        string world, int hour, double maxRtt, Func<Dictionary<string, string>, bool> dropped, Func<Dictionary<string, string>, double> scale)
    {
        List<Dictionary<string, string>> regions = CsvText.Read(Path.Combine(world, "regions.csv"));
        List<Dictionary<string, string>> edges = CsvText.Read(Path.Combine(world, "edges.csv"));
        Dictionary<string, Dictionary<string, string>> rtt = CsvText.Read(Path.Combine(world, "rtt_region_edge.csv"))
            .ToDictionary(static r => r["region_id"], StringComparer.Ordinal);
        Dictionary<int, double> day = CsvText.Read(Path.Combine(world, "diurnal.csv"))
            .ToDictionary(static r => int.Parse(r["local_hour"], CultureInfo.InvariantCulture), static r => Number(r["fraction_of_peak"]));
        return new()
        {
            Regions = [.. regions.Select(static r => r["region_id"])],
            Demand = [.. regions.Select(r => Whole(100 * Number(r["peak_gbps"]) * day[LocalHour(hour, Number(r["utc_offset_h"]))] * scale(r)))],
            Room = [.. edges.Select(e => dropped(e) ? 0 : Whole(100 * Number(e["capacity_gbps"])))],
            Cost = [.. regions.Select(r => edges.Select(e => Cost1(r, e, Number(rtt[r["region_id"]][e["edge_id"]]), maxRtt)).ToArray())],
        };
    }

    /// <summary>Greedy as the design document says it: falling demand, then id; cheapest edge with room; spill on.</summary>
    public long Greedy()
    {
        long[] room = [.. Room];
        long total = 0;
        foreach (int r in Enumerable.Range(0, Demand.Length).OrderByDescending(r => Demand[r]).ThenBy(r => Regions[r], StringComparer.Ordinal))
        {
            long left = Demand[r];
            foreach (int e in Enumerable.Range(0, room.Length).Where(e => Cost[r][e] != Forbidden).OrderBy(e => Cost[r][e]))
            {
                long volume = Math.Min(left, room[e]);
                room[e] -= volume;
                left -= volume;
                total += volume * Cost[r][e];
            }
            total += left * UnservedCost;
        }
        return total;
    }

    private static int LocalHour(int hour, double offset)
    {
        double local = hour + offset;
        return (int)Math.Floor(local - 24 * Math.Floor(local / 24));
    }

    private static long Cost1(Dictionary<string, string> region, Dictionary<string, string> edge, double rtt, double maxRtt)
    {
        bool lawful = region["residency_rule"].Length == 0 || region["jurisdiction"] == edge["jurisdiction"];
        return lawful && rtt <= maxRtt ? Whole(1e6 * Number(edge["usd_per_gb"])) + Whole(100 * rtt) : Forbidden;
    }

    private static long Whole(double value) => (long)Math.Round(value, MidpointRounding.ToEven);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
