using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Geo;

public sealed class MmdbTreeTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithReplay(20260102UL, 9UL).WithMaxTest(400);

    [Fact]
    public void Networks_RandomTrees_AgreeWithLookupsAndWithTheInsertedPrefixes() =>
        Check.One(Runs, Prop.ForAll(Trees, tree =>
        {
            MmdbReader reader = tree.ToReader();
            MmdbNetwork[] networks = [.. reader.Networks()];
            bool found = networks.All(n => reader.TryFind(n.Prefix.Address, out MmdbNetwork first) && first == n
                && reader.TryFind(Last(n.Prefix), out MmdbNetwork last) && last == n);
            bool inOrder = networks.Zip(networks.Skip(1)).All(p => IsBefore(p.First.Prefix, p.Second.Prefix));
            return found && inOrder && tree.Prefixes.SelectMany(p => new[] { p.Address, Last(p) }).All(a =>
                (tree.Find(a) is { } expected
                    ? reader.TryFind(a, out MmdbNetwork n) && reader.Decode(n.DataOffset).Unsigned == (uint)expected && networks.Contains(n)
                    : !reader.TryFind(a, out _)));
        }));

    [Theory]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void Networks_AliasedV4Subtree_AppearsOnceAsV4(int recordBits)
    {
        MmdbFile file = new(recordBits, 6);
        file.Data.Text("v4").Text("v6");
        file.Insert(Prefix("192.0.2.0/24"), 0);
        file.Insert(Prefix("198.51.100.0/25"), 0);
        file.Insert(Prefix("2001:db8::/32"), 3);
        file.AliasToV4(new IpPrefix(new ClientAddress((UInt128)0xFFFF << 32, true), 96));
        file.AliasToV4(Prefix("2002::/16"));
        file.AliasToV4(Prefix("2001::/32"));
        MmdbReader reader = file.ToReader();
        Assert.Equal(["192.0.2.0/24", "198.51.100.0/25", "2001:db8::/32"], reader.Networks().Select(n => n.Prefix.ToString()));
        Assert.Equal("v4", reader.Find(ClientAddress.Parse("2002:c000:0201::1"))!.Text);
        Assert.Equal("v4", reader.Find(ClientAddress.Parse("::ffff:192.0.2.9"))!.Text);
        Assert.Equal("v6", reader.Find(ClientAddress.Parse("2001:db8::1"))!.Text);
        Assert.Null(reader.Find(ClientAddress.Parse("192.0.3.0")));
    }

    [Fact]
    public void Find_V4UnderWideV6Record_HasThatRecord()
    {
        MmdbFile file = new(24, 6);
        file.Data.Text("wide");
        file.Insert(Prefix("::/8"), 0);
        MmdbReader reader = file.ToReader();
        Assert.Equal("wide", reader.Find(ClientAddress.Parse("203.0.113.1"))!.Text);
        Assert.Equal(["0.0.0.0/0", "::/8"], reader.Networks().Select(n => n.Prefix.ToString()));
    }

    [Fact]
    public void Find_V6AddressInV4Tree_HasNoRecord()
    {
        MmdbFile file = new(24, 4);
        file.Data.Text("all");
        file.Insert(Prefix("0.0.0.0/0"), 0);
        Assert.Null(file.ToReader().Find(ClientAddress.Parse("2001:db8::1")));
        Assert.Equal("all", file.ToReader().Find(ClientAddress.Parse("255.255.255.255"))!.Text);
    }

    [Fact]
    public void Metadata_WrittenFile_IsRead()
    {
        MmdbMetadata metadata = new MmdbFile(28, 6).ToReader().Metadata;
        Assert.Equal((1, 28, 6, "Test", 1_750_000_000UL), (metadata.NodeCount, metadata.RecordBits, metadata.IpVersion, metadata.DatabaseType, metadata.BuildEpoch));
        Assert.Equal("en de", string.Join(' ', metadata.Languages));
        Assert.Equal("made by a test", metadata.Fields["description"]!["en"]!.Text);
    }

    internal static IpPrefix Prefix(string text)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix, out string fault), fault);
        return prefix;
    }

    private static ClientAddress Last(IpPrefix prefix) => prefix.Address with { Bits = Table.PrefixTable.Last(prefix) };

    private static bool IsBefore(IpPrefix a, IpPrefix b) =>
        a.Address.IsIPv6 == b.Address.IsIPv6 ? Last(a).Bits < b.Address.Bits : !a.Address.IsIPv6;

    /// <summary>Prefixes in order of insertion; a wider one comes first, so that a later one lies inside or apart.</summary>
    private sealed record Tree(int RecordBits, int IpVersion, IpPrefix[] Prefixes)
    {
        public MmdbReader ToReader()
        {
            MmdbFile file = new(RecordBits, IpVersion);
            for (int i = 0; i < Prefixes.Length; i++)
            {
                int offset = file.Data.Position;
                file.Data.Unsigned(MmdbType.UInt32, (uint)i);
                file.Insert(Prefixes[i], offset);
            }
            return file.ToReader();
        }

        /// <summary>The index of the last of the inserted prefixes that holds the address, for those are the narrowest.</summary>
        public int? Find(ClientAddress address)
        {
            int index = Array.FindLastIndex(Prefixes, p => p.Contains(address));
            return index < 0 ? null : index;
        }
    }

    private static Arbitrary<Tree> Trees { get; } = Arb.From(
        from recordBits in Gen.Elements(24, 28, 32)
        from version in Gen.Elements(4, 6)
        from count in Gen.Choose(0, 12)
        from prefixes in Gen.ArrayOf(AnyPrefix(version), count)
        select new Tree(recordBits, version, [.. prefixes.Distinct().OrderBy(p => p.Length + (p.Address.IsIPv6 ? 0 : 96))]),
        tree => tree.Prefixes.Select((_, i) => tree with { Prefixes = [.. tree.Prefixes[..i], .. tree.Prefixes[(i + 1)..]] }));

    /// <summary>IPv6 prefixes stay in 8000::/1, so that they meet neither IPv4 nor the mapped addresses.</summary>
    private static Gen<IpPrefix> AnyPrefix(int version) =>
        from isIPv6 in version == 6 ? Gen.Elements(true, false) : Gen.Constant(false)
        from high in Gen.Choose(0, 7)
        from tail in Gen.Choose(0, 3)
        from length in isIPv6 ? Gen.Choose(1, 128) : Gen.Choose(version == 4 ? 0 : 1, 32)
        select IpPrefix.Around(
            isIPv6 ? new ClientAddress((UInt128)1 << 127 | (UInt128)(uint)high << 120 | (uint)tail, true) : ClientAddress.FromV4((uint)high << 28 | (uint)tail), length);
}
