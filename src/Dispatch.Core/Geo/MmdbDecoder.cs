using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace TrafficDispatch.Geo;

/// <summary>
/// Decodes values of a section of a MaxMind DB file (https://maxmind.github.io/MaxMind-DB/, version 2.0, "Output Data Section").
/// </summary>
/// <remarks>
/// Hostile bytes cost little: nesting is bounded, and a budget per value bounds what pointers that are followed many times can blow up.
/// Nothing is allocated from a claimed size before the bytes for it are known to be there.
/// </remarks>
internal sealed class MmdbDecoder(ReadOnlyMemory<byte> file, int start, int end)
{
    /// <summary>Maps and arrays within one another; the C library of the format's authors draws the line here too.</summary>
    public const int MaxDepth = 512;

    /// <summary>What one value may cost, in bytes: a charge for each value in it, and the text and bytes.</summary>
    public const int MaxCost = 32 * 1024 * 1024;

    private const int CostPerValue = 128;

    public int Length => end - start;

    /// <summary>Decodes the value at an offset within the section.</summary>
    /// <exception cref="MmdbException">The bytes there break a rule, or a limit.</exception>
    public MmdbValue Decode(int offset)
    {
        long at = offset;
        int budget = MaxCost;
        return Value(ref at, 0, ref budget);
    }

    private MmdbValue Value(ref long at, int depth, ref int budget)
    {
        long began = at;
        Header header = Read(ref at);
        if (header.Type == MmdbType.Pointer)
        {
            long target = header.Size;
            header = Read(ref target);
            if (header.Type == MmdbType.Pointer) throw Fault(began, "a pointer must not lead to a pointer");
            return Plain(header, ref target, depth, ref budget);
        }
        return Plain(header, ref at, depth, ref budget);
    }

    private MmdbValue Plain(Header header, ref long at, int depth, ref int budget)
    {
        (MmdbType type, long size) = header;
        bool holdsValues = type is MmdbType.Map or MmdbType.Array;
        if (depth > MaxDepth) throw Fault(at, $"values must not nest deeper than {MaxDepth}");
        long cost = CostPerValue + (holdsValues || type == MmdbType.Boolean ? 0 : size);
        if (cost > budget) throw Fault(at, $"a record must not unfold to more than {MaxCost} bytes");
        budget -= (int)cost;
        if (holdsValues)
        {
            // A value takes at least a byte, a field two: this also bounds the loop by the bytes that are there.
            if (size * (type == MmdbType.Map ? 2 : 1) > Length - at) throw Fault(at, $"{type} of size {size} does not fit into the section");
            return type == MmdbType.Map ? Map((int)size, ref at, depth, ref budget) : Array((int)size, ref at, depth, ref budget);
        }
        if (type == MmdbType.Boolean) return size <= 1 ? new(type, (UInt128)(ulong)size) : throw Fault(at, $"a boolean must be 0 or 1, not {size}");
        ReadOnlyMemory<byte> payload = Take(type, size, ref at);
        return type switch
        {
            MmdbType.Utf8 => new(type, Encoding.UTF8.GetString(payload.Span)),
            MmdbType.Bytes => new(type, (object)payload),
            MmdbType.Double => new(type, BinaryPrimitives.ReadDoubleBigEndian(payload.Span)),
            MmdbType.Float => new(type, BinaryPrimitives.ReadSingleBigEndian(payload.Span)),
            MmdbType.Int32 => new(type, (double)unchecked((int)(uint)Unsigned(payload.Span))),
            _ => new(type, Unsigned(payload.Span)),
        };
    }

    private MmdbValue Map(int size, ref long at, int depth, ref int budget)
    {
        List<KeyValuePair<string, MmdbValue>> fields = [];
        for (int i = 0; i < size; i++)
        {
            long keyAt = at;
            MmdbValue key = Value(ref at, depth + 1, ref budget);
            if (key.Type != MmdbType.Utf8) throw Fault(keyAt, $"a map's key must be text, not {key.Type}");
            fields.Add(new(key.Text, Value(ref at, depth + 1, ref budget)));
        }
        return new(MmdbType.Map, fields.ToImmutableArray());
    }

    private MmdbValue Array(int size, ref long at, int depth, ref int budget)
    {
        List<MmdbValue> items = [];
        for (int i = 0; i < size; i++) items.Add(Value(ref at, depth + 1, ref budget));
        return new(MmdbType.Array, items.ToImmutableArray());
    }

    private ReadOnlyMemory<byte> Take(MmdbType type, long size, ref long at)
    {
        (int least, int most) = type switch
        {
            MmdbType.Utf8 or MmdbType.Bytes => (0, int.MaxValue),
            MmdbType.Double => (8, 8),
            MmdbType.Float => (4, 4),
            MmdbType.UInt16 => (0, 2),
            MmdbType.UInt32 or MmdbType.Int32 => (0, 4),
            MmdbType.UInt64 => (0, 8),
            MmdbType.UInt128 => (0, 16),
            _ => throw Fault(at, $"type {(int)type} ({type}) is no type of a value"),
        };
        if (size < least || size > most) throw Fault(at, $"{type} must not have size {size}");
        if (size > Length - at) throw Fault(at, $"{type} of size {size} reaches beyond the section");
        ReadOnlyMemory<byte> payload = file.Slice(start + (int)at, (int)size);
        at += size;
        return payload;
    }

    private Header Read(ref long at)
    {
        byte control = Byte(ref at);
        MmdbType type = (MmdbType)(control >> 5);
        if (type == MmdbType.Pointer) return new(type, Pointer(control, ref at));
        if (type == MmdbType.Extended)
        {
            int number = Byte(ref at) + 7;
            if (number is < 8 or > 15) throw Fault(at - 1, $"{number - 7} is no extended type");
            type = (MmdbType)number;
        }
        return new(type, (control & 0x1F) switch
        {
            29 => 29 + BigEndian(1, ref at),
            30 => 285 + BigEndian(2, ref at),
            31 => 65_821 + BigEndian(3, ref at),
            int size => size,
        });
    }

    private long Pointer(byte control, ref long at)
    {
        long began = at - 1;
        long high = control & 7;
        long target = (control >> 3 & 3) switch
        {
            0 => high << 8 | BigEndian(1, ref at),
            1 => (high << 16 | BigEndian(2, ref at)) + 2_048,
            2 => (high << 24 | BigEndian(3, ref at)) + 526_336,
            _ => BigEndian(4, ref at),
        };
        return target < Length ? target : throw Fault(began, $"a pointer leads to {target}, beyond the section's {Length} bytes");
    }

    private long BigEndian(int bytes, ref long at)
    {
        long value = 0;
        for (; bytes > 0; bytes--) value = value << 8 | Byte(ref at);
        return value;
    }

    private byte Byte(ref long at) =>
        at < Length ? file.Span[start + (int)at++] : throw Fault(at, "a value is cut off by the section's end");

    private MmdbException Fault(long at, string rule) => new(start + at, rule);

    private static UInt128 Unsigned(ReadOnlySpan<byte> bytes)
    {
        UInt128 value = 0;
        foreach (byte b in bytes) value = value << 8 | b;
        return value;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Header(MmdbType Type, long Size);
}
