using TrafficDispatch.Dns.Tests.Wire;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Tests.Answers;

/// <summary>Questions that are answered with an rcode alone.</summary>
public sealed class RefusalTests
{
    private readonly Asking _asking = new(new TableSketch());

    [Theory]
    [InlineData(0x0800, DnsRcode.NotImp)]
    [InlineData(0x2800, DnsRcode.NotImp)]
    [InlineData(0x7800, DnsRcode.NotImp)]
    [InlineData(0x8000, DnsRcode.FormErr)]
    [InlineData(0x0110, DnsRcode.NoError)]
    public void Respond_Flags_DecideFirst(int flags, DnsRcode expected)
    {
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", DnsType.A, null, flags: (ushort)flags));
        Assert.Equal((int)expected, answer.Header.RcodeLow);
        Assert.True(answer.Header.IsResponse);
        // Opcode, RD and CD as asked; no recursion, no signatures checked.
        Assert.Equal(flags & 0x7910, answer.Header.Flags & 0x79B0);
        Assert.Single(answer.Questions);
    }

    [Theory]
    [InlineData(DnsType.Axfr, DnsClass.In, DnsRcode.Refused)]
    [InlineData(DnsType.Ixfr, DnsClass.In, DnsRcode.Refused)]
    [InlineData((DnsType)254, DnsClass.In, DnsRcode.NotImp)]
    [InlineData((DnsType)128, DnsClass.In, DnsRcode.NotImp)]
    [InlineData(DnsType.Opt, DnsClass.In, DnsRcode.FormErr)]
    [InlineData(DnsType.Txt, DnsClass.Chaos, DnsRcode.Refused)]
    [InlineData(DnsType.A, DnsClass.Any, DnsRcode.Refused)]
    [InlineData((DnsType)65_280, DnsClass.In, DnsRcode.NoError)]
    public void Respond_TypesAndClasses_AreToldApart(DnsType type, DnsClass @class, DnsRcode expected)
    {
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", type, [], @class: @class));
        Assert.Equal((int)expected, answer.Header.RcodeLow);
        Assert.Equal((type, @class), (answer.Questions.Single().Type, answer.Questions.Single().Class));
    }

    [Fact]
    public void Respond_NumberOfQuestions_MustBeOne()
    {
        DnsQuestion question = new(DnsName.Parse("live.example.net"), DnsType.A, DnsClass.In);
        foreach (int count in (ReadOnlySpan<int>)[0, 2, 3])
        {
            DnsMessage answer = _asking.Ask(new DnsMessage(new(9, 0), [.. Enumerable.Repeat(question, count)], [], [], []).ToBytes()!);
            Assert.Equal((9, (int)DnsRcode.FormErr, 0), (answer.Header.Id, answer.Header.RcodeLow, answer.Questions.Length));
        }
    }

    [Fact]
    public void Respond_NotEvenAHeader_IsNothing()
    {
        for (int length = 0; length < DnsHeader.Bytes; length++) Assert.Empty(_asking.Bytes(new byte[length]));
        Assert.NotEmpty(_asking.Bytes(new byte[DnsHeader.Bytes]));
    }

    [Fact]
    public void Respond_CutOffAnywhere_IsFormErr()
    {
        byte[] query = Messages.Query("live.example.net", DnsType.A, Messages.Subnet("203.0.113.0/24"));
        for (int length = DnsHeader.Bytes; length < query.Length; length++) Assert.Equal((int)DnsRcode.FormErr, _asking.Ask(query[..length]).Header.RcodeLow);
        Assert.Equal((int)DnsRcode.FormErr, _asking.Ask([.. query, 0]).Header.RcodeLow);
    }
}
