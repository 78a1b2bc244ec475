using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class RoutingTableCodecTests
{
    private const int ContentAt = 76, HashBytes = 32;

    [Fact]
    public void Write_Table_ReadsBackToTheSameTableAndBytes()
    {
        RoutingTable table = new TableSketch().Build();
        byte[] bytes = Bytes(table);
        Assert.True(RoutingTableCodec.TryRead(bytes, out RoutingTable? read, out string fault), fault);
        Assert.Equal("", fault);
        Assert.Equal((table.Version, table.BuiltAt, table.ContentHash), (read.Version, read.BuiltAt, read.ContentHash));
        Assert.Equal(bytes, Bytes(read));
        Assert.Equal(table.Content.Services[2].FallbackHost, read.Content.Services[2].FallbackHost);
        EdgeShare[] here = new EdgeShare[8], there = new EdgeShare[8];
        foreach (string address in new[] { "192.0.2.7", "192.0.2.200", "198.51.100.3", "203.0.113.9", "2001:db8::9", "9.9.9.9" })
        {
            DecisionRequest request = DecisionRequest.ForAddress(Live, ClientAddress.Parse(address));
            Assert.Equal(table.Decide(request, here), read.Decide(request, there));
            Assert.Equal(here, there);
        }
        Assert.Equal(table.Endpoints(Live, Muc).ToArray(), read.Endpoints(Live, Muc).ToArray());
        RankedPath[] paths = new RankedPath[3];
        Assert.Equal(3, read.Route(new(Muc, "news"), paths).Count);
    }

    [Fact]
    public void Write_SameContentBuiltTwice_GivesSameBytes() => Assert.Equal(Bytes(new TableSketch().Build()), Bytes(new TableSketch().Build()));

    [Fact]
    public void Write_ToStream_GivesTheBytesOfTheBuffer()
    {
        RoutingTable table = new TableSketch().Build();
        using MemoryStream stream = new();
        RoutingTableCodec.Write(table, stream);
        Assert.Equal(Bytes(table), stream.ToArray());
    }

    [Fact]
    public void ContentHash_OtherVersionOrTime_StaysAndOtherContentDoesNot()
    {
        RoutingTable table = new TableSketch().Build();
        RoutingTable later = RoutingTable.Create(new TableSketch().Content(), new(7, 9), Noon.AddHours(3));
        Assert.Equal(table.ContentHash, later.ContentHash);
        Assert.Matches("^[0-9a-f]{64}$", table.ContentHash);
        RoutingTable again = table.With(new(2, 5));
        Assert.Equal((table.ContentHash, new TableVersion(2, 5), table.BuiltAt), (again.ContentHash, again.Version, again.BuiltAt));
        Assert.Same(table.Content.Prefixes, again.Content.Prefixes);
        TableSketch other = new();
        other.Entries[De] = (1, [(Muc, 10239), (Fra, 6144), (Cdn, 0), (Old, 0)]);
        Assert.NotEqual(table.ContentHash, other.Build().ContentHash);
    }

    [Fact]
    public void TryRead_CutOffAnywhere_IsRefused()
    {
        byte[] bytes = Bytes(new TableSketch().Build());
        for (int length = 0; length < bytes.Length; length++) AssertRefused(bytes.AsSpan(0, length));
        AssertRefused([.. bytes, 0]);
    }

    [Fact]
    public void TryRead_AnyByteAltered_IsRefused()
    {
        byte[] bytes = Bytes(new TableSketch().Build());
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            AssertRefused(bytes);
            bytes[at] ^= 0x10;
        }
    }

    /// <summary>With checksum and hash made good again, only the structure's own checks are left to refuse nonsense.</summary>
    [Fact]
    public void TryRead_ThousandsOfSealedMutations_RefusesOrReadsASoundTable()
    {
        byte[] sound = Bytes(new TableSketch().Build());
        Random random = new(20260304);
        int refused = 0, read = 0;
        EdgeShare[] ranked = new EdgeShare[16];
        for (int round = 0; round < 8_000; round++)
        {
            byte[] bytes = Mutate(sound, random);
            Seal(bytes);
            if (!RoutingTableCodec.TryRead(bytes, out RoutingTable? table, out string fault))
            {
                Assert.NotEqual("", fault);
                refused++;
                continue;
            }
            read++;
            Assert.Equal(bytes, Bytes(table));
            for (int service = 0; service < table.Content.Services.Length; service++)
            {
                foreach (string address in new[] { "192.0.2.7", "198.51.100.3", "203.0.113.9", "2001:db8::9" })
                    table.Decide(DecisionRequest.ForAddress(service, ClientAddress.Parse(address)), ranked);
            }
            for (int node = 0; node < table.Content.EdgeCount + table.Content.Relays.Length; node++) table.Route(new(node, "news"), new RankedPath[3]);
        }
        Assert.True(refused > 4000 && read > 200, $"{refused} refused, {read} read");
    }

    /// <summary>A count of two billion in a file of a few kilobytes must not be believed.</summary>
    [Fact]
    public void TryRead_HugeCounts_AllocatesNoMoreThanTheBytesAreWorth()
    {
        byte[] sound = Bytes(new TableSketch().Build());
        for (int at = ContentAt; at < sound.Length - HashBytes - 4; at++)
        {
            byte[] bytes = [.. sound];
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), 0x7FFFFFF0);
            Seal(bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            RoutingTableCodec.TryRead(bytes, out _, out _);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        }
    }

    /// <summary>A row or a count that is gone with its section's length put right: what is left contradicts itself at worst.</summary>
    [Fact]
    public void TryRead_AnyCountMadeSmall_RefusesOrReadsASoundTable()
    {
        byte[] sound = Bytes(new TableSketch().Build());
        for (int at = ContentAt; at < sound.Length - HashBytes - 4; at++)
        {
            for (int value = 0; value < 3; value++)
            {
                byte[] bytes = [.. sound];
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
                Seal(bytes);
                if (RoutingTableCodec.TryRead(bytes, out RoutingTable? table, out string fault)) Assert.Equal(bytes, Bytes(table));
                else Assert.NotEqual("", fault);
            }
        }
    }

    [Theory]
    [InlineData(8, 3, "format version 3 is unknown")]
    [InlineData(0, 0, "not a routing table")]
    [InlineData(75, 0x7F, "length is out of range")]
    [InlineData(68, 0, "bytes where")]
    [InlineData(19, 0x80, "is negative")]
    [InlineData(35, 0x7F, "time of building")]
    public void TryRead_HeaderAltered_NamesTheFault(int at, byte value, string says)
    {
        byte[] bytes = Bytes(new TableSketch().Build());
        bytes[at] = value;
        Seal(bytes, keepLength: true);
        Assert.False(RoutingTableCodec.TryRead(bytes, out _, out string fault));
        Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_AlteredContent_NamesChecksumThenHashThenOffset()
    {
        byte[] bytes = Bytes(new TableSketch().Build());
        bytes[ContentAt] = 2;
        Assert.Equal("the checksum does not match: the bytes were altered", Fault(bytes));
        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        Assert.Equal("the content hash does not match the content", Fault(bytes));
        Seal(bytes);
        Assert.Equal("offset 88: section World is missing", Fault(bytes));
    }

    [Fact]
    public void Write_RandomTables_ReadBackToTheSameBytes() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20260305UL, 9UL).WithMaxTest(300), Prop.ForAll(Arb.From(
            from names in Gen.ArrayOf(Gen.Elements("a", "Zürich", "北京", "", "🌍", "x y"), 12)
            from volumes in Gen.ArrayOf(Gen.Choose(0, 9), 5)
            from overflow in Gen.Choose(0, 9)
            from epoch in Gen.Choose(0, int.MaxValue)
            select (names, volumes, overflow, epoch)), given =>
        {
            TableSketch sketch = new();
            for (int i = 0; i < 3; i++) sketch.Regions[i] = sketch.Regions[i] with { Name = given.names[i], Jurisdiction = given.names[i + 3] };
            for (int i = 0; i < 3; i++) sketch.Relays[i] = sketch.Relays[i] with { City = given.names[i + 6], FaultDomain = given.names[i + 9] };
            ushort[] weights = new ushort[5];
            Shares.Quantise([.. given.volumes.Select(static v => (long)v).OrderDescending()], given.overflow, weights, out ushort share);
            if (weights.Sum(static w => w) + share > 0) sketch.Entries[De] = (share, [.. weights.Select(static (w, e) => ((ushort)e, w))]);
            RoutingTable table = RoutingTable.Create(sketch.Content(), new(given.epoch, 3), Noon);
            byte[] bytes = Bytes(table);
            return RoutingTableCodec.TryRead(bytes, out RoutingTable? read, out _) && Bytes(read).AsSpan().SequenceEqual(bytes)
                && read.Content.Regions.SequenceEqual(table.Content.Regions) && read.Content.Entries.Edge.SequenceEqual(table.Content.Entries.Edge);
        }));

    private static byte[] Mutate(byte[] sound, Random random)
    {
        List<byte> bytes = [.. sound];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(ContentAt, bytes.Count - HashBytes);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.Insert(at, (byte)random.Next(3)); break;
                case 4: unchecked { bytes[at]++; } break;
                case 5: bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - HashBytes - at)); break;
                default:
                    int length = Math.Min(random.Next(1, 40), bytes.Count - HashBytes - at);
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Makes length (where asked), content hash and checksum fit the bytes.</summary>
    private static void Seal(byte[] bytes, bool keepLength = false)
    {
        if (!keepLength) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(68), bytes.Length - ContentAt - HashBytes);
        SHA256.HashData(bytes.AsSpan(ContentAt..^HashBytes), bytes.AsSpan(36));
        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
    }

    private static void AssertRefused(ReadOnlySpan<byte> bytes)
    {
        Assert.False(RoutingTableCodec.TryRead(bytes, out RoutingTable? table, out string fault));
        Assert.Null(table);
        Assert.NotEqual("", fault);
    }

    private static string Fault(byte[] bytes) => RoutingTableCodec.TryRead(bytes, out _, out string fault) ? "" : fault;

    private static byte[] Bytes(RoutingTable table)
    {
        ArrayBufferWriter<byte> writer = new();
        RoutingTableCodec.Write(table, writer);
        return writer.WrittenSpan.ToArray();
    }
}
