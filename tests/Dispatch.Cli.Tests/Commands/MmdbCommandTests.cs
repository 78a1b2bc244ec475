namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class MmdbCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Mmdb_RecordsAndGaps_PrintsALineEach()
    {
        string database = _folder.Write("c.mmdb", TinyMmdb.Countries(("10.0.0.0/8", "FR"), ("11.2.0.0/16", "DE")));
        string ips = _folder.Write("ips.txt", "10.1.2.3", "11.2.3.4", "11.3.0.0", "::ffff:10.0.0.1", "2001:db8::1");
        CliRun run = await CliRun.Of("mmdb", database, "--ips", ips);
        Assert.Equal(new CliRun(0, """
            {"country":{"iso_code":"FR"}}
            {"country":{"iso_code":"DE"}}
            null
            {"country":{"iso_code":"FR"}}
            null

            """, ""), run);
        Assert.Equal(run, await CliRun.Of("mmdb", database, "--ips", ips, "--json"));
    }

    [Fact]
    public async Task Mmdb_NoDatabase_NamesOffsetAndRule()
    {
        CliRun run = await CliRun.WithInput("10.1.2.3\n", "mmdb", _folder.Write("c.mmdb", "no database at all"u8.ToArray()), "--ips", "-");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Matches(@"error: .*c\.mmdb: offset \d+: ", run.Error);
        Assert.Equal(2, (await CliRun.WithInput("", "mmdb", Path.Combine(_folder.Path, "none.mmdb"), "--ips", "-")).Code);
    }

    [Fact]
    public async Task Mmdb_CorruptRecord_GivesNoAnswerAtAll()
    {
        byte[] bytes = TinyMmdb.Countries(("10.0.0.0/8", "FR"), ("11.0.0.0/8", "DE"));
        // The last two bytes before the metadata marker are the second record's country: claim more bytes than there are.
        int marker = bytes.AsSpan().IndexOf("MaxMind.com"u8) - 3;
        bytes[marker - 3] = 2 << 5 | 28;
        CliRun run = await CliRun.WithInput("10.1.2.3\n11.0.0.1\n", "mmdb", _folder.Write("c.mmdb", bytes), "--ips", "-");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Matches(@"c\.mmdb: offset \d+: ", run.Error);
    }

    [Fact]
    public async Task Mmdb_MalformedAddress_ExitsTwo()
    {
        CliRun run = await CliRun.WithInput("10.1.2.3.4\n", "mmdb", _folder.Write("c.mmdb", TinyMmdb.Countries(("10.0.0.0/8", "FR"))), "--ips", "-");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("standard input:1: ip '10.1.2.3.4'", run.Error, StringComparison.Ordinal);
    }
}
