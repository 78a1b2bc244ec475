using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Measure;

/// <summary>The facts of the small world: FR-01 to own-par 8.5 ms, to own-bos 90, to own-pek 210; US-01 to own-par 92.</summary>
public sealed class PathEstimateTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 53UL).WithMaxTest(count);

    [Fact]
    public void Facts_NothingMeasured_AreTheVerySameSnapshot()
    {
        Telemetry t = new();
        MeasuredFacts facts = t.Facts();
        Assert.Same(t.World, facts.Snapshot.World);
        Assert.True(facts.Snapshot.DemandScale.IsDefaultOrEmpty);
        Assert.Equal(0, facts.Coverage.FreshShare);
        Assert.Equal((EstimateLevel.Model, 8500L, 0), (t.Estimate().Level, t.Estimate().RttMicroseconds, t.Estimate().ConfidencePercent));
    }

    [Fact]
    public void Facts_MeasuredPath_StandsInTheWorld()
    {
        Telemetry t = new();
        foreach (string reporter in (string[])["a", "b", "c"]) t.Say(reporter, Telemetry.Rtt(20), 20);
        MeasuredFacts facts = t.Facts();
        double ms = facts.Snapshot.World.Rtt[0, 0].Value;
        Assert.InRange(ms, 20 * 0.956, 20 * 1.044);
        Assert.Equal(92, facts.Snapshot.World.Rtt[1, 0].Value);
        Assert.Equal(t.World.Version, facts.Snapshot.World.Version);
        Assert.Equal(1.0 / 3, facts.Coverage.FreshShare, 9);
        Assert.Equal((60, 3, 93), (t.Estimate().Samples, t.Estimate().Reporters, t.Estimate().ConfidencePercent));
    }

    [Fact]
    public void Facts_FewSamples_LeaveTheFacts()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20), 7);
        Assert.Equal(EstimateLevel.Model, t.Estimate().Level);
        t.Say("a", Telemetry.Rtt(20));
        Assert.Equal(EstimateLevel.Region, t.Estimate().Level);
    }

    [Theory]
    [InlineData(0.0, SampleFault.NotPositive)]
    [InlineData(-5.0, SampleFault.NotPositive)]
    [InlineData(double.NaN, SampleFault.NotPositive)]
    [InlineData(double.PositiveInfinity, SampleFault.NotPositive)]
    [InlineData(1e9, SampleFault.Absurd)]
    public void Fold_ImpossibleRoundTrip_CountsAsRefusedAndChangesNothing(double milliseconds, SampleFault expected)
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(milliseconds), 100);
        Assert.Equal(100, t.Book.CountOf(expected));
        Assert.Equal(EstimateLevel.Model, t.Estimate().Level);
    }

    [Fact]
    public void Fold_FasterThanLight_IsRefused()
    {
        Telemetry t = new();
        // Paris to Beijing: 8,200 km, of which 1,000 are allowed for: 72 ms.
        t.Say("a", Telemetry.Rtt(60, "FR-01", "own-pek"), 10);
        Assert.Equal(10, t.Book.CountOf(SampleFault.FasterThanLight));
        t.Say("a", Telemetry.Rtt(80, "FR-01", "own-pek"), 10);
        Assert.Equal(10, t.Book.CountOf(SampleFault.None));
    }

    [Fact]
    public void Fold_UnknownNames_AreRefusedByReason()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20, "XX-01"));
        t.Say("a", Telemetry.Rtt(20, "FR-01", "nowhere"));
        t.Say("a", new PathSample { Region = "FR-01", Edge = "own-par" });
        t.Say("a", new PathSample { Edge = "own-par", RttMilliseconds = 3 });
        t.Say("a", new PathSample { Region = "FR-01", Edge = "own-par", PacketsSent = 5, PacketsLost = 6 });
        foreach (SampleFault fault in (SampleFault[])[SampleFault.UnknownRegion, SampleFault.UnknownEdge, SampleFault.Empty, SampleFault.UnknownClients, SampleFault.Absurd])
            Assert.Equal(1, t.Book.CountOf(fault));
    }

    /// <summary>However much one of three or more reporters says, and whatever: the estimate stays between the quartiles of the others.</summary>
    [Fact]
    public void Estimate_OneLiarAmongHonest_StaysBetweenTheirQuartiles()
    {
        Arbitrary<(int Honest, int Seed, int LiesMs, int LieTimes)> cases = Arb.From(
            from honest in Gen.Choose(2, 6)
            from seed in Gen.Choose(0, 1_000_000)
            from lie in Gen.Choose(1, 3999)
            from times in Gen.Choose(1, 400)
            select (honest, seed, lie, times));
        Check.One(Runs(150), Prop.ForAll(cases, static c =>
        {
            Telemetry t = new();
            Random random = new(c.Seed);
            List<double> said = [];
            for (int reporter = 0; reporter < c.Honest; reporter++)
            {
                SampleBatch batch = t.Batch($"honest-{reporter}");
                for (int i = 0; i < 40; i++)
                {
                    double rtt = 20 + 15 * random.NextDouble();
                    said.Add(rtt);
                    batch.Paths.Add(Telemetry.Rtt(rtt));
                }
                t.Book.Fold(batch, t.Now);
            }
            t.Say("liar", Telemetry.Rtt(c.LiesMs), c.LieTimes);
            said.Sort();
            double low = said[said.Count / 4 - 1], high = said[said.Count * 3 / 4], ms = t.Estimate().RttMicroseconds / 1000.0;
            Assert.InRange(ms, low * (1 - QuantileSketch.RelativeError) - 0.001, high * (1 + QuantileSketch.RelativeError) + 0.001);
            return true;
        }));
    }

    [Fact]
    public void Estimate_LoneReporter_StaysWithinFactorsOfTheFacts()
    {
        Telemetry high = new(), low = new();
        high.Say("a", Telemetry.Rtt(3900), 1000);
        low.Say("a", Telemetry.Rtt(0.01), 1000);
        Assert.Equal(8 * 8500, high.Estimate().RttMicroseconds);
        Assert.Equal(8500 / 4, low.Estimate().RttMicroseconds);
        Assert.Equal(50, high.Estimate().ConfidencePercent);
    }

    [Fact]
    public void Estimate_TwoThatContradict_SayNothing_AndAThirdDecides()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(10), 20);
        t.Say("b", Telemetry.Rtt(100), 5000);
        Assert.Equal(EstimateLevel.Model, t.Estimate().Level);
        t.Say("c", Telemetry.Rtt(11), 20);
        Assert.Equal(2, t.Estimate().Reporters);
        Assert.InRange(t.Estimate().RttMicroseconds, 9_500, 11_500);
    }

    [Fact]
    public void Estimate_Ageing_HalvesSamplesAndEndsInTheFacts()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20), 40);
        List<int> samples = [];
        for (int halfLives = 0; halfLives < 6; halfLives++)
        {
            samples.Add(t.Estimate().Samples);
            t.Pass(t.Book.Settings.HalfLife);
        }
        // 40, 20, 10, 5 (held down to 4), then 2.5: too few.
        Assert.Equal([40, 20, 10, 5, 0, 0], samples);
        Assert.Equal(EstimateLevel.Model, t.Estimate().Level);
    }

    [Fact]
    public void Estimate_BetweenTheThresholds_KeepsItsLevel()
    {
        Telemetry risen = new(), rising = new();
        risen.Say("a", Telemetry.Rtt(20), 10);
        Assert.Equal(EstimateLevel.Region, risen.Estimate().Level);
        risen.Pass(risen.Book.Settings.HalfLife);
        Assert.Equal((EstimateLevel.Region, 5), (risen.Estimate().Level, risen.Estimate().Samples));
        rising.Say("a", Telemetry.Rtt(20), 5);
        Assert.Equal(EstimateLevel.Model, rising.Estimate().Level);
    }

    [Fact]
    public void Estimate_SmallMove_StaysAsItWas()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20), 20);
        long before = t.Estimate().RttMicroseconds;
        t.Say("a", Telemetry.Rtt(21.5), 200);
        Assert.Equal(before, t.Estimate().RttMicroseconds);
        t.Say("a", Telemetry.Rtt(30), 2000);
        Assert.NotEqual(before, t.Estimate().RttMicroseconds);
    }

    /// <summary>On a planet tens of millions of paths follow their country: they must cost nothing each.</summary>
    [Fact]
    public void Facts_ManyRegionsFollowTheirCountry_KeepOneRatioAnEdge()
    {
        using TestWorld files = TestWorld.Small();
        for (int i = 2; i < 42; i++) files.AddRegion($"US-{i:D2}", 1, [100, 10 + i, 240, 100]);
        World world = files.Build();
        Telemetry t = new(world: world);
        t.Say("a", Telemetry.Rtt(28, "US-01", "own-bos"), 60);
        MeasuredFacts facts = t.Facts();
        CountryRatio ratio = Assert.Single(facts.Countries);
        Assert.Equal(("US", world.EdgeOrdinal("own-bos"), 1), (ratio.Iso2, ratio.Edge, ratio.Regions));
        Assert.Equal((1, 40), (facts.Coverage.Paths, facts.Coverage.CountryPaths));
        Assert.Single(facts.Paths);
        foreach (int r in Enumerable.Range(0, world.Regions.Length).Where(r => world.Regions[r].Id.StartsWith("US-", StringComparison.Ordinal)))
        {
            double solved = facts.Snapshot.World.Rtt[r, ratio.Edge].Value, estimate = facts.Estimate(r, ratio.Edge).RttMicroseconds / 1000.0;
            Assert.Equal(estimate, solved, 3);
            if (world.Regions[r].Id != "US-01") Assert.Equal(world.Rtt[r, ratio.Edge].Value * ratio.Permille / 1000, solved, 2);
        }
    }

    [Fact]
    public void Estimate_Ladder_GroupThenRegionThenCountryThenModel()
    {
        using TestWorld files = TestWorld.Small();
        files.AddRegion("US-02", 1, [100, 10, 240, 100]);
        Telemetry t = new(world: files.Build());
        t.Say("a", Telemetry.Rtt(14, "US-01", "own-bos", "AS64500"), 20);
        t.Say("a", Telemetry.Rtt(28, "US-01", "own-bos", "AS64501"), 60);
        Assert.Equal(EstimateLevel.Group, t.Estimate("US-01", "own-bos", "AS64500").Level);
        Assert.InRange(t.Estimate("US-01", "own-bos", "AS64500").RttMicroseconds, 13_000, 15_000);
        Assert.Equal(EstimateLevel.Region, t.Estimate("US-01", "own-bos", "AS64999").Level);
        Assert.InRange(t.Estimate("US-01", "own-bos").RttMicroseconds, 26_000, 30_000);
        PathEstimate neighbour = t.Estimate("US-02", "own-bos", "AS64500");
        Assert.Equal(EstimateLevel.Country, neighbour.Level);
        // The facts say 7 ms for US-01 and 10 ms for US-02: four times as much here as there.
        Assert.InRange(neighbour.RttMicroseconds, 37_000, 43_000);
        Assert.Equal(EstimateLevel.Model, t.Estimate("FR-01", "own-bos").Level);
    }

    [Fact]
    public void Estimate_Loss_NeedsPacketsAndIsTheMiddleReporters()
    {
        Telemetry t = new();
        PathSample Lossy(long lost) => Telemetry.Rtt(20) with { PacketsSent = 100, PacketsLost = lost };
        t.Say("a", Lossy(1), 1);
        t.Say("a", Telemetry.Rtt(20), 20);
        Assert.Null(t.Estimate().LossPpm);
        t.Say("a", Lossy(1), 9);
        t.Say("b", Lossy(2), 10);
        t.Say("c", Lossy(100), 10);
        Assert.Equal(20_000, t.Estimate().LossPpm);
        Assert.Equal(0.02, t.Facts().Snapshot.World.Facts.Loss!.Row(0)[0], 9);
    }

    [Fact]
    public void Estimate_Throughput_IsTheMiddleReporters()
    {
        Telemetry t = new();
        foreach ((string reporter, double mbps) in ((string, double)[])[("a", 5), ("b", 8), ("c", 900)])
            t.Say(reporter, Telemetry.Rtt(20) with { ThroughputMbps = mbps }, 10);
        Assert.Equal(8000, t.Estimate().ThroughputKbps);
    }

    /// <summary>Any order of batches within four half-lives, and duplicates among them, give the same estimates.</summary>
    [Fact]
    public void Fold_AnyOrderWithDuplicates_GivesTheSameFacts() => Check.One(Runs(60), Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), static seed =>
    {
        Random random = new(seed);
        Telemetry made = new();
        List<SampleBatch> batches = [];
        for (int i = 0; i < 40; i++)
        {
            made.Now = Telemetry.Start + i * 20_000;
            SampleBatch batch = made.Batch($"r{random.Next(5)}");
            for (int s = 0; s < 30; s++)
                batch.Paths.Add(Telemetry.Rtt(5 + 100 * random.NextDouble(), random.Next(2) == 0 ? "FR-01" : "US-01", random.Next(2) == 0 ? "own-par" : "own-bos", random.Next(2) == 0 ? "AS1" : ""));
            batch.Loads.Add(new LoadSample("FR-01", "own-par", random.Next(1000)));
            batches.Add(batch);
        }
        SampleBatch[] shuffled = [.. batches, .. batches];
        random.Shuffle(shuffled);
        MeasuredFacts plain = Folded(made, batches), mixed = Folded(made, shuffled);
        Assert.Equal(plain.Paths.AsEnumerable(), mixed.Paths.AsEnumerable());
        Assert.NotEmpty(plain.Paths);
        Assert.Equal(plain.Demand.AsEnumerable(), mixed.Demand.AsEnumerable());
        return true;
    }));

    private static MeasuredFacts Folded(Telemetry made, IEnumerable<SampleBatch> batches)
    {
        Telemetry t = new(world: made.World) { Now = made.Now };
        foreach (SampleBatch batch in batches) t.Book.Fold(batch, t.Now);
        return t.Facts();
    }
}
