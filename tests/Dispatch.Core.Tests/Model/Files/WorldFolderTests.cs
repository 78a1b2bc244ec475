using System.Globalization;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

public sealed class WorldFolderTests
{
    [Fact]
    public void Load_SmallWorld_GivesEveryFact()
    {
        using TestWorld files = TestWorld.Small();
        WorldLoadResult result = files.Load();
        Assert.Empty(result.Faults);
        Assert.Empty(result.Warnings);
        World world = result.World!;
        Assert.Equal(
            new ClientRegion("CN-01", new Place("Beijing", "CN", "AS", "CHN", new GeoPoint(39.9, 116.4)), "China", 8, "CN", true, new Gbps(4)),
            world.Regions[2]);
        Assert.Equal(
            new Edge("own-par", "own", false, "PAR", new Place("Paris", "FR", "EU", "EUW", new GeoPoint(49, 2.5)), new Gbps(8),
                new Price(PriceModel.PerMbpsMonth, 0.0048, 0.7), "FR:Paris", "EU"),
            world.Edges[0]);
        Assert.Equal(new Price(PriceModel.PerGb, 0.02, 0), world.Edges[3].Price);
        Assert.Equal([215.0, 235, 11, 216], world.Rtt.Row(2).ToArray());
        Assert.Equal((0.5, 1.0), (world.Diurnal.FractionOfPeak[18], world.Diurnal.FractionOfPeak[19]));
        Assert.Equal(new Link(0, 1, new Milliseconds(150), false), Assert.Single(world.Facts.RelayRelayLinks));
        Assert.Equal(new Link(0, 0, new Milliseconds(1.5), true), world.Facts.EdgeRelayLinks[0]);
        Assert.Equal(new Link(1, 0, new Milliseconds(150), false), world.Facts.RelayOriginLinks[2]);
        Assert.Equal(
            ["192.0.2.0/24 0", "192.0.2.128/25 -1", "2001:db8::/32 1", "2001:db8:1::/48 2"],
            world.Facts.Prefixes.Select(static p => $"{p.Prefix} {p.Location}"));
        Assert.Equal([new TrafficClass("live", 1, 0.25, 20, new Milliseconds(150)), new TrafficClass("bulk", 4, 0.75, 1, null)], world.Classes.ToArray());
        Assert.Equal(["live.example.net", "tv.example.net"], world.Services[0].Hostnames.AsEnumerable());
        Assert.Equal(["own"], world.Services[0].Operators.AsEnumerable());
        Assert.Equal((OverCapacityPolicy.Shed, AllDownPolicy.Fallback, "origin.example.net"), (world.Services[1].OverCapacity, world.Services[1].AllDown, world.Services[1].FallbackHost));
        Assert.Equal(new ServiceEndpoint("cdn-par", "bulk", EndpointType.Cname, "par.cdn.example.net"), world.Facts.Endpoints[2]);
        Assert.Equal(new NodeHealth(HealthState.Up, 0.5), world.Health.Of(world.Edges[1]));
        Assert.Equal("og-par", world.Stream("news")!.OriginId);
    }

    [Fact]
    public void Load_FullWorld_GivesEveryFactOfContractsRoomAndLoss()
    {
        using TestWorld files = TestWorld.Full();
        WorldLoadResult result = files.Load();
        Assert.Empty(result.Faults);
        Assert.Empty(result.Warnings);
        WorldFacts facts = result.World!.Facts;
        Assert.Equal(
            [
                "own-all <  own-par,own-bos,own-pek 1..14 Volume 0 ",
                "own-eu < own-all own-par 0..7.5 Percentile95 2 4:0.7 6:0.9 :1.4",
                "own-west < own-all own-bos 0.5.. Volume 0.5 :0.02",
                "x-par <  cdn-par 0..5 Volume 1 3:0.02 :0.03",
            ],
            facts.Contracts.Select(static c => string.Create(CultureInfo.InvariantCulture,
                $"{c.Id} < {c.ParentId} {string.Join(',', c.Edges)} {c.Floor.Value}..{c.Ceiling?.Value} {c.Billing} {c.Commit.Value} ") +
                string.Join(' ', c.Tiers.Select(static t => string.Create(CultureInfo.InvariantCulture, $"{t.UpTo?.Value}:{t.Usd}")))));
        Assert.Equal(new Link(0, 0, new Milliseconds(1.5), true) { Capacity = new Gbps(4), Loss = 0.0001, Jitter = new Milliseconds(0.2) }, facts.EdgeRelayLinks[0]);
        Assert.Equal((null, 0.002), (facts.EdgeRelayLinks[1].Capacity, facts.EdgeRelayLinks[1].Loss));
        Assert.Equal((new Gbps(2.5), new Milliseconds(9.5)), (facts.RelayRelayLinks[0].Capacity, facts.RelayRelayLinks[0].Jitter));
        Assert.Equal((new Gbps(6), null), (facts.RelayOriginLinks[0].Capacity, facts.RelayOriginLinks[1].Capacity));
        Assert.Equal(
            ["country:US 1 1 4", "region:FR-01;zone:CHN 0,2 3 2"],
            facts.Peering.Select(static p => $"{p.Network} {string.Join(',', p.Regions)} {p.Edge} {p.Capacity.Value}"));
        Assert.Equal([0.1 / 100, 0.35 / 100, 1.07 / 100, 0.13 / 100], facts.Loss!.Row(0).ToArray());
        Assert.Equal((400, 1.07 / 100, 0.4), (facts.Classes[0].LossWeight, facts.Classes[0].MaxLoss, facts.Classes[0].StickyShare));
        Assert.Equal((0, null, 0), (facts.Classes[1].LossWeight, facts.Classes[1].MaxLoss, facts.Classes[1].StickyShare));
        Assert.Equal([6, 1.5, 1], facts.Streams[0].VariantMbps.AsEnumerable());
        Assert.Equal((new DateTimeOffset(2099, 12, 31, 23, 59, 59, TimeSpan.Zero), null), (facts.Streams[0].Expires, facts.Streams[1].Expires));
    }

    [Fact]
    public void Load_RequiredFilesOnly_HasTheDefaults()
    {
        using TestWorld files = TestWorld.Minimal();
        World world = files.Build();
        Assert.Same(TrafficClass.Default, Assert.Single(world.Classes));
        Assert.Equal(Service.Default.Id, Assert.Single(world.Services).Id);
        Assert.Empty(world.Facts.Prefixes);
        Assert.Empty(world.Relays);
    }

    [Fact]
    public void Load_ClassesWithoutServices_GivesOneServiceForEach()
    {
        using TestWorld files = TestWorld.Small().Without("services.csv").Without("endpoints.csv");
        Assert.Equal([("live", "live"), ("bulk", "bulk")], files.Build().Services.Select(static s => (s.Id, s.ClassId)));
    }

    [Fact]
    public void Load_ColumnsInAnotherOrderAndQuoted_GivesTheSameFacts()
    {
        using TestWorld files = TestWorld.Small().With("streams.csv", "bitrate_mbps,stream,origin_id", "\"8.5\",\"news, \"\"late\"\"\",og-par");
        Assert.Equal(new LiveStream("news, \"late\"", "og-par", 8.5), Assert.Single(files.Build().Facts.Streams));
    }

    [Fact]
    public void Load_GzipAndByteOrderMark_KeepTheVersion()
    {
        using TestWorld files = TestWorld.Full();
        string version = files.Build().Version;
        Assert.Matches("^sha256:[0-9a-f]{16}$", version);
        foreach (string name in files.Files.ToList()) files.Gzip(name);
        Assert.Equal(version, files.Build().Version);
        using TestWorld marked = TestWorld.Full();
        foreach (string name in marked.Files.ToList()) marked.With(name, [0xEF, 0xBB, 0xBF, .. marked.Bytes(name)]);
        Assert.Equal(version, marked.Build().Version);
    }

    [Theory]
    [InlineData("streams.csv", "2099", "2098")]
    [InlineData("contracts.csv", "7.5", "7.6")]
    [InlineData("link_capacity.csv", "2.5", "2.6")]
    [InlineData("loss_region_edge.csv", "1.07", "1.08")]
    [InlineData("classes.csv", "1.07", "1.08")]
    public void Load_ChangedFact_ChangesTheVersion(string file, string from, string to)
    {
        using TestWorld files = TestWorld.Full();
        string version = files.Build().Version;
        Assert.NotEqual(version, files.Change(file, from, to).Build().Version);
    }

    [Fact]
    public void Load_OldFormsOfClassesAndStreams_SayNothingOfLossVariantsAndExpiry()
    {
        using TestWorld files = TestWorld.Small();
        WorldFacts facts = files.Build().Facts;
        Assert.Equal((0, null, 0), (facts.Classes[0].LossWeight, facts.Classes[0].MaxLoss, facts.Classes[0].StickyShare));
        Assert.Equal((true, null), (facts.Streams[0].VariantMbps.IsEmpty, facts.Streams[0].Expires));
        Assert.Equal((true, true, null), (facts.Contracts.IsEmpty, facts.Peering.IsEmpty, facts.Loss));
    }

    [Theory]
    [InlineData("1.5Z", 15_000_000)]
    [InlineData("0.0000001Z", 1)]
    [InlineData("0Z", 0)]
    public void Load_ExpiryToTheTick_IsReadExactly(string seconds, long ticks)
    {
        using TestWorld files = TestWorld.Full().Change("streams.csv", "2099-12-31T23:59:59Z", "2099-01-01T00:00:0" + seconds);
        Assert.Equal(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(ticks), files.Build().Facts.Streams[0].Expires);
    }

    [Fact]
    public void Write_CapOfANetworkThatNoNameHolds_NamesItsRegions()
    {
        using TestWorld files = TestWorld.Full();
        using TestWorld other = TestWorld.Empty();
        World world = files.Build();
        WorldFolder.Write(new World(world.Facts with { Peering = [new("AS64500", [0, 2], 1, new Gbps(3))] }), other.Directory);
        PeeringCap cap = Assert.Single(WorldFolder.Load(other.Directory).World!.Facts.Peering);
        Assert.Equal(("region:FR-01;region:CN-01", 1, new Gbps(3)), (cap.Network, cap.Edge, cap.Capacity));
        Assert.Equal([0, 2], cap.Regions.AsEnumerable());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(27)]
    public void Write_AnyLossInPercent_IsLoadedBackExactly(int seed)
    {
        Random random = new(seed);
        using TestWorld files = TestWorld.Full();
        using TestWorld other = TestWorld.Empty();
        World world = files.Build();
        for (int round = 0; round < 20; round++)
        {
            double[] cells = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-6, 3)) / 100)];
            WorldFolder.Write(new World(world.Facts with { Loss = new LossMatrix(3, 4, cells) }), other.Directory);
            LossMatrix loss = WorldFolder.Load(other.Directory).World!.Facts.Loss!;
            Assert.Equal(cells, Enumerable.Range(0, 3).SelectMany(r => loss.Row(r).ToArray()));
        }
    }

    [Fact]
    public void Load_CarriageReturns_GivesTheSameFacts()
    {
        using TestWorld files = TestWorld.Small();
        World plain = files.Build();
        foreach (string name in files.Files.ToList()) files.With(name, Encoding.UTF8.GetBytes(files.Text(name).Replace("\n", "\r\n", StringComparison.Ordinal)));
        World other = files.Build();
        Assert.Equal(plain.Edges.AsEnumerable(), other.Edges);
        Assert.Equal(plain.Facts.Prefixes.AsEnumerable(), other.Facts.Prefixes);
        Assert.Equal(plain.Rtt.Row(1).ToArray(), other.Rtt.Row(1).ToArray());
    }

    [Fact]
    public void Load_PlainAndGzipped_IsAFault()
    {
        using TestWorld files = TestWorld.Small();
        byte[] plain = files.Bytes("edges.csv");
        files.Gzip("edges.csv").With("edges.csv", plain);
        Assert.Equal("edges.csv: must not stand beside edges.csv.gz: which one holds?", string.Join('\n', files.Load().Faults));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(-1)]
    [InlineData(-8)]
    public void Load_CutGzip_IsAFault(int length)
    {
        using TestWorld files = TestWorld.Small().Gzip("edges.csv");
        files.With("edges.csv.gz", files.Bytes("edges.csv.gz") is var all && length < 0 ? all[..^-length] : all[..length]);
        WorldFault fault = Assert.Single(files.Load().Faults);
        Assert.Equal("edges.csv.gz", fault.File);
        Assert.StartsWith("must be one whole gzip member", fault.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(-6)]
    public void Load_DamagedGzip_IsAFault(int at)
    {
        using TestWorld files = TestWorld.Small().Gzip("edges.csv");
        byte[] bytes = [.. files.Bytes("edges.csv.gz")];
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x10;
        Assert.Equal("edges.csv.gz", Assert.Single(files.With("edges.csv.gz", bytes).Load().Faults).File);
    }

    [Fact]
    public void Load_GzipBomb_StopsAtTheLimit()
    {
        using TestWorld files = TestWorld.Small().With("streams.csv", new byte[8 << 20]).Gzip("streams.csv").Save();
        WorldLoadResult result = WorldFolder.Load(files.Directory, WorldParts.All, new WorldLimits { FileBytes = 1 << 20 });
        Assert.Equal("streams.csv.gz: must not be longer than 1048576 bytes, unpacked", string.Join('\n', result.Faults));
    }

    [Fact]
    public void Load_BeyondALimit_IsAFault()
    {
        using TestWorld files = TestWorld.Full().Save();
        string[] Faults(WorldLimits limits) => [.. WorldFolder.Load(files.Directory, WorldParts.All, limits).Faults.Select(static f => f.ToString())];
        Assert.Contains("diurnal.csv:14: a file must not have more than 12 records", Faults(new WorldLimits { Records = 12 }));
        string[] few = Faults(new WorldLimits { MatrixCells = 11 });
        Assert.Contains("rtt_region_edge.csv: must not have more than 11 cells", few);
        Assert.Contains("loss_region_edge.csv: must not have more than 11 cells", few);
        Assert.Contains("contracts.csv: must not have more than 2 contracts of 4 edges", few);
        Assert.Contains("regions.csv: must not be longer than 300 bytes, unpacked", Faults(new WorldLimits { FileBytes = 300 }));
    }

    [Fact]
    public void Load_NotUtf8_NamesThePlace()
    {
        using TestWorld files = TestWorld.Small().With("streams.csv", [.. "stream,origin_id,bitrate_mbps\nä"u8, 0xE4, .. ",og-par,1\n"u8]);
        Assert.Equal("streams.csv:2:2: must be UTF-8; byte 0xe4 is not", string.Join('\n', files.Load().Faults));
    }

    [Fact]
    public void Load_EmptyFiles_AskForAHeaderAndRows()
    {
        using TestWorld files = TestWorld.Minimal().With("streams.csv", [0xEF, 0xBB, 0xBF]);
        files.With("regions.csv", files.Text("regions.csv").Split('\n')[0]);
        Assert.Equal(
            ["regions.csv: must have at least one region", "rtt_region_edge.csv:2:1: field 'region_id' is 'FR-01': must be a region of regions.csv", "streams.csv:1: must start with a header line"],
            files.Load().Faults.Select(static f => f.ToString()).Where(static f => !f.Contains("US-01", StringComparison.Ordinal) && !f.Contains("CN-01", StringComparison.Ordinal)));
    }

    [Fact]
    public void Load_OddYetHarmless_WarnsAndLoads()
    {
        using TestWorld files = TestWorld.Small()
            .Change("streams.csv", "bitrate_mbps", "bitrate_mbps,colour").Change("streams.csv", "8.5", "8.5,red")
            .Change("prefixes_v6.csv", "2001:db8:1::/48,CN-01", "::ffff:0:0/96,-")
            .Change("services.csv", "spill,last_good,", "spill,last_good,unused.example.net")
            .Change("services.csv", "bulk,bulk", "bulk,live")
            .Change("allowed.csv", "CN,edge,CN", "CN,edge,US").Change("edges.csv", "US:Boston,US", "US:Boston,EU");
        WorldLoadResult result = files.Load();
        Assert.Equal(
            [
                "services.csv:2:69: field 'fallback_host' is 'unused.example.net': is not used: all_down is not fallback",
                "services.csv: no service takes the demand of class 'bulk'",
                "streams.csv:1: column 'colour' is not known and not read",
                "regions.csv: region 'CN-01' has no edge that the law of 'CN' allows: it is unserved",
                "prefixes_v6.csv:3:1: field 'cidr' is '::ffff:0:0/96': is never matched: an IPv4-mapped address is looked up as the IPv4 address, in prefixes_v4.csv",
            ],
            result.Warnings.Select(static w => w.ToString()));
        Assert.Empty(result.Faults);
        Assert.Equal(3, result.World!.Facts.Prefixes.Length);
    }

    [Fact]
    public void Load_InventedJurisdictionOfRegionAndEdge_IsKnown()
    {
        using TestWorld files = TestWorld.Minimal().Change("regions.csv", "1.0,EU", "1.0,Utopia").Change("edges.csv", "FR:Paris,EU,test", "FR:Paris,Utopia,test");
        Assert.Equal("Utopia", files.Build().Regions[0].Jurisdiction);
    }

    [Fact]
    public void Load_NetworkOnly_LeavesThePrefixesUnread()
    {
        using TestWorld files = TestWorld.Small().With("prefixes_v4.csv", "nonsense");
        WorldLoadResult result = files.Load(WorldParts.Network);
        Assert.True(result.IsLoaded);
        Assert.Empty(result.World.Facts.Prefixes);
    }

    [Fact]
    public void Load_PrefixesOnly_LeavesTheNetworkUnread()
    {
        using TestWorld files = TestWorld.Small().With("edges.csv", "nonsense");
        WorldLoadResult result = files.Load(WorldParts.Prefixes);
        Assert.True(result.IsLoaded);
        Assert.Equal((3, 0, 4), (result.World.Regions.Length, result.World.Edges.Length, result.World.Facts.Prefixes.Length));
    }

    [Fact]
    public void Write_AnyWorld_IsLoadedBack()
    {
        using TestWorld files = TestWorld.Full().Change("streams.csv", "news", "\"news, \"\"late\"\"\"");
        using TestWorld plain = TestWorld.Minimal();
        using TestWorld other = TestWorld.Empty();
        foreach (World world in (World[])[files.Build(), ShippedWorld.World, plain.Build()])
        {
            WorldFolder.Write(world, other.Directory);
            WorldLoadResult result = WorldFolder.Load(other.Directory);
            Assert.True(result.IsLoaded, string.Join('\n', result.Faults));
            AssertSameFacts(world.Facts, result.World.Facts);
        }
    }

    private static void AssertSameFacts(WorldFacts expected, WorldFacts actual)
    {
        Assert.Equal(expected.Regions.AsEnumerable(), actual.Regions);
        Assert.Equal(expected.Edges.AsEnumerable(), actual.Edges);
        Assert.Equal(expected.Relays.AsEnumerable(), actual.Relays);
        Assert.Equal(expected.Origins.AsEnumerable(), actual.Origins);
        for (int r = 0; r < expected.Regions.Length; r++) Assert.True(expected.Rtt.Row(r).SequenceEqual(actual.Rtt.Row(r)));
        Assert.Equal(expected.Diurnal.FractionOfPeak.AsEnumerable(), actual.Diurnal.FractionOfPeak);
        Assert.Equal(expected.EdgeRelayLinks.AsEnumerable(), actual.EdgeRelayLinks);
        Assert.Equal(expected.RelayRelayLinks.AsEnumerable(), actual.RelayRelayLinks);
        Assert.Equal(expected.RelayOriginLinks.AsEnumerable(), actual.RelayOriginLinks);
        Assert.True(expected.Prefixes.AsSpan().SequenceEqual(actual.Prefixes.AsSpan()));
        Assert.Equal(expected.Classes.AsEnumerable(), actual.Classes);
        Assert.Equal(expected.Services.Select(Text), actual.Services.Select(Text));
        Assert.Equal(expected.Endpoints.AsEnumerable(), actual.Endpoints);
        Assert.Equal(expected.Health.AsEnumerable(), actual.Health);
        Assert.Equal(expected.AllowedHops.Select(Text), actual.AllowedHops.Select(Text));
        Assert.Equal(expected.Streams.Select(Text), actual.Streams.Select(Text));
        Assert.Equal(expected.Contracts.Select(Text), actual.Contracts.Select(Text));
        Assert.Equal(expected.Peering.Select(Text), actual.Peering.Select(Text));
        Assert.Equal(expected.Loss is null, actual.Loss is null);
        for (int r = 0; r < expected.Regions.Length && expected.Loss is not null; r++) Assert.True(expected.Loss.Row(r).SequenceEqual(actual.Loss!.Row(r)));

        // Records that hold arrays compare them by reference; their texts are compared instead.
        static string Text(object row) => row switch
        {
            Service s => $"{s with { Hostnames = [], Operators = [], Edges = [] }} {string.Join(';', s.Hostnames)} {string.Join(';', s.Operators)} {string.Join(';', s.Edges)}",
            AllowedHop a => $"{a.Jurisdiction} {a.Hop} {string.Join(';', a.Allowed)}",
            LiveStream s => $"{s with { VariantMbps = [] }} {string.Join(';', s.VariantMbps)} {s.Expires?.UtcTicks}",
            Contract c => $"{c with { Edges = [], Tiers = [] }} {string.Join(';', c.Edges)} {string.Join(';', c.Tiers)}",
            PeeringCap p => $"{p with { Regions = [] }} {string.Join(';', p.Regions)}",
            _ => throw new ArgumentException("not such a row", nameof(row)),
        };
    }

    [Fact]
    public void Load_Twice_GivesTheSameFaults()
    {
        using TestWorld files = TestWorld.Small().Change("edges.csv", ",8,per_mbps", ",-8,per_mbps").Change("diurnal.csv", "\n7,0.5", "\n7,x");
        Assert.Equal(files.Load().Faults.AsEnumerable(), files.Load().Faults);
    }
}
