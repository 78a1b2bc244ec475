using Google.Protobuf;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Measure;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>From what clients measure to the answers, alone and beside vantages.</summary>
public sealed class TelemetryVantageTests : IDisposable
{
    private static readonly string[] Reporters = ["a", "b", "c"], Regions = ["FR-01", "US-01"];
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private ulong _sequence;

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Look_MostClientsLoseAtAnEdge_IsOneVoteThatNeverSufficesAlone()
    {
        await using TestService service = await Start("Health:Quorum=1");
        Lose(service, lost: 60);
        for (int i = 0; i < 3; i++) service.Clock.Advance(TelemetryVantage.Period);
        Assert.Equal(1, service.Holder.Health.Vantages);
        Assert.Empty(service.Holder.Health.Down);
        service.Part<HealthDesk>().Take(new Probe("ams", HealthScope.Edge, "own-par", IsGood: false));
        service.Clock.Advance(TelemetryVantage.Period);
        Assert.Equal("own-par", Assert.Single(service.Holder.Health.Down).Id);
    }

    [Theory]
    [InlineData("quorum", 60, 3, "own-par")]
    [InlineData("quorum", 60, 2, "")]
    [InlineData("quorum", 20, 3, "")]
    [InlineData("one", 60, 3, "")]
    [InlineData("off", 60, 3, "")]
    public async Task Look_VoteByTheSettings_TakesOutOrDoesNot(string vote, uint lost, int reporters, string down)
    {
        await using TestService service = await Start($"Health:TelemetryVote={vote}");
        Lose(service, lost, reporters);
        for (int i = 0; i < 3; i++) service.Clock.Advance(TelemetryVantage.Period);
        Assert.Equal(down, string.Join(' ', service.Holder.Health.Down.Select(static s => s.Id)));
    }

    [Theory]
    [InlineData(3, 3, false, TelemetryVote.One, true)]
    [InlineData(3, 3, true, TelemetryVote.One, true)]
    [InlineData(1, 1, false, TelemetryVote.One, false)]
    [InlineData(2, 2, false, TelemetryVote.One, true)]
    [InlineData(2, 1, false, TelemetryVote.Quorum, false)]
    [InlineData(3, 2, false, TelemetryVote.Quorum, true)]
    [InlineData(2, 1, null, TelemetryVote.One, false)]
    public void AreBad_VotesOfSomeAndTelemetry_DecideByQuorumAndMajority(int seeing, int down, bool? telemetry, TelemetryVote weight, bool expected) =>
        Assert.Equal(expected, new NodeVotes(seeing, down, telemetry).AreBad(new() { Quorum = 1, TelemetryVote = weight }));

    private void Lose(TestService service, uint lost, int reporters = 3)
    {
        foreach (string reporter in Reporters.Take(reporters))
        {
            ReportBatch batch = new() { ReporterId = reporter, Sequence = ++_sequence, MeasuredUnixMs = service.Clock.GetUtcNow().ToUnixTimeMilliseconds() };
            foreach (string region in Regions) batch.Paths.Add(new PathReport { RegionId = region, EdgeId = "own-par", PacketsSent = 100, PacketsLost = lost });
            Assert.True(service.Part<SampleFolder>().TryFold(batch.ToByteArray()));
        }
    }

    private Task<TestService> Start(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null,
        ["Solve:Interval=12:00:00", "Solve:UtcHour=10", "Health:BadToFall=1", "Health:MostTakenPercent=40", "Health:TelemetryRegions=2", .. settings]);
}
