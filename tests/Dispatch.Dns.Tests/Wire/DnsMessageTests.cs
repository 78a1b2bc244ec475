using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Tests.Wire;

public sealed class DnsMessageTests
{
    [Fact]
    public void ToBytes_AnyMessage_ReadsBackTheSame() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(3UL, 7UL).WithMaxTest(2000),
        Prop.ForAll(Arb.From(Messages.Message, Messages.Smaller), static m => Messages.Text(Messages.Read(m.ToBytes()!)) == Messages.Text(m)));

    [Fact]
    public void ToBytes_SharedEndings_ArePointedTo()
    {
        DnsName a = DnsName.Parse("www.example.net"), b = DnsName.Parse("live.example.net");
        DnsMessage message = new(new(1, 0), [new(a, DnsType.A, DnsClass.In)],
            [new(a, DnsType.Cname, DnsClass.In, 5, new NameData(b)), new(b, DnsType.Ns, DnsClass.In, 5, new NameData(DnsName.Root))], [], []);
        byte[] bytes = message.ToBytes()!;
        // The question whole; then a pointer to it, "live" and a pointer; then a pointer to that; the root as it is.
        Assert.Equal(12 + (17 + 4) + (2 + 10 + 5 + 2) + (2 + 10 + 1), bytes.Length);
        Assert.Equal(Messages.Text(message), Messages.Text(Messages.Read(bytes)));
    }

    [Fact]
    public void ToBytes_SameNameInOtherCase_KeepsItsCase()
    {
        DnsName lower = DnsName.Parse("live.example.net"), mixed = DnsName.Parse("LiVe.eXample.net");
        DnsMessage message = new(new(1, 0), [new(mixed, DnsType.A, DnsClass.In)], [new(lower, DnsType.Ns, DnsClass.In, 5, new NameData(mixed))], [], []);
        Assert.Equal(Messages.Text(message), Messages.Text(Messages.Read(message.ToBytes()!)));
    }

    [Fact]
    public void ToBytes_MoreThanAMessageHolds_IsNull()
    {
        DnsRecord record = new(DnsName.Root, DnsType.Txt, DnsClass.In, 1, new OpaqueData(new byte[60_000]));
        Assert.NotNull(new DnsMessage(new(1, 0), [], [record], [], []).ToBytes());
        Assert.Null(new DnsMessage(new(1, 0), [], [record, record], [], []).ToBytes());
    }

    [Theory]
    [InlineData("", DnsFault.CutOff)]
    [InlineData("000100000000000000000000FF", DnsFault.TrailingBytes)]
    [InlineData("00010000000100000000000001610000010001", DnsFault.None)]
    // A pointer to itself, forward, and into the header.
    [InlineData("000100000001000000000000C00C00010001", DnsFault.BadPointer)]
    [InlineData("000100000001000000000000C00E0001000100", DnsFault.BadPointer)]
    [InlineData("000100000001000000000000C00400010001", DnsFault.BadPointer)]
    [InlineData("000100000001000000000000400000010001", DnsFault.LabelType)]
    [InlineData("0001000000010000000000000161", DnsFault.CutOff)]
    [InlineData("00010000000100000000000001610000", DnsFault.CutOff)]
    // Two names that point at each other: the second pointer is not to an earlier place.
    [InlineData("0001000000020000000000000161C0110001000101620000C00C00010001", DnsFault.BadPointer)]
    // A record A of five bytes.
    [InlineData("0001000000000001000000000000010001000000050005C000020199", DnsFault.DataLength)]
    [InlineData("00010000000000010000000000000100010000000500030A0000", DnsFault.CutOff)]
    public void TryRead_BrokenMessage_NamesTheFault(string hex, DnsFault expected)
    {
        bool read = DnsMessage.TryRead(Convert.FromHexString(hex), out _, out DnsFault fault);
        Assert.Equal((expected, expected == DnsFault.None), (fault, read));
    }

    [Fact]
    public void TryRead_NameUnfoldedBeyond255_IsRefused()
    {
        // Four labels of 63 bytes are a byte too many with the root's.
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] message = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. label, .. label, .. label, .. label, 0, 0, 1, 0, 1];
        Assert.False(DnsMessage.TryRead(message, out _, out DnsFault fault));
        Assert.Equal(DnsFault.NameTooLong, fault);
    }

    [Fact]
    public void TryRead_LongestChainOfPointers_EndsAndStaysSmall()
    {
        // Every record's name is a label before a pointer to the name before it: they grow until they may not.
        List<byte> message = [0, 1, 0, 0, 0, 1, 0, 255, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 1, 0, 1];
        int before = 12;
        for (int i = 0; i < 255; i++)
        {
            int here = message.Count;
            message.AddRange([1, (byte)'b', (byte)(0xC0 | before >> 8), (byte)(before & 0xFF), 0, 16, 0, 1, 0, 0, 0, 1, 0, 0]);
            before = here;
        }
        Assert.False(DnsMessage.TryRead(message.ToArray(), out _, out DnsFault fault));
        Assert.Equal(DnsFault.NameTooLong, fault);
    }
}
