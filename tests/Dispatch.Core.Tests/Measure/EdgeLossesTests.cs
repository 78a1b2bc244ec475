using System.Collections.Immutable;
using TrafficDispatch.Measure;

namespace TrafficDispatch.Core.Tests.Measure;

public sealed class EdgeLossesTests
{
    private readonly Telemetry _t = new();

    [Fact]
    public void Losses_NothingMeasured_IsEmpty() => Assert.Empty(Losses());

    [Fact]
    public void Losses_MostRegionsAndReportersLose_AreCounted()
    {
        foreach (string reporter in (string[])["a", "b", "c"])
        {
            Say(reporter, "FR-01", lost: 80);
            Say(reporter, "US-01", lost: 100);
            Say(reporter, "FR-01", lost: 1, edge: "own-bos");
        }
        Say("d", "US-01", lost: 0);
        Assert.Equal([new(Edge("own-par"), 2, 2, 4, 3), new(Edge("own-bos"), 1, 0, 3, 0)], Losses().OrderBy(static l => l.Edge));
    }

    [Fact]
    public void Losses_OneReporterSendsMost_DecidesForItselfAlone()
    {
        for (int i = 0; i < 20; i++) Say("loud", "FR-01", lost: 100);
        Say("a", "FR-01", lost: 0);
        Say("b", "FR-01", lost: 2);
        EdgeLosses losses = Assert.Single(Losses());
        Assert.Equal((1, 0, 3, 1), (losses.Regions, losses.LosingRegions, losses.Reporters, losses.LosingReporters));
    }

    [Fact]
    public void Losses_FewPacketsOrOldOnes_SayNothing()
    {
        Say("a", "FR-01", lost: 49, sent: 49);
        Assert.Empty(Losses());
        Say("b", "FR-01", lost: 100, sent: 100);
        Assert.Single(Losses());
        _t.Pass(TimeSpan.FromMinutes(11));
        Assert.Empty(Losses());
    }

    [Fact]
    public void Losses_AtTheThreshold_Loses()
    {
        Say("a", "FR-01", lost: 30);
        Say("b", "FR-01", lost: 29);
        EdgeLosses losses = Assert.Single(Losses());
        Assert.Equal((2, 1), (losses.Reporters, losses.LosingReporters));
    }

    private ImmutableArray<EdgeLosses> Losses() => _t.Book.Losses(_t.Now, 30, static work => work());

    private int Edge(string id) => _t.World.EdgeOrdinal(id);

    private void Say(string reporter, string region, int lost, int sent = 100, string edge = "own-par") =>
        Assert.Equal(SampleFault.None, _t.Say(reporter, new PathSample { Region = region, Edge = edge, Network = "", PacketsSent = sent, PacketsLost = lost }));
}
