using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Planning;

/// <summary>The tiny world by hand: a asks for 10, own-a serves 6 and cdn-a 3 of it; b asks for 4, of which own-b, its only edge, serves 3.</summary>
public sealed class PlannerCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _world;

    public PlannerCommandTests() => _world = TinyWorld.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatIf_FailAndSurge_FiguresAreThoseReckonedByHand()
    {
        string file = Study("name: own-a gone\nedits:\n  - fail: edge:own-a\n  - surge: country:DE\n    factor: 0.5\n");
        using JsonDocument json = await Answer("whatif", file);
        JsonElement root = json.RootElement;
        Assert.Equal(("own-a gone", true), (root.GetProperty("name").GetString(), root.GetProperty("certified").GetBoolean()));
        Assert.Equal(["fail edge:own-a", "surge country:DE=0.5"], root.GetProperty("edits").EnumerateArray().Select(static e => e.GetString()));
        // a keeps cdn-a's 3 of 10 and gets the 1 of own-b that b, of which only 2 are left, leaves.
        Assert.Equal((2.0, 6.0), Figure(root, "unserved_gbps"));
        Assert.Equal((14.0, 12.0), Figure(root, "demand_gbps"));
        JsonElement region = root.GetProperty("regions").EnumerateArray().First();
        Assert.Equal(("AA-01", 1.0, 6.0), (region.GetProperty("region").GetString(), region.GetProperty("unserved_before_gbps").GetDouble(), region.GetProperty("unserved_after_gbps").GetDouble()));
        JsonElement own = root.GetProperty("bills").EnumerateArray().Single(static b => b.GetProperty("id").GetString() == "own");
        // 9 Gbit/s before and 3 after at 0.01 USD a GB; a Mbit/s carries 0.45 GB an hour.
        Assert.Equal((40.5, 13.5), (own.GetProperty("before_usd_per_hour").GetDouble(), own.GetProperty("after_usd_per_hour").GetDouble()));
        JsonElement full = root.GetProperty("room").EnumerateArray().Single(static r => r.GetProperty("id").GetString() == "cdn-a");
        Assert.Equal((true, JsonValueKind.Null), (full.GetProperty("relieves_after").GetBoolean(), full.GetProperty("worth_after_usd_per_gbps_hour").ValueKind));
    }

    [Fact]
    public async Task WhatIf_Forms_SayTheSame()
    {
        string file = Study("edits:\n  - fail: edge:own-a\n");
        CliRun table = await Run("whatif", file), csv = await Run("whatif", file, "--csv", "edges"), input = await CliRun.WithInput("edits: [{fail: edge:own-a}]", "whatif", "-", "--world", _world, "--csv", "edges");
        Assert.Contains("| own-a |           6.00 |  0.00 |  -6.00 |     6.00 |  0.00 |", table.Output, StringComparison.Ordinal);
        Assert.Equal("edge,before_gbps,after_gbps,change_gbps,capacity_before_gbps,capacity_after_gbps\nown-a,6,0,-6,6,0\n", csv.Output);
        Assert.Equal(csv.Output, input.Output);
        CliRun none = await Run("whatif", file, "--csv", "hours");
        Assert.Equal((0, "", "warning: this answer has no list 'hours'; it has figures, bills, room, regions, edges\n"), (none.Code, none.Output, none.Error));
        Assert.Equal((2, "error: --json and --csv cannot both be given\n"), ((await Run("whatif", file, "--csv", "edges", "--json")).Code, (await Run("whatif", file, "--csv", "edges", "--json")).Error));
        CliRun short_ = await Run("whatif", file, "--top", "0");
        Assert.DoesNotContain("own-a |", short_.Output, StringComparison.Ordinal);
        Assert.Contains("| unserved, Gbit/s    |", short_.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edits:\n  - fail: edge:nowhere\n", "study.yaml:2:5: edits[0]: 'edge:nowhere' names no edge")]
    [InlineData("edits:\n  - surge: all\n", "study.yaml:2:5: edits[0]: needs factor")]
    [InlineData("edits:\n  - surge: all\n    factor: many\n", "study.yaml:3:13: edits[0].factor: is 'many'; it must be a number")]
    [InlineData("edits: [\n", ": it is no YAML: ")]
    [InlineData("", "it is empty")]
    [InlineData("edits: &a []\nname: *a\n", "study.yaml:1:8: uses an anchor")]
    [InlineData("edits: !!seq []\n", "uses a tag")]
    [InlineData("edits: []\n---\nedits: []\n", "study.yaml:2:1: holds a second document")]
    [InlineData("edits: []\nvariants: [{name: a}]\nhours: day\n", "study.yaml:1:1: hours, month and pareto are of one case")]
    public async Task WhatIf_Fault_IsNamedWithFileLineAndRule(string yaml, string fault)
    {
        CliRun run = await Run("whatif", Study(yaml));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_FileThatIsNotThereOrTooLarge_IsNamed()
    {
        Assert.Contains("cannot be read", (await Run("whatif", Path.Combine(_folder.Path, "none.yaml"))).Error, StringComparison.Ordinal);
        Assert.Contains("larger than 1 MiB", (await Run("whatif", Study("# " + new string('x', 1 << 20)))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_JsonFile_ReadsAsYamlDoes()
    {
        string json = _folder.Write("study.json", "{ \"edits\": [ { \"fail\": \"edge:own-a\" } ] }");
        Assert.Equal((await Run("whatif", Study("edits: [{fail: edge:own-a}]"), "--csv", "figures")).Output, (await Run("whatif", json, "--csv", "figures")).Output);
    }

    [Fact]
    public async Task WhatIf_Variants_AreACaseEachWorstFirstAndResumed()
    {
        string file = Study("name: grid\nvariants:\n  - {name: as it is}\n  - {name: half, edits: [{surge: all, factor: 0.5}]}\n  - {name: no own-b, edits: [{fail: edge:own-b}]}\n");
        string journal = Path.Combine(_folder.Path, "grid.jsonl");
        using JsonDocument json = await Answer("whatif", file, "--resume", journal);
        JsonElement[] cases = [.. json.RootElement.GetProperty("cases").EnumerateArray()];
        Assert.Equal(["no own-b", "as it is", "half"], cases.Select(static c => c.GetProperty("case").GetString()));
        Assert.Equal([5.0, 2.0, 0.0], cases.Select(static c => c.GetProperty("unserved_gbps").GetDouble()));
        Assert.Equal([false, true, true], cases.Select(static c => c.GetProperty("absorbed").GetBoolean()));
        using JsonDocument again = await Answer("whatif", file, "--resume", journal);
        Assert.Equal(3, again.RootElement.GetProperty("resumed").GetInt32());
        CliRun other = await Run("whatif", file, "--resume", journal, "--utc-hour", "3");
        Assert.Equal(2, other.Code);
        Assert.Contains("it belongs to another sweep", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_HoursMonthAndPareto_HaveAListEach()
    {
        string file = Study("edits: [{surge: all, factor: 1.1}]\nhours: [3, 4]\nmonth: {days: 1, slot_minutes: 60}\npareto: [0, 1]\n");
        using JsonDocument json = await Answer("whatif", file);
        Assert.Equal([3, 4], json.RootElement.GetProperty("hours").EnumerateArray().Select(static h => h.GetProperty("utc_hour").GetInt32()));
        JsonElement all = json.RootElement.GetProperty("month").EnumerateArray().Last();
        Assert.Equal(("all", true), (all.GetProperty("contract").GetString(), all.GetProperty("change_usd").GetDouble() >= 0));
        Assert.Equal(2, json.RootElement.GetProperty("pareto").GetArrayLength());
    }

    [Fact]
    public async Task Sweep_EveryFailure_WorstFirstAndTakenUpAgain()
    {
        string journal = Path.Combine(_folder.Path, "failures.jsonl");
        using JsonDocument json = await Answer("sweep", "--operators", "--resume", journal);
        Assert.Equal([("operator:own", 11.0), ("domain:FR:A=B:C", 8.0), ("domain:DE:Bb", 5.0), ("domain:FR:Other", 5.0)],
            json.RootElement.GetProperty("cases").EnumerateArray().Select(static c => (c.GetProperty("case").GetString()!, c.GetProperty("unserved_gbps").GetDouble())));
        CliRun again = await Run("sweep", "--operators", "--resume", journal);
        Assert.Contains("4 of them from an earlier run", again.Output, StringComparison.Ordinal);
        using JsonDocument after = await Answer("sweep", Study("edits: [{capacity: edge:own-b, factor: 3}]"));
        Assert.Equal(0.0, after.RootElement.GetProperty("figures").EnumerateArray().Single(static f => f.GetProperty("name").GetString() == "unserved_gbps").GetProperty("baseline").GetDouble());
    }

    [Fact]
    public async Task Sweep_CutByTheLimit_SaysHowToGoOn()
    {
        CliRun run = await CliRun.With(static t => t with { Clock = new HurriedClock() }, "sweep", "--time-limit", "5", "--world", _world);
        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Equal("error: the time limit has passed\nhint: with --resume FILE a run that is cut can be taken up again\n", run.Error);
    }

    [Fact]
    public async Task Compare_Scenarios_StandSideBySide()
    {
        string one = Study("name: a\nedits: [{fail: edge:own-a}]\n"), two = _folder.Write("two.yaml", "name: b\nedits: [{fail: edge:own-b}]\n");
        CliRun run = await Run("compare", one, two, "--csv", "figures");
        Assert.Equal(["figure,name,today,a,b", "\"demand, Gbit/s\",demand_gbps,14,14,14", "\"unserved, Gbit/s\",unserved_gbps,2,8,5"], run.Output.Split('\n').Take(3));
        Assert.Contains("takes one", (await Run("compare", Study("each: edge"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capacity_GoesWhereItServesFirst()
    {
        using JsonDocument json = await Answer("capacity", "--gbps", "2", "--piece", "1");
        Assert.Equal([1.0, 1.0], json.RootElement.GetProperty("pieces").EnumerateArray().Select(static p => p.GetProperty("served_more_gbps").GetDouble()));
        Assert.Equal((2.0, "All that may be added is."), (json.RootElement.GetProperty("added_gbps").GetDouble(), json.RootElement.GetProperty("stopped").GetString()));
        using JsonDocument there = await Answer("capacity", "--gbps", "2", "--piece", "1", "--at", "edge:own-b");
        Assert.Equal(["own-b", "own-b"], there.RootElement.GetProperty("pieces").EnumerateArray().Select(static p => p.GetProperty("id").GetString()));
        Assert.Equal((2, "error: --at is 'edge:none'; the world holds no such edge, operator, domain or site\n"), ((await Run("capacity", "--at", "edge:none")).Code, (await Run("capacity", "--at", "edge:none")).Error));
        Assert.Equal(2, (await Run("capacity", "--at", "zone:EUW")).Code);
    }

    [Fact]
    public async Task Samples_EveryScenario_ReadsAndAppliesToTheShippedWorld()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "samples", "scenarios"));
        Assert.True(files.Length >= 6);
        // Solved once each for a second or two they would be; a limit lets what is asked be read and applied, and no more.
        foreach (string file in files)
        {
            (TrafficDispatch.WhatIf.Files.ScenarioStudy? study, string faults) = Read(file);
            Assert.True(study is not null, faults);
            foreach (var one in study.Cases(Shipped.Value).Cases) Assert.Empty(one.Scenario.Apply(new(Shipped.Value, 16)).Faults);
        }
    }

    /// <summary>The page's examples, each applied to the shipped world; and every kind of edit has its row.</summary>
    [Fact]
    public void Page_EveryExample_ReadsAndApplies()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "scenario.md"));
        string[] parts = page.Split("```");
        int examples = 0;
        for (int i = 1; i < parts.Length; i += 2, examples++)
        {
            string kind = parts[i][..4], file = _folder.Write("page." + kind, parts[i][4..]);
            (TrafficDispatch.WhatIf.Files.ScenarioStudy? study, string faults) = Read(file);
            Assert.True(study is not null, faults);
            foreach (var one in study.Cases(Shipped.Value).Cases) Assert.Empty(one.Scenario.Apply(new(Shipped.Value, 16)).Faults);
        }
        Assert.Equal(4, examples);
        CliRun none = Read(_folder.Write("none.yaml", "edits: [{}]")) is { Study: null, Faults: var text } ? new(2, "", text) : throw new InvalidOperationException("An edit that says nothing was read.");
        foreach (string verb in none.Error.Split("one of ")[1].Split('\n')[0].Split(", ")) Assert.Contains($"| `{verb}` |", page, StringComparison.Ordinal);
    }

    private static readonly Lazy<Model.World> Shipped = new(() => Model.Files.WorldFolder.Load(Path.Combine(Repository.Root, "data", "world"), Model.Files.WorldParts.Network).World!);

    private static (TrafficDispatch.WhatIf.Files.ScenarioStudy? Study, string Faults) Read(string file)
    {
        using StringWriter errors = new();
        return (Input.Studies.StudyFile.Read(new Terminal(TextWriter.Null, errors, static () => Stream.Null), file), errors.ToString());
    }

    /// <summary>A clock on which every wait is over as soon as it begins.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan) callback(state);
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private string Study(string yaml) => _folder.Write("study.yaml", yaml);

    private Task<CliRun> Run(string command, params string[] arguments) => CliRun.Of([command, .. arguments, "--world", _world]);

    private async Task<JsonDocument> Answer(string command, params string[] arguments)
    {
        CliRun run = await Run(command, [.. arguments, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output);
    }

    private static (double Before, double After) Figure(JsonElement root, string name)
    {
        JsonElement row = root.GetProperty("figures").EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);
        return (row.GetProperty("before").GetDouble(), row.GetProperty("after").GetDouble());
    }
}
