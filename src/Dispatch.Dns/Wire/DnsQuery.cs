using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Wire;

/// <summary>What a server has to know of a question. Its name stays in the message; nothing is allocated.</summary>
internal struct DnsQuery
{
    /// <summary>The local option that carries a whole address, 4 or 16 bytes, of whoever asked the DNS server before us.</summary>
    public const ushort AddressOptionCode = 0xFFEE;

    /// <summary>Id and flags.</summary>
    public DnsHeader Header;

    /// <summary>Bytes of the name asked for, which stands whole behind the header; 0 where there is not exactly one readable question.</summary>
    public int NameLength;

    /// <summary>The type asked for.</summary>
    public DnsType Type;

    /// <summary>The class asked for.</summary>
    public DnsClass Class;

    /// <summary>True where there is an OPT record.</summary>
    public bool HasEdns;

    /// <summary>Version of EDNS, of which 0 is known.</summary>
    public byte EdnsVersion;

    /// <summary>The DO bit: signatures are wanted. Answers repeat it.</summary>
    public bool WantsSignatures;

    /// <summary>Bytes that the asker takes in a datagram, 512 at least.</summary>
    public int DatagramBytes;

    /// <summary>The client's subnet; null where it is not told.</summary>
    public ClientSubnet? Subnet;

    /// <summary>Who asked the DNS server before us; null where that is not told.</summary>
    public ClientAddress? Asker;

    /// <summary>Reads a question. O(bytes).</summary>
    /// <param name="message">The message, at least a header long.</param>
    /// <param name="query">What could be read, also with a fault.</param>
    public static DnsFault Read(ReadOnlySpan<byte> message, out DnsQuery query)
    {
        DnsReader reader = new(message);
        query = new() { Header = new(reader.UInt16(), reader.UInt16()), DatagramBytes = 512 };
        (int questions, int answers, int authority, int additional) = (reader.UInt16(), reader.UInt16(), reader.UInt16(), reader.UInt16());
        Span<byte> room = stackalloc byte[DnsName.MaxBytes];
        if (questions == 1) query.ReadQuestion(ref reader, room);
        for (int i = 1; i < questions && reader.Fault == DnsFault.None; i++)
        {
            reader.Name(room);
            reader.UInt32();
        }
        for (int i = 0; i < answers + authority + additional && reader.TryRecord(room, out RecordFrame record); i++)
        {
            if (record.Type != DnsType.Opt) continue;
            if (query.HasEdns || record.NameLength != 1 || i < answers + authority) reader.Refuse(DnsFault.OptPlace);
            else query.ReadOpt(ref reader, message, record);
        }
        if (reader.Left > 0) reader.Refuse(DnsFault.TrailingBytes);
        return reader.Fault;
    }

    private void ReadQuestion(ref DnsReader reader, scoped Span<byte> room)
    {
        int length = reader.Name(room);
        (DnsType type, DnsClass @class) = ((DnsType)reader.UInt16(), (DnsClass)reader.UInt16());
        // Nothing stands before it that it could point to, so it stands there whole.
        if (reader.Fault == DnsFault.None) (NameLength, Type, Class) = (length, type, @class);
    }

    private void ReadOpt(ref DnsReader reader, ReadOnlySpan<byte> message, in RecordFrame record)
    {
        HasEdns = true;
        DatagramBytes = Math.Max(512, (int)record.Class);
        EdnsVersion = (byte)(record.Ttl >> 16 & 0xFF);
        WantsSignatures = (record.Ttl & 0x8000) != 0;
        // The options of other versions may have another form.
        if (EdnsVersion != 0) return;
        DnsReader options = new(message.Slice(record.DataStart, record.DataLength));
        while (options.Left > 0 && options.Fault == DnsFault.None)
        {
            ushort code = options.UInt16();
            ReadOnlySpan<byte> data = options.Take(options.UInt16());
            if (options.Fault == DnsFault.None && !TryOption(code, data)) options.Refuse(DnsFault.Option);
        }
        if (options.Fault != DnsFault.None) reader.Refuse(DnsFault.Option);
    }

    /// <summary>False for an option that breaks its rules or contradicts one before; unknown ones are passed over (RFC 6891 §6.1.2).</summary>
    private bool TryOption(ushort code, ReadOnlySpan<byte> data)
    {
        if (code == ClientSubnet.OptionCode)
        {
            if (Subnet is not null || !ClientSubnet.TryRead(data, out ClientSubnet subnet)) return false;
            Subnet = subnet;
        }
        else if (code == AddressOptionCode && ClientAddress.TryFromBytes(data, out ClientAddress asker))
        {
            // A local code: who else uses it puts something else there, which is none of ours.
            Asker ??= asker;
        }
        return true;
    }
}
