using System.Globalization;
using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Oracle;

/// <summary>The tool's reference objective on the shipped world against another reading of the tables and another algorithm.</summary>
public sealed class ReferenceObjectiveTests
{
    [Theory]
    [InlineData(16, null, "", "")]
    [InlineData(0, null, "", "")]
    [InlineData(20, "60", "", "")]
    [InlineData(9, "30.2", "operator:cdn-bunny", "")]
    [InlineData(3, "80", "operator:own|domain:HK:Hong Kong|edge:cf-fra", "zone:EUW=1.2|continent:AS=0.5")]
    [InlineData(16, null, "operator:cdn-cloudfront", "continent:EU=3|zone:EUE=1.1|region:DE-01=0")]
    public Task Solve_ShippedWorld_MatchesTheOracle(int hour, string? maxRtt, string drops, string scales) =>
        Compare(Repository.World, hour, maxRtt, drops, scales);

    [Fact]
    public async Task Solve_RandomSeededWorlds_MatchTheOracle()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            Random random = new(seed);
            using TempFolder folder = new();
            RandomWorld.Write(folder, random);
            string? maxRtt = random.Next(2) == 0 ? null : Text(random.Next(5, 30));
            string drops = random.Next(3) == 0 ? "edge:edge-0" : "", scales = random.Next(2) == 0 ? "continent:EU=1.35|region:R-0=0.5" : "";
            await Compare(folder.Path, random.Next(24), maxRtt, drops, scales, $"seed {seed}: ");
        }
    }

    private static async Task Compare(string world, int hour, string? maxRtt, string drops, string scales, string label = "")
    {
        string[] dropped = Parts(drops), scaled = Parts(scales);
        List<string> arguments = ["solve", "--world", world, "--objective", "reference", "--json", "--utc-hour", Text(hour)];
        if (maxRtt is not null) arguments.AddRange(["--max-rtt-ms", maxRtt]);
        foreach (string drop in dropped) arguments.AddRange(["--drop", drop]);
        if (scaled.Length > 0) arguments.AddRange(["--scale", .. scaled]);
        CliRun run = await CliRun.Of([.. arguments]);
        Assert.True(run.Code == 0, label + run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;

        double limit = maxRtt is null ? double.PositiveInfinity : double.Parse(maxRtt, CultureInfo.InvariantCulture);
        ReferenceProblem problem = ReferenceProblem.Read(world, hour, limit, e => IsDropped(e, dropped), r => Scale(r, scaled));
        (long objective, long unserved) = ShortestPathAssignment.Solve(problem);
        Assert.Equal(label + Text(objective), label + root.GetProperty("objective").GetRawText());
        Assert.Equal(problem.Demand.Sum() / 100.0, root.GetProperty("demand_gbps").GetDouble(), 9);
        Assert.Equal(unserved / 100.0, root.GetProperty("unserved_gbps").GetDouble(), 9);
        Assert.Equal(label + Text(problem.Greedy()), label + root.GetProperty("greedy").GetProperty("objective").GetRawText());
        Assert.True(root.GetProperty("certificate").GetProperty("valid").GetBoolean());
    }

    private static string[] Parts(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsDropped(Dictionary<string, string> edge, string[] drops) => drops.Any(d =>
        d == $"edge:{edge["edge_id"]}" || d == $"operator:{edge["operator"]}" || d == $"domain:{edge["fault_domain"]}");

    private static double Scale(Dictionary<string, string> region, string[] scales)
    {
        double factor = 1.0;
        foreach (string scale in scales)
        {
            string[] halves = scale.Split('=');
            if (halves[0] == $"zone:{region["zone"]}" || halves[0] == $"continent:{region["continent"]}" || halves[0] == $"region:{region["region_id"]}")
                factor *= double.Parse(halves[1], CultureInfo.InvariantCulture);
        }
        return factor;
    }
}
