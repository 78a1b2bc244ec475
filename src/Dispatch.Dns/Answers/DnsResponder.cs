using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Answers;

/// <summary>Makes the answering message to a question in wire form. Any bytes are taken; none make it throw.</summary>
public static class DnsResponder
{
    /// <summary>Bytes of datagrams that we say we take (DNS flag day 2020).</summary>
    private const ushort OurDatagramBytes = 1232;

    private const int FixedOptBytes = 11, FixedSubnetBytes = 8;

    /// <summary>Answers a message.</summary>
    /// <param name="message">What came.</param>
    /// <param name="table">What to answer from.</param>
    /// <param name="live">What is out just now.</param>
    /// <param name="regionOf">
    /// Ordinal of the region that most clients of a resolver are from, −1 where that is not known. Asked where the question tells no client's
    /// subnet but who asked the DNS server before us.
    /// </param>
    /// <param name="cut">True to cut answers, with TC set, to the datagram size that the question names (512 where it names none).</param>
    /// <param name="room">Where the answer goes; at least 512 bytes, <see cref="DnsMessage.MaxBytes"/> for everything to fit.</param>
    /// <param name="sheet">What it is made on; afterwards it tells what was answered.</param>
    /// <returns>Bytes of the answer; 0 where the message has not even a header to answer to.</returns>
    public static int Respond(
        ReadOnlySpan<byte> message, DnsTable table, in LiveHealth live, Func<ClientAddress, int> regionOf, bool cut, Span<byte> room, AnswerSheet sheet)
    {
        sheet.Clear();
        if (message.Length < DnsHeader.Bytes) return 0;
        DnsFault fault = DnsQuery.Read(message, out DnsQuery query);
        DnsRcode refusal = RefusalOf(query, fault);
        if (refusal != DnsRcode.NoError) sheet.Refuse(refusal);
        else table.Answer(message.Slice(DnsHeader.Bytes, query.NameLength), query.Type, false, ClientOf(query, regionOf), live, sheet);
        return Write(message, query, cut ? Math.Min(room.Length, query.DatagramBytes) : room.Length, room, sheet);
    }

    // The opcode comes first: messages of other opcodes have forms of their own.
    private static DnsRcode RefusalOf(in DnsQuery query, DnsFault fault)
    {
        if (query.Header.Opcode != DnsOpcode.Query) return DnsRcode.NotImp;
        if (fault == DnsFault.None && query.EdnsVersion != 0) return DnsRcode.BadVers;
        if (fault != DnsFault.None || query.Header.IsResponse || query.NameLength == 0 || query.Type == DnsType.Opt) return DnsRcode.FormErr;
        if (query.Class != DnsClass.In || query.Type is DnsType.Axfr or DnsType.Ixfr) return DnsRcode.Refused;
        return query.Type is >= DnsType.LeastMeta and < DnsType.Any ? DnsRcode.NotImp : DnsRcode.NoError;
    }

    /// <summary>The client's subnet where it is told; else whoever asked before us, who may be a client or a resolver.</summary>
    private static DnsClient ClientOf(in DnsQuery query, Func<ClientAddress, int> regionOf)
    {
        if (query.Subnet is { AsksForAll: false } subnet) return DnsClient.In(subnet.Prefix, subnet.Mapped);
        if (query.Asker is not { } asker) return DnsClient.Unknown;
        return regionOf(asker) is >= 0 and int region ? DnsClient.OfRegion(region) : DnsClient.At(asker);
    }

    private static int Write(ReadOnlySpan<byte> message, in DnsQuery query, int most, Span<byte> room, AnswerSheet sheet)
    {
        ReadOnlySpan<byte> name = message.Slice(DnsHeader.Bytes, query.NameLength);
        // A subnet that could not be read is not repeated.
        ClientSubnet? subnet = sheet.Rcode is DnsRcode.FormErr or DnsRcode.BadVers ? null : query.Subnet;
        int optBytes = query.HasEdns ? FixedOptBytes + (subnet is { } s ? FixedSubnetBytes + (s.SourceLength + 7) / 8 : 0) : 0;
        DnsWriter writer = new(room[..(most - optBytes)]);
        for (int i = 0; i < DnsHeader.Bytes / 2; i++) writer.UInt16(0);
        if (query.NameLength > 0)
        {
            writer.Name(name);
            writer.UInt16((ushort)query.Type);
            writer.UInt16((ushort)query.Class);
        }
        (int answers, int authority, bool truncated) = WriteSections(ref writer, name, sheet);
        int additional = truncated ? 0 : WriteWhole(ref writer, name, sheet.Additional);
        DnsHeader header = query.Header.Answer(sheet.Rcode, sheet.IsAuthoritative, truncated);
        int end = writer.Position;
        if (query.HasEdns) end += WriteOpt(room[end..], query, sheet, subnet);
        DnsWriter head = new(room);
        head.UInt16(header.Id);
        head.UInt16(header.Flags);
        head.UInt16(query.NameLength > 0 ? (ushort)1 : (ushort)0);
        head.UInt16((ushort)answers);
        head.UInt16((ushort)authority);
        head.UInt16((ushort)(additional + (query.HasEdns ? 1 : 0)));
        return end;
    }

    /// <summary>Half a set of records must not be taken for a whole one: where they do not all fit there are none, and TC says so (RFC 2181 §9).</summary>
    private static (int Answers, int Authority, bool Truncated) WriteSections(ref DnsWriter writer, ReadOnlySpan<byte> name, AnswerSheet sheet)
    {
        int answers = WriteWhole(ref writer, name, sheet.Answers), authority = WriteWhole(ref writer, name, sheet.Authority);
        return (answers, authority, answers < sheet.Answers.Count || authority < sheet.Authority.Count);
    }

    private static int WriteWhole(ref DnsWriter writer, scoped ReadOnlySpan<byte> name, IReadOnlyList<AnswerRecord> records)
    {
        (int, int) mark = writer.Mark;
        for (int i = 0; i < records.Count; i++)
        {
            AnswerRecord record = records[i];
            DnsMessage.Write(ref writer, record.Owner is { } owner ? owner.Wire : name, record.Type, DnsClass.In, record.TtlSeconds, record.Data);
        }
        if (!writer.IsFull) return records.Count;
        writer.Return(mark);
        return 0;
    }

    private static int WriteOpt(Span<byte> room, in DnsQuery query, AnswerSheet sheet, ClientSubnet? subnet)
    {
        DnsWriter writer = new(room);
        writer.Byte(0);
        writer.UInt16((ushort)DnsType.Opt);
        writer.UInt16(OurDatagramBytes);
        writer.Byte((byte)((int)sheet.Rcode >> 4));
        writer.Byte(0);
        writer.UInt16(query.WantsSignatures ? (ushort)0x8000 : (ushort)0);
        writer.UInt16(0);
        if (subnet is not { } told) return writer.Position;
        int start = writer.Position;
        told.Write(ref writer, told.AsksForAll ? (byte)0 : (byte)sheet.ScopeLength);
        writer.Patch(start - 2, (ushort)(writer.Position - start));
        return writer.Position;
    }
}
