using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace TrafficDispatch.Table;

/// <summary>
/// Reads what <see cref="ByteSink"/> wrote, from bytes that nobody vouches for. The first fault sticks; after it every read gives zeros.
/// Invariant: never allocates more than a fixed multiple of the bytes that are left, whatever the counts in them say.
/// </summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes, int offset)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _offset = offset;
    private int _at;

    /// <summary>The first fault; empty while there is none.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Bytes not yet read.</summary>
    public readonly int Left => _bytes.Length - _at;

    /// <summary>Notes a fault at the current place.</summary>
    public void Refuse(string rule)
    {
        if (Fault.Length == 0) Fault = string.Create(CultureInfo.InvariantCulture, $"offset {_offset + _at}: {rule}");
        _at = _bytes.Length;
    }

    /// <summary>The next bytes; zeros with a fault where there are not so many.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Left)
        {
            Refuse("cut off");
            return count is > 0 and <= 8 ? "\0\0\0\0\0\0\0\0"u8[..count] : [];
        }
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A byte that must be 0 or 1.</summary>
    public bool Flag()
    {
        byte value = Byte();
        if (value > 1) Refuse("a flag must be 0 or 1");
        return value == 1;
    }

    /// <summary>A count of rows that take so many bytes each at least.</summary>
    public int Count(int leastBytes)
    {
        int count = Int32();
        if (count >= 0 && count <= Left / leastBytes) return count;
        Refuse("a count that the bytes do not hold");
        return 0;
    }

    public string Text()
    {
        ReadOnlySpan<byte> text = Take(Count(1));
        if (Utf8.IsValid(text)) return Encoding.UTF8.GetString(text);
        Refuse("a text that is not UTF-8");
        return "";
    }

    public ImmutableArray<int> Ints()
    {
        int[] values = new int[Count(4)];
        for (int i = 0; i < values.Length; i++) values[i] = Int32();
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    public ImmutableArray<uint> UInts()
    {
        uint[] values = new uint[Count(4)];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    public ImmutableArray<ushort> Shorts()
    {
        ushort[] values = new ushort[Count(2)];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    public ImmutableArray<long> Longs()
    {
        long[] values = new long[Count(8)];
        for (int i = 0; i < values.Length; i++) values[i] = Int64();
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>True where the next section has this tag; nothing is taken.</summary>
    public readonly bool IsNext(TableSection tag) =>
        Fault.Length == 0 && Left >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(_bytes[_at..]) == (uint)tag;

    /// <summary>The inside of the next section, which must have this tag.</summary>
    public ByteCursor Section(TableSection tag)
    {
        uint found = unchecked((uint)Int32());
        long length = Int64();
        if (Fault.Length == 0 && found != (uint)tag) Refuse($"section {tag} is missing");
        else if (length < 0 || length > Left) Refuse($"section {tag} is cut off");
        if (Fault.Length > 0) return new([], _offset + _at) { Fault = Fault };
        int start = _offset + _at;
        return new(Take((int)length), start);
    }

    /// <summary>Takes a section's fault over, or finds that the section holds more than it should.</summary>
    public void Finish(scoped in ByteCursor section)
    {
        if (section.Fault.Length > 0 && Fault.Length == 0) (Fault, _at) = (section.Fault, _bytes.Length);
        else if (section.Left > 0) Refuse("the section before holds bytes beyond its end");
    }
}
