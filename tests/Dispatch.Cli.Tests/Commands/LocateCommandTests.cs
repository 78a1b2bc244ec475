using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Cli.Tests.Oracle;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class LocateCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Locate_NestedPrefixes_PrintsALineEachInInputOrder()
    {
        string world = TinyWorld.Write(_folder);
        string ips = _folder.Write("ips.txt", "10.1.2.3", "10.1.3.4", "# a comment", "", "10.2.0.0", "11.0.0.1", "::ffff:10.1.2.3", "2001:db8::1", "10.1.2.3\r");
        CliRun run = await CliRun.Of("locate", "--world", world, "--ips", ips, "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal("""
            {"ip":"10.1.2.3","region_id":"BB-01","matched_prefix_len":24}
            {"ip":"10.1.3.4","region_id":null,"matched_prefix_len":16}
            {"ip":"10.2.0.0","region_id":"AA-01","matched_prefix_len":8}
            {"ip":"11.0.0.1","region_id":null,"matched_prefix_len":-1}
            {"ip":"::ffff:10.1.2.3","region_id":"BB-01","matched_prefix_len":24}
            {"ip":"2001:db8::1","region_id":"BB-01","matched_prefix_len":32}
            {"ip":"10.1.2.3","region_id":"BB-01","matched_prefix_len":24}

            """, run.Output);
    }

    [Fact]
    public async Task Locate_StandardInput_PrintsColumns()
    {
        CliRun run = await CliRun.WithInput("10.1.2.3\n10.1.0.0\n", "locate", "--world", TinyWorld.Write(_folder), "--ips", "-");
        Assert.Equal(new CliRun(0, "10.1.2.3\tBB-01\t24\n10.1.0.0\t-\t16\n", ""), run);
    }

    [Fact]
    public async Task Locate_MalformedAddresses_ShowsEachWithItsLineAndNoAnswer()
    {
        string ips = _folder.Write("ips.txt", "10.1.2.3", "10.1.2", "10.0.0.0/8", "2001:db8::1%eth0", "10.1.2.03");
        CliRun run = await CliRun.Of("locate", "--world", TinyWorld.Write(_folder), "--ips", ips, "--json");
        Assert.Equal((2, ""), (run.Code, run.Output));
        foreach (string fault in new[] { "ips.txt:2: ip '10.1.2'", "ips.txt:3: ip '10.0.0.0/8'", "ips.txt:4: ip '2001:db8::1%eth0'", "ips.txt:5: ip '10.1.2.03'" })
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locate_ShippedWorld_AgreesWithItsSample()
    {
        List<Dictionary<string, string>> sample = CsvText.Read(Path.Combine(Repository.World, "lookups_sample.csv"));
        string ips = _folder.Write("ips.txt", [.. sample.Select(static s => s["ip"])]);
        CliRun run = await CliRun.Of("locate", "--world", Repository.World, "--ips", ips, "--json");
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(sample.Count, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            using JsonDocument json = JsonDocument.Parse(lines[i]);
            Assert.Equal(sample[i]["ip"], json.RootElement.GetProperty("ip").GetString());
            Assert.Equal(sample[i]["region_id"] is "-" or "" ? null : sample[i]["region_id"], json.RootElement.GetProperty("region_id").GetString());
            Assert.Equal(sample[i]["matched_prefix_len"], json.RootElement.GetProperty("matched_prefix_len").GetInt32().ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Locate_WorldWithoutPrefixes_TakesAnMmdb()
    {
        string world = TinyWorld.Write(_folder, prefixes: false);
        string database = _folder.Write("country.mmdb", TinyMmdb.Countries(("10.0.0.0/8", "FR"), ("11.0.0.0/8", "DE")));
        string ips = _folder.Write("ips.txt", "10.1.2.3", "11.1.2.3", "12.0.0.1");
        CliRun run = await CliRun.Of("locate", "--world", world, "--ips", ips, "--json", "--country-mmdb", database);
        Assert.Equal("""
            {"ip":"10.1.2.3","region_id":"AA-01","matched_prefix_len":8}
            {"ip":"11.1.2.3","region_id":"BB-01","matched_prefix_len":8}
            {"ip":"12.0.0.1","region_id":null,"matched_prefix_len":-1}

            """, run.Output);
    }

    [Fact]
    public async Task Locate_WorldWithoutPrefixesAndNoMmdb_WarnsThatNothingMatches()
    {
        CliRun run = await CliRun.WithInput("10.0.0.1\n", "locate", "--world", TinyWorld.Write(_folder, prefixes: false), "--ips", "-", "--json");
        Assert.Equal((0, "{\"ip\":\"10.0.0.1\",\"region_id\":null,\"matched_prefix_len\":-1}\n"), (run.Code, run.Output));
        Assert.Contains("warning: the world has no prefix tables", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locate_SourcesThatContradict_ExitsTwo()
    {
        string world = TinyWorld.Write(_folder), database = _folder.Write("c.mmdb", TinyMmdb.Countries(("10.0.0.0/8", "FR")));
        Assert.Equal(2, (await CliRun.WithInput("", "locate", "--world", world, "--ips", "-", "--city-mmdb", database)).Code);
        Assert.Equal(2, (await CliRun.WithInput("", "locate", "--world", world, "--ips", "-", "--asn-mmdb", database)).Code);
        Assert.Equal(2, (await CliRun.WithInput("", "locate", "--world", world, "--ips", Path.Combine(_folder.Path, "none.txt"))).Code);
    }
}
