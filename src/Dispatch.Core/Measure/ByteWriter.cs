using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TrafficDispatch.Measure;

/// <summary>Writes bytes, variable-length numbers (seven bits a byte, least first) and text with its length before it.</summary>
internal readonly ref struct ByteWriter(IBufferWriter<byte> output)
{
    private const int LongestNumber = 10;

    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Number(ulong value)
    {
        Span<byte> room = output.GetSpan(LongestNumber);
        int at = 0;
        for (; value >= 0x80; value >>= 7) room[at++] = (byte)((value & 0x7F) | 0x80);
        room[at++] = (byte)value;
        output.Advance(at);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>Eight bytes, least first: every bit comes back.</summary>
    public void Real(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(length)));
    }
}

/// <summary>Reads what <see cref="ByteWriter"/> wrote. After the first fault it stays broken and gives zeros.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public bool IsBroken { get; private set; }

    public readonly bool IsAtEnd => _at == _bytes.Length;

    public byte Byte()
    {
        if (_at < _bytes.Length && !IsBroken) return _bytes[_at++];
        IsBroken = true;
        return 0;
    }

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return IsBroken ? 0 : value;
        }
        IsBroken = true;
        return 0;
    }

    /// <summary>A number that must not pass a bound.</summary>
    public int Count(int most)
    {
        ulong value = Number();
        if (value <= (ulong)most) return (int)value;
        IsBroken = true;
        return 0;
    }

    /// <summary>A number that must not pass a bound.</summary>
    public long Long(long most)
    {
        ulong value = Number();
        if (value <= (ulong)most) return (long)value;
        IsBroken = true;
        return 0;
    }

    /// <summary>A place in a list; broken where the list is too short for it.</summary>
    public int Index(int count)
    {
        int index = Count(int.MaxValue);
        if (index < count) return index;
        IsBroken = true;
        return 0;
    }

    /// <summary>So many bytes; none where they are not there.</summary>
    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (IsBroken || _bytes.Length - _at < length)
        {
            IsBroken = true;
            return [];
        }
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    /// <summary>A finite number from eight bytes.</summary>
    public double Real()
    {
        ReadOnlySpan<byte> eight = Bytes(sizeof(double));
        double value = IsBroken ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(eight);
        if (double.IsFinite(value)) return value;
        IsBroken = true;
        return 0;
    }

    public string Text(int longest) => Encoding.UTF8.GetString(Bytes(Count(longest)));
}
