using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>The shipped world's 201,410 prefixes and the 5,000 answers that come with it.</summary>
public sealed class ShippedPrefixTests
{
    private static readonly string World = ShippedWorld.Directory;
    private static readonly string[] Regions = [.. File.ReadLines(Path.Combine(World, "regions.csv")).Skip(1).Select(l => l[..l.IndexOf(',')])];
    private static readonly PrefixEntry[] Entries = [.. Read("prefixes_v4.csv"), .. Read("prefixes_v6.csv")];
    private static readonly PrefixIndex Index = PrefixIndex.Build(Entries);

    [Fact]
    public void Find_ShippedLookups_AllAgree()
    {
        int checkedRows = 0;
        foreach (string line in File.ReadLines(Path.Combine(World, "lookups_sample.csv")).Skip(1))
        {
            string[] cells = line.Split(',');
            PrefixMatch match = Index.Find(ClientAddress.Parse(cells[0]));
            string region = match.Location < 0 ? "" : Regions[match.Location];
            Assert.Equal(line, string.Create(CultureInfo.InvariantCulture, $"{cells[0]},{region},{match.MatchedLength}"));
            checkedRows++;
        }
        Assert.Equal(5000, checkedRows);
    }

    [Fact]
    public void Build_EntriesInAnyOrder_GivesTheSameBytes()
    {
        PrefixEntry[] shuffled = [.. Entries];
        new Random(5).Shuffle(shuffled);
        Assert.Equal(PrefixIndexTests.Bytes(Index), PrefixIndexTests.Bytes(PrefixIndex.Build(shuffled)));
    }

    [Fact]
    public void Find_WarmedUp_AllocatesNothing()
    {
        ClientAddress[] addresses = [.. Entries.Where((_, i) => i % 50 == 0).Select(e => e.Prefix.Address)];
        long sum = 0, before = 0;
        for (int round = 0; round < 40; round++)
        {
            if (round == 39) before = GC.GetAllocatedBytesForCurrentThread();
            foreach (ClientAddress address in addresses) sum += Index.Find(address).UniformLength;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    [Fact]
    public void TryRead_MutatedBytes_RefusesOrStaysInRange()
    {
        byte[] bytes = PrefixIndexTests.Bytes(PrefixIndex.Build(Entries.AsSpan(0, 400)));
        ClientAddress[] probes = [.. Entries.Take(400).Select(e => e.Prefix.Address), ClientAddress.Parse("::1"), ClientAddress.Parse("2001::")];
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutated = bytes[..(i % 3 == 0 ? random.Next(bytes.Length) : bytes.Length)];
            for (int flips = random.Next(1, 4); flips > 0 && mutated.Length > 0; flips--)
            {
                mutated[random.Next(random.Next(2) == 0 ? mutated.Length : Math.Min(12, mutated.Length))] = (byte)random.Next(256);
            }
            if (!PrefixIndex.TryRead(mutated, out PrefixIndex? read, out string fault))
            {
                Assert.StartsWith("offset ", fault, StringComparison.Ordinal);
                refused++;
                continue;
            }
            Assert.All(probes, p => Assert.InRange(read.Find(p).Location, PrefixEntry.None, read.LocationBound - 1));
        }
        Assert.InRange(refused, 10_000, 19_999);
    }

    private static IEnumerable<PrefixEntry> Read(string file) =>
        from line in File.ReadLines(Path.Combine(World, file)).Skip(1)
        let cells = line.Split(',')
        select PrefixIndexTests.Entry(cells[0], cells[1] == "-" ? PrefixEntry.None : Array.IndexOf(Regions, cells[1]));
}
