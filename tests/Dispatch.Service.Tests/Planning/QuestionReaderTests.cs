using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Planning;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>Every fault of a question is told at once, with its place, and nothing is run.</summary>
public sealed class QuestionReaderTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void Read_ManyFaults_TellsAllOfThem()
    {
        (WhatIfQuestion? question, var faults) = QuestionReader.Read(new()
        {
            Scenario = "{\"utc_hour\": 24,\n \"edits\": [{\"fail\": \"region:FR-01\"},\n  {\"surge\": \"all\", \"factor\": \"x\"}]}",
            Most = 5001,
            Capacity = new() { TotalMbps = 0, PieceMbps = -1, Tried = 65, MicroUsdPerGbpsMonth = -1, At = { "zone:EUW" } },
        });
        Assert.Null(question);
        string[] expected =
        [
            "1:14: utc_hour: is '24'; it must be a number from 0 to 23",
            "2:21: edits[0].fail: is 'region:FR-01'; it must be all or edge:ID, operator:ID, domain:ID or site:CODE",
            "3:30: edits[1].factor: is 'x'; it must be a number of at least 0",
            "most: is 5001; it must be at most 5000, or 0 for 50",
            "capacity.total_mbps: is 0; it must be from 1 to 1000000000000",
            "capacity.piece_mbps: is -1; it must be from 1 to 1000000000000",
            "capacity.tried: is 65; it must be at most 64, or 0 for 6",
            "capacity.micro_usd_per_gbps_month: is -1; it must be from 0 to 1000000000000000",
            "capacity.at: is 'zone:EUW'; it must be all or edge:ID, operator:ID, domain:ID or site:CODE",
        ];
        Assert.Equal(string.Join('\n', expected), string.Join('\n', faults));
    }

    [Theory]
    [InlineData("""{"each":"edge","hours":"day"}""", false)]
    [InlineData("""{"each":"edge","month":{}}""", false)]
    [InlineData("""{"each":"edge","pareto":"default"}""", false)]
    [InlineData("""{"each":"edge"}""", true)]
    public void Read_SeveralCasesOverTime_AreRefused(string scenario, bool failures)
    {
        WhatIfRequest request = new() { Scenario = scenario, Failures = failures ? new() : null };
        Assert.Equal("1:1: hours, month, pareto, capacity and failures are of one case; variants and each make several", Assert.Single(QuestionReader.Read(request).Faults));
    }

    [Theory]
    [InlineData("{", "1:2: it is no JSON: ")]
    [InlineData("[]", "1:1: is a list; it must be a map with edits")]
    [InlineData("""{"edit":[]}""", "1:2: edit: is unknown here; known are ")]
    public void Read_NoScenario_SaysWhere(string scenario, string words) => Assert.StartsWith(words, QuestionReader.Read(new() { Scenario = scenario }).Faults[0], StringComparison.Ordinal);

    [Fact]
    public void Read_LongestScenario_IsTheBound()
    {
        string longest = "{}" + new string(' ', QuestionReader.LongestScenario - 2);
        Assert.Empty(QuestionReader.Read(new() { Scenario = longest }).Faults);
        Assert.Equal($"scenario: has {QuestionReader.LongestScenario + 1} bytes; it must have at most {QuestionReader.LongestScenario}", Assert.Single(QuestionReader.Read(new() { Scenario = longest + " " }).Faults));
    }

    [Fact]
    public async Task WhatIf_Faults_AreTheStatusAndNothingRuns()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Planner:MaxCases=3", "Solve:Failures=off");
        await Refused("""{"edits":[{"fail":"edge:"}]}""", "1:19: edits[0].fail: is 'edge:'; it must be");
        await Refused("""{"each":"edge"}""", "it asks for 4 cases; at most 3 are tried here (Planner:MaxCases)");
        await Refused("{}", "capacity.at: is 'edge:nowhere'; the world holds no such edge", static r => r.Capacity = new() { TotalMbps = 1, PieceMbps = 1, At = { "edge:nowhere" } });
        // As many lines as fit into trailers, and how many do not.
        string many = "{\"edits\":[" + string.Join(',', Enumerable.Repeat("{}", 30)) + "]}";
        await Refused(many, "and 10 more");
        Assert.Equal(0, service.Part<PlannerTally>().Cases);
        // What only the world shows is told with its place, too.
        await Refused("{\"edits\":[\n {\"fail\":\"edge:own-par\"},\n {\"fail\":\"edge:nowhere\"}]}", "3:2: edits[1]: ");
        Assert.Equal(0, service.Part<PlannerTally>().Cases);

        async Task Refused(string scenario, string words, Action<WhatIfRequest>? more = null)
        {
            using WhatIfReader reader = service.Ask(scenario, more);
            (RpcException error, _) = await reader.Failure();
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatIf_ScenarioOfAMegabyte_IsTaken()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:Failures=off");
        using WhatIfReader longest = service.Ask("{}" + new string(' ', QuestionReader.LongestScenario - 2));
        await longest.All();
        using WhatIfReader longer = service.Ask(new string(' ', 2 * QuestionReader.LongestScenario));
        Assert.Equal(StatusCode.ResourceExhausted, (await longer.Failure()).Error.StatusCode);
    }
}
