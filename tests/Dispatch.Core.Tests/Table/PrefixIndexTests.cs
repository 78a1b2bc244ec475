using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class PrefixIndexTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithReplay(20260101UL, 7UL).WithMaxTest(1500);

    [Fact]
    public void Find_RandomNestedPrefixes_MatchesBruteForce() =>
        Check.One(Runs, Prop.ForAll(PrefixTable.Any, table =>
        {
            PrefixIndex index = PrefixIndex.Build(table.Entries);
            foreach (ClientAddress address in table.Boundaries().Concat(Scattered))
            {
                PrefixMatch match = index.Find(address);
                if ((match.Location, match.MatchedLength) != table.Find(address)) return false;
            }
            return true;
        }));

    [Fact]
    public void Find_RandomNestedPrefixes_UniformBlockIsTheWidestWithOneAnswer() =>
        Check.One(Runs, Prop.ForAll(PrefixTable.Any, table =>
        {
            PrefixIndex index = PrefixIndex.Build(table.Entries);
            ClientAddress[] changes = table.Boundaries().ToArray();
            foreach (ClientAddress address in changes.Concat(Scattered))
            {
                PrefixMatch match = index.Find(address);
                if (!IsUniform(match.UniformLength)) return false;
                if (match.UniformLength > 0 && IsUniform(match.UniformLength - 1)) return false;

                bool IsUniform(int length)
                {
                    IpPrefix block = IpPrefix.Around(address, length);
                    return changes.Append(block.Address).Append(block.Address with { Bits = PrefixTable.Last(block) })
                        .Where(block.Contains).All(a => table.Find(a) == (match.Location, match.MatchedLength));
                }
            }
            return true;
        }));

    [Fact]
    public void Write_RandomNestedPrefixes_ReadsBackToTheSameBytesAndAnswers() =>
        Check.One(Runs, Prop.ForAll(PrefixTable.Any, table =>
        {
            PrefixIndex index = PrefixIndex.Build(table.Entries);
            byte[] bytes = Bytes(index);
            Assert.True(PrefixIndex.TryRead(bytes, out PrefixIndex? read, out string fault), fault);
            return Bytes(read).AsSpan().SequenceEqual(bytes) && read.LocationBound == index.LocationBound
                && table.Boundaries().All(a => read.Find(a) == index.Find(a));
        }));

    [Theory]
    [InlineData("10.1.2.3", 1, 8, 9)]
    [InlineData("10.128.0.0", 2, 9, 10)]
    [InlineData("10.192.0.1", PrefixEntry.None, 10, 10)]
    [InlineData("10.255.255.255", PrefixEntry.None, 10, 10)]
    [InlineData("11.0.0.0", PrefixEntry.None, -1, 8)]
    [InlineData("::ffff:10.1.2.3", 1, 8, 9)]
    [InlineData("2001:db8::1", 5, 128, 128)]
    [InlineData("2001:db8::", 4, 0, 128)]
    [InlineData("9000::", 4, 0, 1)]
    public void Find_NestedWithExplicitNone_GivesLongestAndItsBlock(string ip, int location, int matched, int uniform)
    {
        PrefixIndex index = PrefixIndex.Build([
            Entry("10.0.0.0/8", 1), Entry("10.128.0.0/9", 2), Entry("10.192.0.0/10", PrefixEntry.None), Entry("::/0", 4), Entry("2001:db8::1/128", 5),
        ]);
        Assert.Equal(new PrefixMatch(location, matched, uniform), index.Find(ClientAddress.Parse(ip)));
    }

    [Fact]
    public void Find_AdjacentPrefixesThatAgree_ReportsTheWiderBlock()
    {
        PrefixIndex index = PrefixIndex.Build([Entry("192.0.2.0/25", 7), Entry("192.0.2.128/25", 7)]);
        Assert.Equal(new PrefixMatch(7, 25, 24), index.Find(ClientAddress.Parse("192.0.2.200")));
    }

    [Fact]
    public void Find_Empty_MatchesNothingAnywhere()
    {
        Assert.All(Scattered, a => Assert.Equal(new PrefixMatch(PrefixEntry.None, -1, 0), PrefixIndex.Empty.Find(a)));
    }

    [Fact]
    public void Build_SamePrefixTwice_NamesIt()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() =>
            PrefixIndex.Build([Entry("192.0.2.0/24", 1), Entry("10.0.0.0/8", 1), Entry("192.0.2.0/24", 2)]));
        Assert.Contains("192.0.2.0/24 occurs twice", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(33, 0)]
    [InlineData(-1, 0)]
    [InlineData(8, -2)]
    [InlineData(8, PrefixIndex.MaxLocation + 1)]
    public void Build_EntryOutOfRange_Throws(int length, int location) =>
        Assert.Throws<ArgumentException>(() => PrefixIndex.Build([new(new IpPrefix(ClientAddress.FromV4(0), length), location)]));

    [Fact]
    public void Build_BitsBeyondTheLength_Throws() =>
        Assert.Throws<ArgumentException>(() => PrefixIndex.Build([new(new IpPrefix(ClientAddress.FromV4(1), 24), 0)]));

    [Fact]
    public void Build_HighestLocation_IsKept()
    {
        PrefixIndex index = PrefixIndex.Build([Entry("::1/128", PrefixIndex.MaxLocation)]);
        Assert.Equal(new PrefixMatch(PrefixIndex.MaxLocation, 128, 128), index.Find(ClientAddress.Parse("::1")));
        Assert.Equal(PrefixIndex.MaxLocation + 1, index.LocationBound);
    }

    internal static PrefixEntry Entry(string prefix, int location)
    {
        Assert.True(IpPrefix.TryParse(prefix, out IpPrefix parsed, out string fault), fault);
        return new PrefixEntry(parsed, location);
    }

    internal static byte[] Bytes(PrefixIndex index)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        index.Write(output);
        return output.WrittenSpan.ToArray();
    }

    private static readonly ClientAddress[] Scattered =
        [.. from i in Enumerable.Range(0, 64) select new ClientAddress(UInt128.MaxValue / 63 * (uint)(i % 32) >> (i < 32 ? 0 : 96), i < 32)];
}
