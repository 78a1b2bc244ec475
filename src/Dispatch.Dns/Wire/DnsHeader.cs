namespace TrafficDispatch.Dns.Wire;

/// <summary>The first four bytes of a message: which question, and what is said about it (RFC 1035 §4.1.1, RFC 4035 §3).</summary>
/// <param name="Id">What the asker tells its questions apart by.</param>
/// <param name="Flags">All flags, opcode and the lower four bits of the rcode, as they stand on the wire.</param>
public readonly record struct DnsHeader(ushort Id, ushort Flags)
{
    /// <summary>Bytes of the header with its four counts.</summary>
    public const int Bytes = 12;

    /// <summary>QR: the message is an answer.</summary>
    public const ushort ResponseFlag = 0x8000;

    /// <summary>AA: the server speaks for the zone.</summary>
    public const ushort AuthoritativeFlag = 0x0400;

    /// <summary>TC: the answer is cut for lack of room.</summary>
    public const ushort TruncatedFlag = 0x0200;

    /// <summary>RD: the asker wants recursion; answers repeat it.</summary>
    public const ushort RecursionDesiredFlag = 0x0100;

    /// <summary>CD: the asker checks signatures itself; answers repeat it.</summary>
    public const ushort CheckingDisabledFlag = 0x0010;

    private const int OpcodeShift = 11;

    /// <summary>True for an answer.</summary>
    public bool IsResponse => (Flags & ResponseFlag) != 0;

    /// <summary>True where the server speaks for the zone.</summary>
    public bool IsAuthoritative => (Flags & AuthoritativeFlag) != 0;

    /// <summary>True where the answer is cut for lack of room.</summary>
    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    /// <summary>What the message asks for.</summary>
    public DnsOpcode Opcode => (DnsOpcode)(Flags >> OpcodeShift & 15);

    /// <summary>The lower four bits of the rcode.</summary>
    public int RcodeLow => Flags & 15;

    /// <summary>The header of an answer: id, opcode, RD and CD as asked; no recursion is offered.</summary>
    /// <param name="rcode">How it ended; its upper bits belong into the OPT record.</param>
    /// <param name="authoritative">AA.</param>
    /// <param name="truncated">TC.</param>
    public DnsHeader Answer(DnsRcode rcode, bool authoritative, bool truncated)
    {
        int kept = Flags & (15 << OpcodeShift | RecursionDesiredFlag | CheckingDisabledFlag);
        int flags = kept | ResponseFlag | (authoritative ? AuthoritativeFlag : 0) | (truncated ? TruncatedFlag : 0) | ((int)rcode & 15);
        return this with { Flags = (ushort)flags };
    }
}

/// <summary>What is asked.</summary>
/// <param name="Name">Of which name.</param>
/// <param name="Type">For which type of record.</param>
/// <param name="Class">In which class.</param>
public sealed record DnsQuestion(DnsName Name, DnsType Type, DnsClass Class);
