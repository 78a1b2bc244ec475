using TrafficDispatch.Model;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>A table that breaks the law is not one that the publisher puts in force.</summary>
public sealed class TableInvariantsTests : IDisposable
{
    private readonly TestWorld _files = TestWorld.Small();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Violations_LawfulTable_AreNone() => Assert.Empty(Violations(static c => c));

    [Fact]
    public void Violations_EntryOutsideTheLaw_NameRegionAndEdge() =>
        Assert.Contains(Violations(static c =>
        {
            // Entry 2 is CN-01's of the first profile; edge 0 stands in the EU.
            EntryRows rows = c.Entries;
            return c with { Entries = rows with { Edge = rows.Edge.SetItem(rows.Start[2], 0) } };
        }), static v => v.Contains("CN-01", StringComparison.Ordinal) && v.Contains("own-par", StringComparison.Ordinal));

    [Fact]
    public void Violations_NodeOfUnknownJurisdiction_NameIt() =>
        Assert.Contains(
            Violations(static c => c with { Origins = c.Origins.SetItem(0, c.Origins[0] with { Jurisdiction = "" }) }),
            static v => v.Contains("og-par", StringComparison.Ordinal));

    private IReadOnlyList<string> Violations(Func<TableContent, TableContent> change)
    {
        World world = _files.Build();
        Assignment assignment = DispatchSolver.Solve(new Snapshot(world, 0)).Assignment!;
        TableContent content = change(TableBuilder.Build(assignment, PrefixIndex.Build([]), TableBuilder.RegionLocations(world)));
        return TableInvariants.Violations(assignment, RoutingTable.Create(content, new TableVersion(1, 1), DateTimeOffset.UnixEpoch));
    }
}
