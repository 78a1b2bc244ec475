using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Geo;

public sealed class MmdbHostileTests
{
    private static readonly ClientAddress Zero = ClientAddress.FromV4(0);

    public static TheoryData<string, string> BadRecords => new()
    {
        { "pointer to pointer", "must not lead to a pointer" },
        { "map in itself", "must not nest deeper than 512" },
        { "pointer bomb", "must not unfold to more than" },
        { "array of 16 million", "does not fit" },
        { "pointer beyond", "beyond the section" },
        { "text beyond", "reaches beyond the section" },
        { "double of 7 bytes", "must not have size 7" },
        { "float of 8 bytes", "must not have size 8" },
        { "uint16 of 3 bytes", "must not have size 3" },
        { "uint128 of 17 bytes", "must not have size 17" },
        { "boolean of 2", "must be 0 or 1" },
        { "number as key", "key must be text" },
        { "extended type 9", "no extended type" },
        { "extended type 0", "no extended type" },
        { "end marker", "no type of a value" },
        { "container", "no type of a value" },
        { "cut off", "cut off" },
    };

    [Theory]
    [MemberData(nameof(BadRecords))]
    public void Decode_BrokenRecord_NamesOffsetAndRule(string name, string rule)
    {
        MmdbFile file = new(24, 4);
        int offset = Write(file.Data, name);
        file.Insert(new IpPrefix(Zero, 0), offset);
        MmdbReader reader = file.ToReader();
        MmdbException e = Assert.Throws<MmdbException>(() => reader.Find(Zero));
        Assert.Contains(rule, e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Offset, reader.Metadata.TreeBytes + 16, file.ToBytes().Length);
    }

    private static int Write(MmdbData data, string name)
    {
        switch (name)
        {
            case "pointer to pointer": data.Pointer(2, 1).Pointer(4, 1).Text("x"); break;
            case "map in itself": data.Map(1).Text("a").Pointer(0, 1); break;
            case "pointer bomb": return Bomb(data);
            case "array of 16 million": data.Array(16_000_000); break;
            case "pointer beyond": data.Array(1).Pointer(1_000_000, 4); break;
            case "text beyond": data.Field(MmdbType.Utf8, 60_000, "short"u8); break;
            case "double of 7 bytes": data.Field(MmdbType.Double, 7, new byte[7]); break;
            case "float of 8 bytes": data.Field(MmdbType.Float, 8, new byte[8]); break;
            case "uint16 of 3 bytes": data.Field(MmdbType.UInt16, 3, new byte[3]); break;
            case "uint128 of 17 bytes": data.Field(MmdbType.UInt128, 17, new byte[17]); break;
            case "boolean of 2": data.Field(MmdbType.Boolean, 2); break;
            case "number as key": data.Map(1).Boolean(true).Boolean(true); break;
            case "extended type 9": data.Raw(0x00, 0x09); break;
            case "extended type 0": data.Raw(0x00, 0x00); break;
            case "end marker": data.Field(MmdbType.EndMarker, 0); break;
            case "container": data.Field(MmdbType.DataCacheContainer, 0); break;
            default: data.Raw(0x5E); break;
        }
        return 0;
    }

    /// <summary>Each array holds the one before 16 times: 16^12 values from 500 bytes.</summary>
    private static int Bomb(MmdbData data)
    {
        int previous = 0;
        data.Text("boom");
        for (int level = 0; level < 12; level++)
        {
            int here = data.Position;
            data.Array(16);
            for (int i = 0; i < 16; i++) data.Pointer(previous, 4);
            previous = here;
        }
        return previous;
    }

    [Fact]
    public void Networks_CyclicTree_IsRefused()
    {
        MmdbFile file = new(24, 6);
        file.Data.Text("x");
        file.SetRecord(0, 0, 0);
        MmdbException e = Assert.Throws<MmdbException>(() => file.ToReader().Networks().Count());
        Assert.Contains("cycle", e.Message, StringComparison.Ordinal);
        Assert.Throws<MmdbException>(() => file.ToReader().Find(Zero));
    }

    [Fact]
    public void Networks_EveryNodeLeadsTwiceToTheNext_IsRefusedSoon()
    {
        MmdbFile file = new(32, 6);
        file.Data.Text("x");
        file.Set(0, 128, MmdbFile.ToData(0));
        for (int i = 0; i < file.NodeCount - 1; i++) file.SetRecord(i, 1, i + 1);
        MmdbReader reader = file.ToReader();
        MmdbException e = Assert.Throws<MmdbException>(() => reader.Networks().Count());
        Assert.Contains("unfolds to more than", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_RecordBehindTheData_IsRefused()
    {
        MmdbFile file = new(28, 4);
        file.Data.Text("x");
        file.SetRecord(0, 0, MmdbFile.ToData(2));
        Assert.Contains("outside of its 2 bytes", Assert.Throws<MmdbException>(() => file.ToReader().Find(Zero)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_RecordIntoTheSeparator_IsRefused()
    {
        MmdbFile file = new(28, 4);
        file.Data.Text("x");
        byte[] bytes = file.ToBytes();
        bytes[2] = 1 + 13;
        Assert.Contains("leads to data at -3", Assert.Throws<MmdbException>(() => new MmdbReader(bytes).Find(Zero)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BrokenMetadata_NamesTheRule()
    {
        Refuses(new MmdbFile(24, 4) { ClaimedNodes = 1_000_000 }.ToBytes(), "asks for a tree of 6000000 bytes");
        Refuses(new MmdbFile(24, 4) { ClaimedNodes = 0 }.ToBytes(), "node_count must be 1 to");
        Refuses(new MmdbFile(24, 4) { ClaimedNodes = int.MaxValue }.ToBytes(), "asks for a tree");
        Refuses(new MmdbFile(24, 4) { ClaimedRecordBits = 26 }.ToBytes(), "record_size must be 24, 28 or 32");
        Refuses(new MmdbFile(24, 4) { ClaimedIpVersion = 5 }.ToBytes(), "ip_version must be 4 or 6");
        Refuses(new MmdbFile(24, 4) { FormatVersion = 3 }.ToBytes(), "binary_format_major_version must be 2");
        Refuses([], "no metadata marker");
        Refuses([.. new MmdbFile(24, 4).ToBytes(), .. new byte[140_000]], "no metadata marker in the last 128 KiB");
        Refuses([.. new MmdbFile(24, 4).ToBytes(), 0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8], "cut off");
        Refuses([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8, 0x42, .. "no"u8], "must be a map");
    }

    [Fact]
    public void TryOpen_MissingFile_NamesIt()
    {
        Assert.False(MmdbReader.TryOpen("/nowhere/none.mmdb", out MmdbReader? reader, out string fault));
        Assert.Null(reader);
        Assert.Contains("/nowhere/none.mmdb", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 4)]
    [InlineData(28, 6)]
    [InlineData(32, 6)]
    public void Everything_MutatedFile_ThrowsOnlyMmdbException(int recordBits, int ipVersion)
    {
        byte[] valid = GeoIp2Sample.File(recordBits, ipVersion).ToBytes();
        Random random = new(recordBits + ipVersion);
        int refused = 0;
        for (int i = 0; i < 6000; i++)
        {
            byte[] mutated = Mutate(valid, random);
            try
            {
                Use(new MmdbReader(mutated));
            }
            catch (MmdbException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 5999);
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        byte[] bytes = random.Next(8) == 0 ? valid[..random.Next(valid.Length)] : [.. valid];
        for (int flips = random.Next(1, 5); flips > 0 && bytes.Length > 0; flips--)
        {
            int at = random.Next(3) == 0 ? Math.Max(0, bytes.Length - 1 - random.Next(200)) : random.Next(bytes.Length);
            bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ 1 << random.Next(8));
        }
        return bytes;
    }

    private static void Use(MmdbReader reader)
    {
        foreach (string ip in GeoIp2Sample.Addresses) reader.Find(ClientAddress.Parse(ip));
        foreach (MmdbNetwork network in reader.Networks().Take(2000)) MmdbValueTests.Json(reader.Decode(network.DataOffset));
        AddressLocations.Flatten(GeoIp2Sample.Regions, [reader], [reader]);
    }

    private static void Refuses(byte[] bytes, string rule) =>
        Assert.Contains(rule, Assert.Throws<MmdbException>(() => new MmdbReader(bytes)).Message, StringComparison.Ordinal);
}
