using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Dns.Wire;

/// <summary>A record with its name.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Class">Its class; for OPT the size of datagrams that the sender takes.</param>
/// <param name="Ttl">Seconds it holds; for OPT upper rcode, version and flags.</param>
/// <param name="Data">Its data.</param>
public sealed record DnsRecord(DnsName Name, DnsType Type, DnsClass Class, uint Ttl, DnsData Data);

/// <summary>
/// A whole message with all its records, for whoever looks at messages; the way of a question to its answer does without. Immutable.
/// </summary>
/// <param name="Header">Id and flags.</param>
/// <param name="Questions">What is asked.</param>
/// <param name="Answers">What answers it.</param>
/// <param name="Authority">Who speaks for it, or why there is nothing.</param>
/// <param name="Additional">What else may be of use, the OPT record among them.</param>
public sealed record DnsMessage(
    DnsHeader Header, ImmutableArray<DnsQuestion> Questions, ImmutableArray<DnsRecord> Answers, ImmutableArray<DnsRecord> Authority,
    ImmutableArray<DnsRecord> Additional)
{
    /// <summary>Longest message, bytes.</summary>
    public const int MaxBytes = 65_535;

    // A question takes 5 bytes at least and a record 11: counts that the bytes cannot hold are found out by running out of bytes.
    private const int LeastQuestionBytes = 5, LeastRecordBytes = 11;

    /// <summary>
    /// Reads a message. O(bytes) but for compressed names, each of which may unfold to 255 bytes: at most 1.5 MB for the longest message.
    /// </summary>
    /// <param name="bytes">Exactly the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="fault">What is wrong; <see cref="DnsFault.None"/> where it was read.</param>
    /// <returns>False where the bytes are no message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message, out DnsFault fault)
    {
        DnsReader reader = new(bytes);
        Span<byte> room = stackalloc byte[DnsName.MaxBytes];
        DnsHeader header = new(reader.UInt16(), reader.UInt16());
        (int questions, int answers, int authority, int additional) = (reader.UInt16(), reader.UInt16(), reader.UInt16(), reader.UInt16());
        message = new(header, ReadQuestions(ref reader, questions, room), ReadRecords(ref reader, answers, room), ReadRecords(ref reader, authority, room),
            ReadRecords(ref reader, additional, room));
        if (reader.Left > 0) reader.Refuse(DnsFault.TrailingBytes);
        fault = reader.Fault;
        if (fault != DnsFault.None) message = null;
        return message is not null;
    }

    /// <summary>Writes the message.</summary>
    /// <returns>The bytes; null where they are more than <see cref="MaxBytes"/> or a section has too many records.</returns>
    public byte[]? ToBytes()
    {
        byte[] room = new byte[MaxBytes];
        DnsWriter writer = new(room);
        foreach (int number in (ReadOnlySpan<int>)[Header.Id, Header.Flags, Questions.Length, Answers.Length, Authority.Length, Additional.Length])
        {
            if (number > ushort.MaxValue) return null;
            writer.UInt16((ushort)number);
        }
        foreach (DnsQuestion question in Questions)
        {
            writer.Name(question.Name.Wire);
            writer.UInt16((ushort)question.Type);
            writer.UInt16((ushort)question.Class);
        }
        foreach (ImmutableArray<DnsRecord> section in (ReadOnlySpan<ImmutableArray<DnsRecord>>)[Answers, Authority, Additional])
            foreach (DnsRecord record in section) Write(ref writer, record.Name.Wire, record.Type, record.Class, record.Ttl, record.Data);
        return writer.IsFull ? null : room[..writer.Position];
    }

    /// <summary>Writes a record.</summary>
    internal static void Write(ref DnsWriter writer, scoped ReadOnlySpan<byte> name, DnsType type, DnsClass @class, uint ttl, DnsData data)
    {
        writer.Name(name);
        writer.UInt16((ushort)type);
        writer.UInt16((ushort)@class);
        writer.UInt32(ttl);
        int lengthAt = writer.Position;
        writer.UInt16(0);
        data.Write(ref writer);
        if (!writer.IsFull) writer.Patch(lengthAt, (ushort)(writer.Position - lengthAt - 2));
    }

    private static ImmutableArray<DnsQuestion> ReadQuestions(ref DnsReader reader, int count, scoped Span<byte> room)
    {
        var questions = ImmutableArray.CreateBuilder<DnsQuestion>(Math.Min(count, reader.Left / LeastQuestionBytes));
        for (int i = 0; i < count && reader.Fault == DnsFault.None; i++)
            questions.Add(new(DnsData.ReadName(ref reader, room), (DnsType)reader.UInt16(), (DnsClass)reader.UInt16()));
        return questions.DrainToImmutable();
    }

    private static ImmutableArray<DnsRecord> ReadRecords(ref DnsReader reader, int count, scoped Span<byte> room)
    {
        var records = ImmutableArray.CreateBuilder<DnsRecord>(Math.Min(count, reader.Left / LeastRecordBytes));
        for (int i = 0; i < count && reader.Fault == DnsFault.None; i++)
        {
            if (!reader.TryRecord(room, out RecordFrame frame) || !DnsName.TryFromWire(room[..frame.NameLength], out DnsName? name)) break;
            records.Add(new(name, frame.Type, frame.Class, frame.Ttl, DnsData.Read(ref reader, frame, room)));
        }
        return records.DrainToImmutable();
    }
}
