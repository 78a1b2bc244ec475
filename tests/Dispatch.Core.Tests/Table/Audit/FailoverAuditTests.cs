using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;
using TrafficDispatch.Table.Audit;

namespace TrafficDispatch.Core.Tests.Table.Audit;

/// <summary>One failover row is put wrong in a lawful table, and the audit names exactly that.</summary>
public sealed class FailoverAuditTests : IDisposable
{
    private const ushort Whole = 16384, Half = 8192;
    private readonly TestWorld _files = TestWorld.Small();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Run_LawfulFailovers_AreReadRowByRow()
    {
        World world = _files.Build();
        AuditReport report = ResidencyAudit.Run(TableOf(Content(world)), world);
        Assert.Empty(report.Violations);
        Assert.Equal((4L, 5L), (report.Counts.FailoverRows, report.Counts.FailoverShares));
    }

    /// <summary>The table's own word on the law does not help: the same row is refused at load where it carries that law.</summary>
    [Fact]
    public void Run_ForbiddenEdgeInARow_IsNamedThoughTheTableForgotTheLaw()
    {
        World world = _files.Build();
        TableContent wrong = Mutate(world, 2, Edge(world, "own-par"));
        Expect(world, wrong, "residency_edge", "CN-01", "own-par", "live");
        Assert.Throws<ArgumentException>(() => TableOf(wrong with { Failovers = wrong.Failovers with { Law = [new(world.RegionOrdinal("CN-01"), ["CN"])] } }));
    }

    [Fact]
    public void Run_EdgeThatTheServiceDoesNotAdmit_IsNamed()
    {
        World world = _files.Build();
        Expect(world, Mutate(world, 0, Edge(world, "cdn-par")), "service_edge", "FR-01", "cdn-par", "live");
    }

    [Fact]
    public void Run_EdgeThatHasFailed_IsNamed()
    {
        World world = _files.Build();
        ExpectInContent(world, Mutate(world, 3, Edge(world, "own-bos")), "failover_edge", "FR-01", "own-bos", "bulk");
    }

    [Fact]
    public void Run_EdgeTwiceInARow_IsNamed()
    {
        World world = _files.Build();
        ExpectInContent(world, Mutate(world, 4, Edge(world, "own-par")), "failover_edge", "FR-01", "own-par", "bulk");
    }

    [Fact]
    public void Run_EdgeThatIsDownAnyway_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        int cdn = Edge(world, "cdn-par");
        TableContent wrong = content with { Edges = content.Edges.SetItem(cdn, content.Edges[cdn] with { State = HealthState.Drained }) };
        ExpectInContent(world, wrong, "failover_edge", "FR-01", "cdn-par", "bulk");
    }

    [Theory]
    [InlineData(8191)]
    [InlineData(8193)]
    public void Run_WeightsThatMakeNoWhole_AreNamed(int weight)
    {
        World world = _files.Build();
        TableContent content = Content(world);
        TableContent wrong = content with { Failovers = content.Failovers with { Weight = content.Failovers.Weight.SetItem(4, (ushort)weight) } };
        ExpectInContent(world, wrong, "failover_shares", "FR-01", "", "bulk");
    }

    [Fact]
    public void Run_RowOfADefaultRoute_IsNamed()
    {
        World world = _files.Build();
        TableContent content = Content(world);
        int entry = Entry(world, "bulk", null);
        TableContent wrong = content with { Failovers = content.Failovers with { Entry = content.Failovers.Entry.SetItem(3, entry) } };
        ExpectInContent(world, wrong, "failover_row", "", "", "bulk");
    }

    /// <summary>Every failure of the shipped world as the sweep ships it.</summary>
    [Fact]
    public void Run_ShippedWorldWithItsFailovers_IsClean()
    {
        World world = ShippedWorld.World;
        Assignment plan = DispatchSolver.Solve(new Snapshot(world, 16)).Assignment!;
        FailureReport failures = FailureSweep.Run(plan, new() { Fixes = false, Threads = 2, MoveCost = 40 });
        TableContent content = TableBuilder.Build(plan, PrefixIndex.Build([]), TableBuilder.RegionLocations(world));
        AuditReport report = ResidencyAudit.Run(TableOf(FailoverTable.AddTo(content, failures)), world, FailoverDepth.Bounds);
        Assert.Empty(report.Violations);
        Assert.InRange(report.Counts.FailoverRows, 1000, long.MaxValue);
    }

    private static void Expect(World world, TableContent wrong, string rule, string region, string node, string service)
    {
        foreach (FailoverDepth depth in new[] { FailoverDepth.Bounds, FailoverDepth.Every })
            Named(Assert.Single(ResidencyAudit.Run(TableOf(wrong), world, depth).Violations), rule, region, node, service);
        ExpectInContent(world, wrong, rule, region, node, service);
    }

    // What the load of a table refuses already is read from the content itself.
    private static void ExpectInContent(World world, TableContent wrong, string rule, string region, string node, string service)
    {
        AuditFindings findings = new();
        AuditNodes nodes = new(wrong, world, findings);
        new FailoverAudit(wrong, world, nodes, new EntryAudit(wrong, nodes, new LawReading(world.Facts), new SharedEndpoints(wrong), findings), findings).Run();
        Named(Assert.Single(findings.Kept), rule, region, node, service);
    }

    private static void Named(AuditViolation found, string rule, string region, string node, string service)
    {
        Assert.Equal((rule, "failover", region, node), (found.Rule, found.Place, found.Subject, found.Node));
        Assert.Equal(service, Assert.Single(found.Services));
        foreach (string part in (string[])[region, node, service, "failover edge:own-bos"]) Assert.Contains(part, found.Message, StringComparison.Ordinal);
    }

    private static TableContent Mutate(World world, int at, ushort edge)
    {
        TableContent content = Content(world);
        return content with { Failovers = content.Failovers with { Edge = content.Failovers.Edge.SetItem(at, edge) } };
    }

    /// <summary>Boston fails: live goes to Paris in France and America and stays in Beijing in China; bulk is halved between the two edges in Paris.</summary>
    private static TableContent Content(World world)
    {
        ushort par = Edge(world, "own-par"), pek = Edge(world, "own-pek"), cdn = Edge(world, "cdn-par");
        int[] entries = [Entry(world, "live", "FR-01"), Entry(world, "live", "US-01"), Entry(world, "live", "CN-01"), Entry(world, "bulk", "FR-01")];
        Assert.Equal(entries.Order(), entries);
        TableContent content = TableBuilder.Build(DispatchSolver.Solve(new Snapshot(world, 0)).Assignment!, PrefixIndex.Build([]), TableBuilder.RegionLocations(world));
        return content with
        {
            Failovers = new(["edge:own-bos"], [0, 1], [Edge(world, "own-bos")], [0, 4], [.. entries], [0, 1, 2, 3, 5],
                [par, par, pek, par, cdn], [Whole, Whole, Whole, Half, Half], [0, 0, 0, 0], []),
        };
    }

    private static int Entry(World world, string service, string? region) =>
        ServiceProfiles.Of(world).OfService[world.ServiceOrdinal(service)] * (world.Regions.Length + 1)
        + (region is null ? world.Regions.Length : world.RegionOrdinal(region));

    private static ushort Edge(World world, string id) => (ushort)world.EdgeOrdinal(id);

    private static RoutingTable TableOf(TableContent content) => RoutingTable.Create(content, new TableVersion(1, 1), DateTimeOffset.UnixEpoch);
}
