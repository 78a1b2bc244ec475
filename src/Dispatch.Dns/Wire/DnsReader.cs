using System.Buffers.Binary;

namespace TrafficDispatch.Dns.Wire;

/// <summary>
/// Reads a message from bytes that nobody vouches for. The first fault sticks; after it every read gives zeros. Invariants: a pointer
/// leads to a place before the name part it ends, so names always end; nothing is allocated.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Where the next read begins.</summary>
    public int Position { get; private set; }

    /// <summary>The first fault.</summary>
    public DnsFault Fault { get; private set; }

    /// <summary>Bytes not yet read.</summary>
    public readonly int Left => _message.Length - Position;

    /// <summary>Notes a fault.</summary>
    public void Refuse(DnsFault fault)
    {
        if (Fault == DnsFault.None) Fault = fault;
        Position = _message.Length;
    }

    public byte Byte() => Take(1) is { Length: 1 } taken ? taken[0] : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } taken ? BinaryPrimitives.ReadUInt32BigEndian(taken) : 0;

    /// <summary>The next bytes; none with a fault where there are not so many.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            Refuse(DnsFault.CutOff);
            return [];
        }
        ReadOnlySpan<byte> taken = _message.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>The next name without compression.</summary>
    /// <param name="room">At least <see cref="DnsName.MaxBytes"/> long.</param>
    /// <returns>Bytes of it; 0 with a fault.</returns>
    public int Name(scoped Span<byte> room)
    {
        int at = Position, partStart = Position, end = -1, written = 0;
        while (true)
        {
            if (at >= _message.Length) return Bad(DnsFault.CutOff);
            int length = _message[at];
            if (length >= 0xC0)
            {
                if (at + 1 >= _message.Length) return Bad(DnsFault.CutOff);
                if (end < 0) end = at + 2;
                int target = (length & 0x3F) << 8 | _message[at + 1];
                if (target < DnsHeader.Bytes || target >= partStart) return Bad(DnsFault.BadPointer);
                (at, partStart) = (target, target);
                continue;
            }
            if (length > DnsName.MaxLabelBytes) return Bad(DnsFault.LabelType);
            if (written + length + 1 > DnsName.MaxBytes) return Bad(DnsFault.NameTooLong);
            if (at + length + 1 > _message.Length) return Bad(DnsFault.CutOff);
            _message.Slice(at, length + 1).CopyTo(room[written..]);
            (written, at) = (written + length + 1, at + length + 1);
            if (length > 0) continue;
            Position = end < 0 ? at : end;
            return written;
        }
    }

    /// <summary>Steps over a record and gives its fixed part.</summary>
    /// <returns>False with a fault.</returns>
    public bool TryRecord(scoped Span<byte> nameRoom, out RecordFrame record)
    {
        int name = Name(nameRoom);
        (DnsType type, DnsClass @class, uint ttl, int length) = ((DnsType)UInt16(), (DnsClass)UInt16(), UInt32(), UInt16());
        record = new(name, type, @class, ttl, Position, length);
        Take(length);
        return Fault == DnsFault.None;
    }

    /// <summary>A reader of the same message at an earlier or later place.</summary>
    public readonly DnsReader At(int position) => new(_message) { Position = position };

    private int Bad(DnsFault fault)
    {
        Refuse(fault);
        return 0;
    }
}

/// <summary>A record without its name and data.</summary>
/// <param name="NameLength">Bytes of the name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Class">Its class; for OPT the size of datagrams that the sender takes.</param>
/// <param name="Ttl">Seconds it holds; for OPT upper rcode, version and flags.</param>
/// <param name="DataStart">Where its data begins in the message.</param>
/// <param name="DataLength">Bytes of it.</param>
internal readonly record struct RecordFrame(int NameLength, DnsType Type, DnsClass Class, uint Ttl, int DataStart, int DataLength);
