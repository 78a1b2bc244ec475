using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Dns.Wire;

/// <summary>
/// Writes a message into given room. What does not fit is not written and noted; the caller goes back to a <see cref="Mark"/>. Names are
/// compressed against those before them, letter by letter in the same case, so that no name's case changes. Allocates nothing.
/// </summary>
internal ref struct DnsWriter(Span<byte> room)
{
    // More places than this are not remembered; names then come out longer, not wrong.
    private const int Remembered = 32;

    private readonly Span<byte> _room = room;
    private Places _places;
    private int _count;

    /// <summary>Bytes written.</summary>
    public int Position { get; private set; }

    /// <summary>True where something did not fit.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Where the writer stands, to come back to.</summary>
    public readonly (int Position, int Places) Mark => (Position, _count);

    /// <summary>Takes back all that was written since.</summary>
    public void Return((int Position, int Places) mark) => (Position, _count, IsFull) = (mark.Position, mark.Places, false);

    public void Byte(byte value)
    {
        if (Reserve(1)) _room[Position++] = value;
    }

    public void UInt16(ushort value)
    {
        if (!Reserve(2)) return;
        BinaryPrimitives.WriteUInt16BigEndian(_room[Position..], value);
        Position += 2;
    }

    public void UInt32(uint value)
    {
        if (!Reserve(4)) return;
        BinaryPrimitives.WriteUInt32BigEndian(_room[Position..], value);
        Position += 4;
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (!Reserve(bytes.Length)) return;
        bytes.CopyTo(_room[Position..]);
        Position += bytes.Length;
    }

    /// <summary>Puts a number where room was left for it.</summary>
    public readonly void Patch(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_room[at..], value);

    /// <summary>Writes a name: as many of its first labels as no earlier name ends with, then a pointer to that one.</summary>
    public void Name(scoped ReadOnlySpan<byte> wire)
    {
        // Its own labels count only once it stands whole: behind a half-written name the room holds whatever it held before.
        int places = _count, at = 0, earlier = -1;
        for (; wire[at] != 0 && (earlier = Find(wire[at..])) < 0; at += wire[at] + 1)
        {
            // A pointer has 14 bits.
            if (places < Remembered && Position < 0x4000) _places[places++] = (ushort)Position;
            Bytes(wire.Slice(at, wire[at] + 1));
        }
        if (earlier >= 0) UInt16((ushort)(0xC000 | earlier));
        else Byte(0);
        if (!IsFull) _count = places;
    }

    /// <summary>Where an earlier name ends in these labels, or −1.</summary>
    private readonly int Find(scoped ReadOnlySpan<byte> labels)
    {
        for (int i = 0; i < _count; i++)
            if (IsAt(_places[i], labels)) return _places[i];
        return -1;
    }

    private readonly bool IsAt(int place, scoped ReadOnlySpan<byte> labels)
    {
        int at = 0;
        while (true)
        {
            // Only places of whole names are remembered, with pointers to places before them.
            while (_room[place] >= 0xC0) place = (_room[place] & 0x3F) << 8 | _room[place + 1];
            int length = labels[at];
            if (_room[place] != length) return false;
            if (length == 0) return true;
            if (!_room.Slice(place + 1, length).SequenceEqual(labels.Slice(at + 1, length))) return false;
            (at, place) = (at + length + 1, place + length + 1);
        }
    }

    private bool Reserve(int count)
    {
        if (!IsFull && count <= _room.Length - Position) return true;
        IsFull = true;
        return false;
    }

    [InlineArray(Remembered)]
    private struct Places
    {
        private ushort _first;
    }
}
