using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Geo;

/// <summary>Our reader beside libmaxminddb and mmdblookup, on real databases and on those that our test writer makes.</summary>
public sealed class MmdbPeerTests
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(ShippedWorld.Directory, "..", "..", "artifacts", "mmdb"));

    [Theory]
    [InlineData("dbip-country.mmdb")]
    [InlineData("dbip-country-ipv4.mmdb")]
    [InlineData("dbip-country-ipv6.mmdb")]
    public void TryFind_RealDatabaseRandomAddresses_AgreesWithLibmaxminddb(string file)
    {
        string path = Installed(file);
        MmdbReader reader = MmdbReader.Open(path);
        ClientAddress[] addresses = [.. RandomAddresses(20_000, reader.Metadata.IpVersion)];
        Assert.Equal(Peer(path, addresses), addresses.Select(a => Place(reader, a)));
    }

    [Theory]
    [InlineData(24, 4)]
    [InlineData(28, 4)]
    [InlineData(32, 4)]
    [InlineData(24, 6)]
    [InlineData(28, 6)]
    [InlineData(32, 6)]
    public void Find_WrittenDatabase_AgreesWithLibmaxminddbAndMmdblookup(int recordBits, int ipVersion)
    {
        string path = Path.Combine(Path.GetTempPath(), $"dispatch-{Environment.ProcessId}-{recordBits}-{ipVersion}.mmdb");
        Installed("dbip-country.mmdb");
        File.WriteAllBytes(path, GeoIp2Sample.File(recordBits, ipVersion).ToBytes());
        try
        {
            MmdbReader reader = MmdbReader.Open(path);
            ClientAddress[] addresses = [.. GeoIp2Sample.Addresses.Select(ClientAddress.Parse).Where(a => !a.IsIPv6 || ipVersion == 6)];
            Assert.Equal(Peer(path, addresses), addresses.Select(a => Place(reader, a)));
            foreach (ClientAddress address in addresses)
            {
                if (reader.Find(address) is { } value) Assert.Equal(MmdbLookup(path, address), MmdbText.Lines(value));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Find_RealDatabase_AgreesWithMmdblookup()
    {
        string path = Installed("dbip-country.mmdb");
        MmdbReader reader = MmdbReader.Open(path);
        ClientAddress[] known = [.. RandomAddresses(400, 6).Where(a => reader.TryFind(a, out _)).Take(100)];
        Assert.Equal(100, known.Length);
        Assert.All(known, a => Assert.Equal(MmdbLookup(path, a), MmdbText.Lines(reader.Find(a)!)));
    }

    [Fact]
    public void Networks_RealDatabase_EachIsWhatLookupsFind()
    {
        MmdbReader reader = MmdbReader.Open(Installed("dbip-country.mmdb"));
        int count = 0;
        foreach (MmdbNetwork network in reader.Networks())
        {
            if (count++ % 97 != 0) continue;
            Assert.True(reader.TryFind(network.Prefix.Address, out MmdbNetwork found));
            Assert.Equal(network, found);
        }
        // A binary tree has one leaf more than it has nodes; those without a record are not enumerated.
        Assert.InRange(count, reader.Metadata.NodeCount / 2, reader.Metadata.NodeCount + 1);
    }

    internal static string Installed(string file)
    {
        string path = Path.Combine(Folder, file);
        bool complete = File.Exists(path) && File.Exists(Path.Combine(Folder, "maxminddb"));
        Assert.True(complete, $"{path} or the driver beside it is missing: run tests/Dispatch.Core.Tests/Geo/install-mmdb.sh");
        return path;
    }

    /// <summary>Half all over the space, half where networks are.</summary>
    internal static IEnumerable<ClientAddress> RandomAddresses(int count, int ipVersion)
    {
        Random random = new(2026);
        for (int i = 0; i < count; i++)
        {
            ulong high = (ulong)random.NextInt64() << 1, low = (ulong)random.NextInt64();
            if (ipVersion == 4 || i % 2 == 0) yield return ClientAddress.FromV4((uint)(high >> 32));
            else yield return ClientAddress.FromV6((UInt128)(i % 4 == 1 ? high : high >> 8 & 0x000FFFFFFFFFFFFF | 0x2000000000000000 | (ulong)random.Next(16) << 52) << 64 | low);
        }
    }

    private static string Place(MmdbReader reader, ClientAddress address)
    {
        if (!reader.TryFind(address, out MmdbNetwork network)) return "-";
        int length = network.Prefix.Length + (reader.Metadata.IpVersion == 6 && !address.IsIPv6 ? 96 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{length} {network.DataOffset}");
    }

    private static string[] Peer(string database, IEnumerable<ClientAddress> addresses) =>
        Run(Path.Combine(Folder, "maxminddb"), ["lookup", database], string.Join('\n', addresses) + "\n");

    private static string[] MmdbLookup(string database, ClientAddress address) =>
        [.. Run("mmdblookup", ["-f", database, "-i", address.ToString()], "").Select(l => l.Trim()).Where(l => l.Length > 0)];

    private static string[] Run(string program, string[] arguments, string input)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string text = output.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
