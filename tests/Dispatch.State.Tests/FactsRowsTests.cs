using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Tests;

/// <summary>Rows of tables: narrow where that loses nothing, and safe to read whatever they hold.</summary>
public sealed class FactsRowsTests
{
    private static readonly World Full = BuildFull();

    [Theory]
    [InlineData(new[] { 8.5, 0, 655.35 }, 2)]
    [InlineData(new[] { 1.07 / 100, 0.5 / 100 }, 2)]
    [InlineData(new[] { 8.125, 655.36, 4e6 }, 4)]
    [InlineData(new[] { 1.0 / 3 }, 8)]
    [InlineData(new[] { -0.0 }, 8)]
    [InlineData(new[] { 1e12 }, 8)]
    public void LatencyRow_Values_TakeTheNarrowestFormThatGivesThemBack(double[] values, int bytesEach)
    {
        WorldFacts facts = FactsTables.Nothing("v") with
        {
            Regions = [Full.Regions[0]],
            Edges = [.. values.Select(static (_, i) => Full.Edges[0] with { Id = $"e{i}" })],
            Rtt = new RttMatrix(1, values.Length, values),
        };
        FactsTable latency = FactsTables.All.Single(static t => t.Name == "latency");
        byte[] row = latency.Row(facts, 0);
        Assert.Equal(1 + bytesEach * values.Length, row.Length);
        IFactsRows reading = latency.Read(1);
        reading.Add(facts, row);
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), reading.Finish(facts).Rtt.Row(0).ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    /// <summary>A checksum guards against accidents only: whoever can write to the store can write any bytes with their checksum.</summary>
    [Fact]
    public void Add_AlteredRow_IsRefusedOrGivesFactsThatTheCheckJudges()
    {
        Arbitrary<(int Table, int At, int Value, int Cut)> alterations = Arb.From(
            from table in Gen.Choose(0, FactsTables.All.Length - 1)
            from at in Gen.Choose(0, 5000)
            from value in Gen.Choose(0, 255)
            from cut in Gen.Choose(-30, 10)
            select (table, at, value, cut));
        int refused = 0, judged = 0;
        Prop.ForAll(alterations, a =>
        {
            FactsTable table = FactsTables.All[a.Table];
            byte[] row = table.Row(Full.Facts, 0);
            row[a.At % row.Length] = (byte)a.Value;
            if (a.Cut > 0) row = row[..Math.Max(0, row.Length - a.Cut)];
            try
            {
                int rows = table.RowsOf(Full.Facts)!.Value;
                IFactsRows reading = table.Read(rows);
                reading.Add(Full.Facts, row);
                for (int r = 1; r < rows; r++) reading.Add(Full.Facts, table.Row(Full.Facts, r));
                FactsCheck.Run(reading.Finish(Full.Facts));
                judged++;
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                refused++;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithReplay(4UL, 7UL).WithMaxTest(3000));
        Assert.True(refused > 500 && judged > 500, $"{refused} {judged}");
    }

    [Fact]
    public void Run_LoadedWorlds_HaveNoFault()
    {
        Assert.Empty(FactsCheck.Run(Full.Facts));
        Assert.Empty(FactsCheck.Run(ShippedWorld.World.Facts));
    }

    [Fact]
    public void Run_AnyRuleBroken_IsNamed()
    {
        WorldFacts f = Full.Facts;
        (string Expected, WorldFacts Facts)[] broken =
        [
            ("places 1 region_id", f with { Regions = [f.Regions[0], f.Regions[0], f.Regions[2]] }),
            ("places 0 relay_id", f with { Relays = [f.Relays[0] with { Id = "own-par" }, f.Relays[1]] }),
            ("places FR-01 utc_offset_h", f with { Regions = f.Regions.SetItem(0, f.Regions[0] with { UtcOffsetHours = 15 }) }),
            ("places own-par lat", f with { Edges = f.Edges.SetItem(0, f.Edges[0] with { Place = f.Edges[0].Place with { Point = new(91, 0) } }) }),
            ("cost own-par usd_per_gb", f with { Edges = f.Edges.SetItem(0, f.Edges[0] with { Price = new(PriceModel.PerGb, double.PositiveInfinity, 0) }) }),
            ("capacity og-par capacity_gbps", f with { Origins = f.Origins.SetItem(0, f.Origins[0] with { Capacity = new(-1) }) }),
            ("latency FR-01 to own-bos rtt_ms", f with { Rtt = f.Rtt.Select(static (r, e, ms) => r == 0 && e == 1 ? double.NaN : ms) }),
            ("latency  ", f with { Rtt = new RttMatrix(1, 1, [1]) }),
            ("links edge_relay 0 to", f with { EdgeRelayLinks = f.EdgeRelayLinks.SetItem(0, f.EdgeRelayLinks[0] with { To = 2 }) }),
            ("links relay_relay 0 loss", f with { RelayRelayLinks = f.RelayRelayLinks.SetItem(0, f.RelayRelayLinks[0] with { Loss = 1 }) }),
            ("services all classes share", f with { Classes = f.Classes.SetItem(0, f.Classes[0] with { Share = 0.5 }) }),
            ("services live class", f with { Services = f.Services.SetItem(0, f.Services[0] with { ClassId = "none" }) }),
            ("services live ttl_s", f with { Services = f.Services.SetItem(0, f.Services[0] with { TtlSeconds = 1 }) }),
            ("services none live node_id", f with { Endpoints = f.Endpoints.SetItem(0, f.Endpoints[0] with { NodeId = "none" }) }),
            ("health none id", f with { Health = [new(HealthScope.Edge, "none", HealthState.Down, 0)] }),
            ("health own-bos factor", f with { Health = [new(HealthScope.Edge, "own-bos", HealthState.Up, 2)] }),
            ("streams news origin_id", f with { Streams = f.Streams.SetItem(0, f.Streams[0] with { OriginId = "none" }) }),
            ("contracts own-eu parent", f with { Contracts = f.Contracts.SetItem(1, f.Contracts[1] with { ParentId = "none" }) }),
            ("contracts peering 0 edge", f with { Peering = f.Peering.SetItem(0, f.Peering[0] with { Edge = 9 }) }),
            ("stamp  version", f with { Version = "" }),
        ];
        foreach ((string expected, WorldFacts facts) in broken)
            Assert.Contains(expected, FactsCheck.Run(facts).Select(static x => $"{x.Table} {x.Row} {x.Field}"));
    }

    private static World BuildFull()
    {
        using TestWorld files = TestWorld.Full();
        return files.Build();
    }
}
