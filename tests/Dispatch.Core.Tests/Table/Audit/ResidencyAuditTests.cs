using System.Collections.Immutable;
using System.Diagnostics;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;
using TrafficDispatch.Table.Audit;

namespace TrafficDispatch.Core.Tests.Table.Audit;

/// <summary>One thing is put wrong in a lawful table, and the audit names exactly that.</summary>
public sealed class ResidencyAuditTests : IDisposable
{
    private readonly TestWorld _files = TestWorld.Small();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Run_SmallWorld_IsCleanAndCountsWhatItProved()
    {
        World world = _files.Build();
        AuditReport report = ResidencyAudit.Run(TableOf(Content(world)), world);
        Assert.Empty(report.Violations);
        Assert.True(report.IsClean);
        AuditCounts counts = report.Counts;
        Assert.Equal((1, 1, 2 * 4), (counts.BoundJurisdictions, counts.BoundRegions, counts.Entries));
        // Nothing, everything, 8 nodes, and the domains FR:Paris, US:Boston and CN:Beijing.
        Assert.Equal(2 + 8 + 3, counts.Failures);
        Assert.Equal(counts.Failures * 2 * 4, counts.EdgeDecisions);
        Assert.Equal(counts.Failures * 6 * 2, counts.PathDecisions);
        Assert.True(counts.Hops > counts.Paths && counts.HopRules >= counts.Hops && counts.Answers > 0);
    }

    [Fact]
    public void Run_ShippedWorld_IsCleanInSeconds()
    {
        World world = ShippedWorld.World;
        RoutingTable table = TableOf(Content(world, 16));
        long started = Stopwatch.GetTimestamp();
        AuditReport report = ResidencyAudit.Run(table, world);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Empty(report.Violations);
        Assert.Equal((2, 58), (report.Counts.BoundJurisdictions, report.Counts.BoundRegions));
        Assert.True(report.Counts.EdgeDecisions > 271 * 4 * 559);
    }

    [Fact]
    public void Run_ForbiddenShare_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        EntryRows rows = content.Entries;
        int at = rows.Start[Entry(world, "live", "CN-01")];
        TableContent wrong = content with { Entries = rows with { Edge = rows.Edge.SetItem(at, Edge(world, "own-par")) } };
        Expect(world, wrong, "residency_edge", "share", "CN-01", "own-par", "live");
    }

    [Fact]
    public void Run_ForbiddenBackup_IsNamed()
    {
        World world = _files.Build();
        TableContent wrong = WithBackup(Content(world), Entry(world, "bulk", "CN-01"), Edge(world, "cdn-par"));
        Expect(world, wrong, "residency_edge", "backup", "CN-01", "cdn-par", "bulk");
    }

    [Fact]
    public void Run_BoundEdgeInTheDefaultRoute_IsNamed()
    {
        World world = _files.Build();
        TableContent wrong = WithBackup(Content(world), Entry(world, "live", null), Edge(world, "own-pek"));
        Expect(world, wrong, "default_route", "default_route", "", "own-pek", "live");
    }

    [Fact]
    public void Run_ForbiddenRelayOnAPath_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        PathRows paths = content.Paths;
        int row = world.EdgeOrdinal("own-pek") * world.Origins.Length + world.OriginOrdinal("og-pek");
        int hop = paths.HopStart[paths.Start[row]];
        Assert.Equal(world.RelayOrdinal("rl-pek"), paths.HopNode[hop]);
        TableContent wrong = content with { Paths = paths with { HopNode = paths.HopNode.SetItem(hop, (ushort)world.RelayOrdinal("rl-par")) } };
        Expect(world, wrong, "residency_relay", "path", "own-pek", "rl-par");
    }

    [Fact]
    public void Run_LawThatGotStricter_NamesTheOriginThatMayNoLongerFeed()
    {
        World before = _files.Build();
        TableContent content = Content(before);
        World after = _files.Add("allowed.csv", "EU,edge,EU;US;CN", "EU,relay,EU;US;CN", "EU,origin,CN").Build();
        AuditReport report = ResidencyAudit.Run(TableOf(content), after);
        Assert.Contains(report.Violations, static v => v is { Rule: "residency_origin", Place: "path", Subject: "own-par", Node: "og-par" });
        // The relay in Paris stands under the same law, so what own-bos fetches over it is no better.
        Assert.Contains(report.Violations, static v => v is { Rule: "residency_origin", Subject: "own-bos", Node: "og-par" });
        Assert.DoesNotContain(report.Violations, static v => v.Subject == "own-pek");
    }

    [Fact]
    public void Run_ViewersLawUpstreamOfAForeignEdge_IsNamedAndTheBuilderKeepsIt()
    {
        const string File = "allowed.csv", Head = "jurisdiction,hop,allowed", Edges = "CN,edge,CN;EU";
        World loose = _files.With(File, Head, Edges, "CN,relay,CN;EU", "CN,origin,CN;EU").Build();
        TableContent content = Content(loose);
        Assert.True(ResidencyAudit.Run(TableOf(content), loose).IsClean);
        World strict = _files.With(File, Head, Edges, "CN,relay,CN", "CN,origin,CN").Build();
        Assert.Contains(ResidencyAudit.Run(TableOf(content), strict).Violations, static v =>
            v is { Rule: "residency_relay", Subject: "own-par", Node: "rl-par" } && v.Message.Contains("viewers of CN", StringComparison.Ordinal));
        Assert.Empty(ResidencyAudit.Run(TableOf(Content(strict)), strict).Violations);
    }

    [Fact]
    public void Run_NodeWhoseJurisdictionDiffersFromTheWorlds_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        Expect(world, content with { Relays = content.Relays.SetItem(0, content.Relays[0] with { Jurisdiction = "US" }) }, "unknown_jurisdiction", "node", "", "rl-par");
    }

    [Fact]
    public void Run_NodeThatTheWorldDoesNotHave_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        Expect(world, content with { Relays = content.Relays.SetItem(0, content.Relays[0] with { Id = "rl-new" }) }, "unknown_jurisdiction", "node", "", "rl-new");
    }

    [Fact]
    public void Run_RegionOfAnotherJurisdictionThanTheWorlds_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        Expect(world, content with { Regions = content.Regions.SetItem(2, content.Regions[2] with { Jurisdiction = "EU" }) }, "unknown_jurisdiction", "region", "CN-01", "");
    }

    [Fact]
    public void Run_EndpointInCommonWithAForbiddenNode_IsNamed()
    {
        World world = _files.Add("endpoints.csv", "own-pek,live,A,198.18.9.9").Build();
        TableContent content = Content(world);
        ImmutableArray<TableEndpoint> endpoints = content.Endpoints.Endpoint;
        int at = endpoints.IndexOf(new(EndpointType.A, "198.18.9.9"));
        TableContent wrong = content with { Endpoints = content.Endpoints with { Endpoint = endpoints.SetItem(at, new(EndpointType.A, "198.18.0.1")) } };
        Expect(world, wrong, "shared_endpoint", "endpoint", "CN-01", "own-par", "live");
    }

    [Fact]
    public void Run_StreamAtAnotherOriginThanItsOwn_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        TableContent wrong = content with
        {
            Streams = [content.Streams[0] with { Origin = world.OriginOrdinal("og-pek") }],
            // The plan of the stream's paths would contradict that already.
            StreamPaths = StreamRows.None,
        };
        Expect(world, wrong, "stream_origin", "stream", "news", "og-pek");
    }

    [Fact]
    public void Run_OriginNoLongerReserved_NamesItAndWhoGetsIt()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        AuditReport report = ResidencyAudit.Run(TableOf(content with { Origins = content.Origins.SetItem(1, content.Origins[1] with { IsReserved = false }) }), world);
        Assert.Contains(report.Violations, static v => v is { Rule: "reserved_origin", Place: "node", Node: "og-pek" });
        Assert.Contains(report.Violations, static v => v is { Rule: "reserved_origin", Place: "failover", Subject: "own-par", Node: "og-pek" });
        Assert.All(report.Violations, static v => Assert.Equal("og-pek", v.Node));
    }

    [Fact]
    public void Run_BoundRegionThatTheTableTakesForFree_WouldGetAFallbackHost()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        AuditReport report = ResidencyAudit.Run(TableOf(content with { Regions = content.Regions.SetItem(2, content.Regions[2] with { IsBound = false }) }), world);
        Assert.Contains(report.Violations, static v => v is { Rule: "bound_region", Subject: "CN-01" });
        Assert.Contains(report.Violations, static v => v is { Rule: "fallback_host", Subject: "CN-01", Node: "origin.example.net" });
        Assert.All(report.Violations, static v => Assert.Equal("CN-01", v.Subject));
    }

    [Fact]
    public void Decide_EverythingDown_GivesNoFallbackHostToWhomTheLawBinds()
    {
        World world = _files.Build();
        RoutingTable table = TableOf(Content(world));
        EdgeShare[] ranked = new EdgeShare[4];
        int bulk = world.ServiceOrdinal("bulk");
        Decision free = table.Decide(DecisionRequest.ForRegion(bulk, world.RegionOrdinal("FR-01")) with { Down = [ulong.MaxValue] }, ranked);
        Decision bound = table.Decide(DecisionRequest.ForRegion(bulk, world.RegionOrdinal("CN-01")) with { Down = [ulong.MaxValue] }, ranked);
        Assert.Equal((DecisionReason.Fallback, DecisionReason.NoEdge), (free.Reason, bound.Reason));
        Assert.Contains("no fallback host", table.Explain(bound, ranked), StringComparison.Ordinal);
    }

    private static void Expect(World world, TableContent wrong, string rule, string place, string subject, string node, params string[] services)
    {
        AuditReport report = ResidencyAudit.Run(TableOf(wrong), world);
        AuditViolation found = Assert.Single(report.Violations);
        Assert.Equal((rule, place, subject, node), (found.Rule, found.Place, found.Subject, found.Node));
        Assert.Equal(services, found.Services);
        foreach (string part in (string[])[subject, node, .. services]) Assert.Contains(part, found.Message, StringComparison.Ordinal);
        Assert.False(report.IsClean);
        // What the publish step can afford finds it as well.
        Assert.Equal(report.ViolationCount, ResidencyAudit.Run(TableOf(wrong), world, FailoverDepth.Bounds).ViolationCount);
    }

    private static TableContent WithBackup(TableContent content, int entry, ushort edge)
    {
        EntryRows rows = content.Entries;
        int at = rows.Start[entry + 1];
        return content with
        {
            Entries = rows with
            {
                Start = [.. rows.Start.Select((s, i) => i > entry ? s + 1 : s)],
                Edge = rows.Edge.Insert(at, edge),
                Weight = rows.Weight.Insert(at, (ushort)0),
            },
        };
    }

    private static int Entry(World world, string service, string? region) =>
        ServiceProfiles.Of(world).OfService[world.ServiceOrdinal(service)] * (world.Regions.Length + 1)
        + (region is null ? world.Regions.Length : world.RegionOrdinal(region));

    private static ushort Edge(World world, string id) => (ushort)world.EdgeOrdinal(id);

    private static TableContent Content(World world, int hour = 0) => TableBuilder.Build(
        DispatchSolver.Solve(new Snapshot(world, hour)).Assignment!, PrefixIndex.Build([]), TableBuilder.RegionLocations(world));

    private static RoutingTable TableOf(TableContent content) => RoutingTable.Create(content, new TableVersion(1, 1), DateTimeOffset.UnixEpoch);
}
