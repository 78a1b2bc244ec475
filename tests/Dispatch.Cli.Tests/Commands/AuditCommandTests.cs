using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _world;

    public AuditCommandTests() => _world = TinyWorld.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Audit_World_IsClean()
    {
        CliRun run = await CliRun.Of("audit", "--world", _world);
        Assert.Equal(0, run.Code);
        Assert.Contains("\nclean; ", run.Output, StringComparison.Ordinal);
        Assert.Contains("assumed: the law", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_StoredTable_IsCleanUnderItsOwnLaw()
    {
        CliRun run = await CliRun.Of("audit", StoredTable(), "--world", _world, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;
        Assert.Equal((0, true), (run.Code, root.GetProperty("clean").GetBoolean()));
        Assert.Equal((3L, 7L), (root.GetProperty("table_epoch").GetInt64(), root.GetProperty("table_version").GetInt64()));
        Assert.Equal(root.GetProperty("table_world_version").GetString(), root.GetProperty("law_world_version").GetString());
        JsonElement proved = root.GetProperty("proved");
        Assert.Equal((1, 3), (proved.GetProperty("bound_regions").GetInt32(), proved.GetProperty("entries").GetInt32()));
        foreach (string count in (string[])["shares", "backups", "failures", "edge_decisions", "answers"]) Assert.True(proved.GetProperty(count).GetInt64() > 0, count);
        Assert.Equal(0, root.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public async Task Audit_TableUnderAStricterLaw_NamesEveryBreach()
    {
        string table = StoredTable();
        _folder.Write("allowed.csv", "jurisdiction,hop,allowed", "A,edge,B");
        CliRun run = await CliRun.Of("audit", table, "--world", _world, "--json");
        Assert.Equal(8, run.Code);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement[] found = [.. json.RootElement.GetProperty("violations").EnumerateArray()];
        Assert.Contains(found, static v => Text(v, "rule") == "residency_edge" && Text(v, "subject") == "AA-01" && Text(v, "node") == "own-a"
            && v.GetProperty("services")[0].GetString() == "default");
        Assert.Contains(found, static v => Text(v, "rule") == "default_route" && Text(v, "node") == "own-a");
        Assert.Contains(found, static v => Text(v, "rule") == "bound_region" && Text(v, "subject") == "AA-01");
        CliRun text = await CliRun.Of("audit", table, "--world", _world);
        Assert.Equal(8, text.Code);
        Assert.Contains("violation: Region AA-01 (A), service default, share: edge own-a (A) is not allowed, only edges in B are. (residency_edge)\n", text.Output, StringComparison.Ordinal);
        Assert.Contains($"{found.Length} violations; ", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_NoTable_IsBadInput()
    {
        _folder.Write("broken.tdt", "TDTABLE");
        CliRun broken = await CliRun.Of("audit", Path.Combine(_world, "broken.tdt"), "--world", _world);
        CliRun missing = await CliRun.Of("audit", Path.Combine(_world, "missing.tdt"), "--world", _world);
        Assert.Equal((2, 2, ""), (broken.Code, missing.Code, broken.Output));
        Assert.Contains("broken.tdt: ", broken.Error, StringComparison.Ordinal);
    }

    private string StoredTable()
    {
        World world = WorldFolder.Load(_world, WorldParts.Network).World!;
        TableContent content = TableBuilder.Build(
            DispatchSolver.Solve(new Snapshot(world, 16)).Assignment!, PrefixIndex.Build([]), TableBuilder.RegionLocations(world));
        string file = Path.Combine(_world, "table-000000000003-000000000007.tdt");
        using FileStream stream = File.Create(file);
        RoutingTableCodec.Write(RoutingTable.Create(content, new TableVersion(3, 7), DateTimeOffset.UnixEpoch), stream);
        return file;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
