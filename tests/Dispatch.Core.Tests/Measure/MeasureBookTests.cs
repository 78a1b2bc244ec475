using TrafficDispatch.Measure;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Measure;

public sealed class MeasureBookTests
{
    [Fact]
    public void Fold_SameBatchAgain_CountsOnce()
    {
        Telemetry t = new();
        SampleBatch batch = t.Batch("a");
        for (int i = 0; i < 10; i++) batch.Paths.Add(Telemetry.Rtt(20));
        Assert.Equal(SampleFault.None, t.Book.Fold(batch, t.Now));
        Assert.Equal(SampleFault.Duplicate, t.Book.Fold(batch, t.Now));
        Assert.Equal((10, 10), (t.Book.CountOf(SampleFault.None), t.Book.CountOf(SampleFault.Duplicate)));
        Assert.Equal(10, t.Estimate().Samples);
    }

    [Fact]
    public void Fold_SequencesOutOfOrder_CountWithinTheWindowAlone()
    {
        Telemetry t = new();
        SampleFault Say(ulong sequence)
        {
            SampleBatch batch = new() { Reporter = "a", Sequence = sequence, MeasuredAtMs = t.Now };
            batch.Paths.Add(Telemetry.Rtt(20));
            return t.Book.Fold(batch, t.Now);
        }
        Assert.Equal(SampleFault.None, Say(5000));
        Assert.Equal(SampleFault.None, Say(3977));
        Assert.Equal(SampleFault.Late, Say(3976));
        Assert.Equal(SampleFault.Duplicate, Say(3977));
        Assert.Equal(SampleFault.None, Say(6023));
        // 5000 is 1,023 behind: still remembered. A jump over the whole window forgets all of it.
        Assert.Equal(SampleFault.Duplicate, Say(5000));
        Assert.Equal(SampleFault.None, Say(ulong.MaxValue));
        Assert.Equal(SampleFault.Late, Say(6023));
        Assert.Equal(SampleFault.None, Say(ulong.MaxValue - 1));
    }

    [Theory]
    [InlineData(61, SampleFault.Future)]
    [InlineData(59, SampleFault.None)]
    [InlineData(-1199, SampleFault.None)]
    [InlineData(-1201, SampleFault.Old)]
    public void Fold_ClockOfTheReporter_MustBeNearOurs(int secondsAhead, SampleFault expected)
    {
        Telemetry t = new();
        SampleBatch batch = t.Batch("a");
        batch.MeasuredAtMs = t.Now + secondsAhead * 1000L;
        batch.Paths.Add(Telemetry.Rtt(20));
        Assert.Equal(expected, t.Book.Fold(batch, t.Now));
    }

    [Fact]
    public void Fold_MeasuredAtTheEndsOfTime_IsRefused()
    {
        Telemetry t = new();
        foreach (long at in (long[])[long.MinValue, long.MaxValue, 0])
            Assert.NotEqual(SampleFault.None, t.Book.Fold(new SampleBatch { Reporter = "a", Sequence = 1, MeasuredAtMs = at }, t.Now));
    }

    [Fact]
    public void Fold_MoreReportersThanTheCap_RefusesUntilOneIsSilentForLong()
    {
        Telemetry t = new(MeasureSettings.Default with { Reporters = 2 });
        t.Say("a", Telemetry.Rtt(20));
        t.Say("b", Telemetry.Rtt(20));
        Assert.Equal(SampleFault.NoRoom, t.Say("c", Telemetry.Rtt(20)));
        t.Pass(6 * t.Book.Settings.HalfLife);
        Assert.Equal(SampleFault.None, t.Say("c", Telemetry.Rtt(20), 10));
        Assert.Equal((2, 1L), (t.Book.Use().Reporters, t.Book.Use().ReportersForgotten));
        Assert.Equal(10, t.Estimate().Samples);
    }

    [Fact]
    public void Fold_MorePathsThanTheCap_EvictsAndCounts()
    {
        Telemetry t = new(MeasureSettings.Default with { PathCells = 4, ReporterCellPercent = 100 });
        string[] edges = ["own-par", "own-bos", "own-pek", "cdn-par"];
        foreach (string edge in edges) t.Say("a", Telemetry.Rtt(250, "FR-01", edge), 10);
        t.Pass(t.Book.Settings.HalfLife);
        foreach (string edge in edges[..3]) t.Say("a", Telemetry.Rtt(250, "FR-01", edge), 10);
        t.Say("b", Telemetry.Rtt(250, "US-01", "own-bos"), 10);
        Assert.Equal((4, 1L), (t.Book.Use().PathCells, t.Book.Use().PathCellsEvicted));
        // The least fresh made room.
        Assert.Equal(EstimateLevel.Model, t.Estimate("FR-01", "cdn-par").Level);
        Assert.Equal(EstimateLevel.Region, t.Estimate("FR-01", "own-par").Level);
    }

    [Fact]
    public void Fold_OneReporterOnAllPaths_GetsItsPartOfTheRoomAlone()
    {
        Telemetry t = new(MeasureSettings.Default with { PathCells = 4 });
        foreach (string edge in (string[])["own-par", "own-bos", "own-pek", "cdn-par"]) t.Say("a", Telemetry.Rtt(250, "FR-01", edge), 10);
        Assert.Equal((2, 20L), (t.Book.Use().PathCells, t.Book.CountOf(SampleFault.NoRoom)));
        t.Say("b", Telemetry.Rtt(250), 10);
        Assert.Equal(3, t.Book.Use().PathCells);
    }

    [Fact]
    public void Fold_ManyCells_AreAllFoundAgain()
    {
        Telemetry t = new();
        for (int reporter = 0; reporter < 400; reporter++)
            foreach (string edge in (string[])["own-par", "own-bos", "own-pek", "cdn-par"]) t.Say($"r{reporter}", Telemetry.Rtt(250, "FR-01", edge, $"AS{reporter % 7}"));
        int cells = t.Book.Use().PathCells;
        Assert.Equal(1600, cells);
        for (int reporter = 0; reporter < 400; reporter++)
            foreach (string edge in (string[])["own-par", "own-bos", "own-pek", "cdn-par"]) t.Say($"r{reporter}", Telemetry.Rtt(250, "FR-01", edge, $"AS{reporter % 7}"));
        Assert.Equal(cells, t.Book.Use().PathCells);
        Assert.Equal((800, 400), (t.Estimate().Samples, t.Estimate().Reporters));
    }

    [Fact]
    public void Fold_KnownPaths_AllocatesNothing()
    {
        Telemetry t = new();
        SampleBatch batch = t.Batch("a");
        for (int i = 0; i < 500; i++)
        {
            batch.Paths.Add(Telemetry.Rtt(5 + i * 0.1, i % 2 == 0 ? "FR-01" : "US-01", "own-bos", "AS64500") with { PacketsSent = 10, ThroughputMbps = 3 });
            batch.Loads.Add(new LoadSample("FR-01", "own-par", i));
            batch.Resolvers.Add(new ResolverSample(ClientAddress.FromV4(1), "FR-01", 1));
        }
        for (int i = 0; i < 50; i++) Next();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) Next();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(t.Book.CountOf(SampleFault.None) > 100_000);

        void Next()
        {
            batch.Sequence++;
            t.Book.Fold(batch, t.Now);
        }
    }

    [Fact]
    public void Take_WorldInAnotherOrder_KeepsWhatIsKnown()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20, "US-01", "own-bos"), 20);
        t.Say("a", Telemetry.Rtt(20), 20);
        t.Carry("a", "US-01", "own-bos", 500);
        using TestWorld other = TestWorld.Small();
        World turned = Turned(other.Build());
        Assert.True(t.Book.Take(turned));
        PathEstimate kept = t.Facts().Estimate(turned.RegionOrdinal("US-01"), turned.EdgeOrdinal("own-bos"));
        Assert.Equal((EstimateLevel.Region, 20), (kept.Level, kept.Samples));
        Assert.Equal(turned.RegionOrdinal("US-01"), Assert.Single(t.Facts().Demand).Region);
        // FR-01 is gone, and what was known of it.
        Assert.Equal(1, t.Book.Use().PathCells);
    }

    [Fact]
    public void Demand_ActualAndForecast_NeverBelowTheLastActual()
    {
        Telemetry t = new();
        t.Carry("a", "FR-01", "own-par", 4000);
        t.Carry("b", "FR-01", "own-bos", 1000);
        // 20:00 in Paris: the peak hour.
        Assert.Equal(new DemandEstimate(0, 5000, 5000), Assert.Single(t.Facts(19).Demand));
        Assert.Equal(5.0, t.Facts(19).Snapshot.Demand(0).Value, 6);
        t.Pass(TimeSpan.FromMinutes(5));
        t.Carry("a", "FR-01", "own-par", 2000);
        // Down to 3000 now: the level follows slowly, the forecast stays above.
        DemandEstimate down = Assert.Single(t.Facts(19).Demand);
        Assert.Equal(3000, down.ActualMbps);
        Assert.InRange(down.ForecastMbps, 4500, 5000);
        t.Pass(TimeSpan.FromMinutes(1));
        t.Carry("a", "FR-01", "own-par", 7000);
        Assert.Equal(8000, Assert.Single(t.Facts(19).Demand).ForecastMbps);
    }

    [Fact]
    public void Demand_NightAfterADayPeak_FollowsTheCurve()
    {
        Telemetry t = new();
        t.Carry("a", "FR-01", "own-par", 6000);
        Assert.Equal(6000, Assert.Single(t.Facts(19).Demand).ForecastMbps, 3);
        t.Pass(TimeSpan.FromMinutes(9));
        // 3:00 in Paris: half of the peak by the curve, but the last actual is 6,000.
        Assert.Equal(6000, Assert.Single(t.Facts(2).Demand).ForecastMbps, 3);
        t.Carry("a", "FR-01", "own-par", 3000);
        Assert.InRange(Assert.Single(t.Facts(2).Demand).ForecastMbps, 3000, 3600);
    }

    [Fact]
    public void Demand_SeveralReportersOfAnEdge_TheMiddleOneCounts()
    {
        Telemetry t = new();
        t.Carry("a", "FR-01", "own-par", 1000);
        t.Carry("b", "FR-01", "own-par", 1100);
        t.Carry("liar", "FR-01", "own-par", 15_000);
        Assert.Equal(1100, Assert.Single(t.Facts().Demand).ActualMbps);
        Assert.Equal(SampleFault.None, t.Carry("liar", "FR-01", "own-par", 17_000));
        // own-par has 8 Gbit/s: more than twice that is no load of it.
        Assert.Equal(1, t.Book.CountOf(SampleFault.Absurd));
    }

    [Fact]
    public void Demand_OldReports_AreForgotten()
    {
        Telemetry t = new();
        t.Carry("a", "FR-01", "own-par", 1000);
        t.Pass(t.Book.Settings.LoadLife + TimeSpan.FromSeconds(1));
        Assert.Empty(t.Facts().Demand);
        Assert.Equal(0, t.Book.Use().Loads);
    }

    [Fact]
    public void Resolvers_PairedReports_PlaceClientsSeenOnlyByResolver()
    {
        Telemetry t = new();
        ClientAddress resolver = ClientAddress.Parse("192.0.2.53"), mixed = ClientAddress.Parse("192.0.2.54");
        SampleBatch paired = t.Batch("a");
        paired.Resolvers.Add(new ResolverSample(resolver, "FR-01", 30));
        paired.Resolvers.Add(new ResolverSample(resolver, "US-01", 10));
        paired.Resolvers.Add(new ResolverSample(mixed, "FR-01", 20));
        paired.Resolvers.Add(new ResolverSample(mixed, "US-01", 20));
        t.Book.Fold(paired, t.Now);
        PathSample by = new() { Edge = "own-par", Resolver = resolver, RttMilliseconds = 20 };
        t.Say("a", by, 10);
        t.Say("a", by with { Resolver = mixed }, 10);
        t.Say("a", by with { Resolver = ClientAddress.Parse("192.0.2.55") }, 10);
        Assert.Equal((EstimateLevel.Region, 10), (t.Estimate().Level, t.Estimate().Samples));
        Assert.Equal(20, t.Book.CountOf(SampleFault.UnknownClients));
        Assert.Equal([new RegionShare(0, 750), new RegionShare(1, 250)], t.Facts().Resolvers[resolver].ToArray());
    }

    [Fact]
    public void Resolvers_MoreThanTheCap_EvictTheLeastFresh()
    {
        Telemetry t = new(MeasureSettings.Default with { Resolvers = 3 });
        for (uint i = 1; i <= 4; i++)
        {
            SampleBatch batch = t.Batch("a");
            batch.Resolvers.Add(new ResolverSample(ClientAddress.FromV4(i), "FR-01", 20 + i));
            t.Book.Fold(batch, t.Now);
        }
        Assert.Equal((3, 1L), (t.Book.Use().Resolvers, t.Book.Use().ResolversEvicted));
        Assert.DoesNotContain(ClientAddress.FromV4(1), t.Facts().Resolvers.Keys);
    }

    /// <summary>The regions and edges in reverse order, the first region left out.</summary>
    private static World Turned(World world)
    {
        int regions = world.Regions.Length - 1, edges = world.Edges.Length;
        double[] rtt = new double[regions * edges];
        for (int r = 0; r < regions; r++)
            for (int e = 0; e < edges; e++) rtt[r * edges + e] = world.Rtt[regions - r, edges - 1 - e].Value;
        return new World(world.Facts with
        {
            Regions = [.. world.Regions.Skip(1).Reverse()],
            Edges = [.. world.Edges.Reverse()],
            Rtt = new RttMatrix(regions, edges, rtt),
            Prefixes = [],
            EdgeRelayLinks = [],
            Contracts = [],
            Loss = null,
        });
    }
}
