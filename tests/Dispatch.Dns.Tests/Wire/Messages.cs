using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Tests.Wire;

/// <summary>Messages for properties: of names that share endings, with records of every kind.</summary>
internal static class Messages
{
    private static readonly DnsClass[] Classes = [DnsClass.In, DnsClass.Chaos, (DnsClass)4096];

    // Few labels, so that names share their ends and pointers come about; cases differ, and one label has every kind of byte.
    private static readonly Gen<byte[]> Label = Gen.OneOf(
        Gen.Elements("www", "WWW", "a", "example", "Example", "net", "live", "x-1").Select(static s => System.Text.Encoding.ASCII.GetBytes(s)),
        Gen.ArrayOf(Gen.Choose(0, 255).Select(static i => (byte)i), 4),
        Gen.Constant(Enumerable.Repeat((byte)'z', DnsName.MaxLabelBytes).ToArray()));

    public static readonly Gen<DnsName> Name = Gen.Choose(0, 5).SelectMany(n => Gen.ArrayOf(Label, n)).Select(NameOf);

    private static readonly Gen<uint> Number = Gen.OneOf(Gen.Choose(0, 70_000).Select(static i => (uint)i), Gen.Constant(uint.MaxValue));

    private static readonly Gen<DnsQuestion> Question =
        from name in Name
        from type in Gen.Elements(DnsType.A, DnsType.Aaaa, DnsType.Any, DnsType.Soa, (DnsType)65_280)
        from @class in Gen.Elements(Classes)
        select new DnsQuestion(name, type, @class);

    private static readonly Gen<(DnsType Type, DnsData Data)> Data = Gen.OneOf(
        Gen.Choose(0, int.MaxValue).Select(static i => (DnsType.A, (DnsData)new AddressData(ClientAddress.FromV4((uint)i)))),
        Gen.Choose(0, int.MaxValue).Select(static i => (DnsType.Aaaa, (DnsData)new AddressData(new ClientAddress(((UInt128)0x20010db8 << 96) + (uint)i, true)))),
        Name.Select(static n => (DnsType.Cname, (DnsData)new NameData(n))),
        Name.Select(static n => (DnsType.Ns, (DnsData)new NameData(n))),
        from primary in Name
        from contact in Name
        from serial in Number
        from minimum in Number
        select (DnsType.Soa, (DnsData)new SoaData(primary, contact, serial, 1, 2, 3, minimum)),
        Gen.Choose(0, 40).SelectMany(n => Gen.ArrayOf(Gen.Choose(0, 255).Select(static i => (byte)i), n))
            .Select(static b => (DnsType.Txt, (DnsData)new OpaqueData(b))));

    private static readonly Gen<DnsRecord> Record =
        from name in Name
        from data in Data
        from ttl in Number
        from @class in Gen.Elements(Classes)
        select new DnsRecord(name, data.Type, @class, ttl, data.Data);

    private static readonly Gen<ImmutableArray<DnsRecord>> Section = Gen.Choose(0, 6).SelectMany(n => Gen.ArrayOf(Record, n)).Select(static r => r.ToImmutableArray());

    public static readonly Gen<DnsMessage> Message =
        from id in Gen.Choose(0, 65_535)
        from flags in Gen.Choose(0, 65_535)
        from questions in Gen.Choose(0, 3).SelectMany(n => Gen.ArrayOf(Question, n))
        from answers in Section
        from authority in Section
        from additional in Section
        select new DnsMessage(new((ushort)id, (ushort)flags), [.. questions], answers, authority, additional);

    /// <summary>A message with a question or a record less, or with shorter names.</summary>
    public static IEnumerable<DnsMessage> Smaller(DnsMessage m)
    {
        for (int i = 0; i < m.Questions.Length; i++) yield return m with { Questions = m.Questions.RemoveAt(i) };
        for (int i = 0; i < m.Answers.Length; i++) yield return m with { Answers = m.Answers.RemoveAt(i) };
        for (int i = 0; i < m.Authority.Length; i++) yield return m with { Authority = m.Authority.RemoveAt(i) };
        for (int i = 0; i < m.Additional.Length; i++) yield return m with { Additional = m.Additional.RemoveAt(i) };
        for (int i = 0; i < m.Answers.Length; i++)
            if (!m.Answers[i].Name.IsRoot) yield return m with { Answers = m.Answers.SetItem(i, m.Answers[i] with { Name = m.Answers[i].Name.Parent() }) };
    }

    /// <summary>All that a message says, for comparing two.</summary>
    public static string Text(DnsMessage m) =>
        $"{m.Header} {string.Join(';', m.Questions.Select(static q => $"{Hex(q.Name)} {q.Type} {q.Class}"))} | {Text(m.Answers)} | {Text(m.Authority)} | {Text(m.Additional)}";

    /// <summary>A question as a resolver sends it.</summary>
    public static byte[] Query(string name, DnsType type, byte[]? options = null, ushort id = 7, ushort flags = 0x0100, DnsClass @class = DnsClass.In, uint optTtl = 0, ushort size = 1232)
    {
        ImmutableArray<DnsRecord> opt = options is null ? [] : [new(DnsName.Root, DnsType.Opt, (DnsClass)size, optTtl, new OpaqueData(options))];
        return new DnsMessage(new(id, flags), [new(DnsName.Parse(name), type, @class)], [], [], opt).ToBytes()!;
    }

    /// <summary>A client subnet option.</summary>
    public static byte[] Subnet(string cidr, byte scope = 0)
    {
        Assert.True(IpPrefix.TryParse(cidr, out IpPrefix prefix, out string fault), fault);
        int bytes = (prefix.Length + 7) / 8;
        byte[] address = prefix.Address.ToIPAddress().GetAddressBytes()[..bytes];
        return [0, 8, 0, (byte)(4 + bytes), 0, prefix.Address.IsIPv6 ? (byte)2 : (byte)1, (byte)prefix.Length, scope, .. address];
    }

    public static DnsMessage Read(ReadOnlySpan<byte> bytes)
    {
        Assert.True(DnsMessage.TryRead(bytes, out DnsMessage? message, out DnsFault fault), fault.ToString());
        return message;
    }

    private static DnsName NameOf(byte[][] labels)
    {
        List<byte> wire = [];
        foreach (byte[] label in labels)
            if (label.Length > 0 && wire.Count + label.Length + 2 <= DnsName.MaxBytes) wire.AddRange([(byte)label.Length, .. label]);
        wire.Add(0);
        Assert.True(DnsName.TryFromWire(wire.ToArray(), out DnsName? name));
        return name;
    }

    private static string Hex(DnsName name) => Convert.ToHexString(name.Wire);

    private static string Text(ImmutableArray<DnsRecord> records) => string.Join(';', records.Select(static r => $"{Hex(r.Name)} {r.Type} {r.Class} {r.Ttl} {Text(r.Data)}"));

    private static string Text(DnsData data) => data switch
    {
        NameData n => Hex(n.Name),
        SoaData s => $"{Hex(s.Primary)} {Hex(s.Contact)} {s.ToText()}",
        OpaqueData o => Convert.ToHexString(o.Bytes),
        _ => data.ToText(),
    };
}
