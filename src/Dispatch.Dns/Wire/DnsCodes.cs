using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Dns.Wire;

/// <summary>Types of records and questions (IANA, Domain Name System Parameters). Any other number is a type, too.</summary>
public enum DnsType : ushort
{
    /// <summary>No type. PowerDNS takes it for a name that exists without records.</summary>
    None = 0,

    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server of a zone.</summary>
    Ns = 2,

    /// <summary>The name stands for another one.</summary>
    Cname = 5,

    /// <summary>Start of a zone.</summary>
    Soa = 6,

    /// <summary>Host information; the short answer to ANY (RFC 8482).</summary>
    Hinfo = 13,

    /// <summary>Text.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>The pseudo-record of EDNS (RFC 6891).</summary>
    Opt = 41,

    /// <summary>Delegation signer: it belongs to the parent's side of a zone cut (RFC 4035).</summary>
    Ds = 43,

    /// <summary>The least of the types that only questions have.</summary>
    LeastMeta = 128,

    /// <summary>Transfer of what changed in a zone.</summary>
    Ixfr = 251,

    /// <summary>Transfer of a zone.</summary>
    Axfr = 252,

    /// <summary>All types at once.</summary>
    Any = 255,
}

/// <summary>Classes. Any other number is a class, too.</summary>
public enum DnsClass : ushort
{
    /// <summary>No class.</summary>
    None = 0,

    /// <summary>The Internet.</summary>
    In = 1,

    /// <summary>Chaos: what servers say of themselves.</summary>
    Chaos = 3,

    /// <summary>Every class.</summary>
    Any = 255,
}

/// <summary>What a message asks for (RFC 1035 §4.1.1). Any other number is an opcode, too.</summary>
[SuppressMessage("Design", "CA1027", Justification = "These are codes, not flags.")]
public enum DnsOpcode
{
    /// <summary>A question.</summary>
    Query = 0,

    /// <summary>How the server does.</summary>
    Status = 2,

    /// <summary>A zone has changed.</summary>
    Notify = 4,

    /// <summary>A change of a zone.</summary>
    Update = 5,
}

/// <summary>How a question ended. Beyond 15 the upper eight bits travel in the OPT record.</summary>
public enum DnsRcode
{
    /// <summary>Answered; without records of the type it says that there are none (NODATA).</summary>
    NoError = 0,

    /// <summary>The message breaks a rule of its form.</summary>
    FormErr = 1,

    /// <summary>The server could not.</summary>
    ServFail = 2,

    /// <summary>The name does not exist, nor anything below it (RFC 8020).</summary>
    NxDomain = 3,

    /// <summary>The server does not know how to do that.</summary>
    NotImp = 4,

    /// <summary>The server will not: the name is in none of its zones, or it does not do that for anybody.</summary>
    Refused = 5,

    /// <summary>The version of EDNS is not known.</summary>
    BadVers = 16,
}

/// <summary>What is wrong with bytes that are no DNS message.</summary>
public enum DnsFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>They end before the message does.</summary>
    CutOff,

    /// <summary>They go on after the message.</summary>
    TrailingBytes,

    /// <summary>A label begins with bits that mean neither a length nor a pointer.</summary>
    LabelType,

    /// <summary>A name is longer than 255 bytes.</summary>
    NameTooLong,

    /// <summary>A pointer does not point to an earlier place behind the header.</summary>
    BadPointer,

    /// <summary>A record's data is longer or shorter than its length says, or than its type allows.</summary>
    DataLength,

    /// <summary>Two OPT records, or one that is not in the additional section or not at the root.</summary>
    OptPlace,

    /// <summary>Options in an OPT record do not fill it, or one breaks its own rules.</summary>
    Option,
}
