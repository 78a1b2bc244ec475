using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Table;

/// <summary>
/// The bytes of a <see cref="PrefixIndex"/>: <c>TDPX</c>, format version 1, then for IPv4 and for IPv6 the number of segments and each
/// segment as step, location + 1, matched length + 1. A step is the distance from the last start (left-aligned in 128 bits) as a count of
/// trailing zero bits and the odd rest; the first segment starts at 0 and has none. Numbers are LEB128, in their shortest form.
/// </summary>
/// <remarks>
/// The trie is built anew from the segments: about as fast as checking every index of a stored one would be, a third of its size, and no
/// bytes can bring it out of shape.
/// </remarks>
internal static class PrefixIndexCodec
{
    private const byte FormatVersion = 1;
    private const int LeastBytesPerSegment = 2;

    private static ReadOnlySpan<byte> Magic => "TDPX"u8;

    public static void Write(PrefixSegments v4, PrefixSegments v6, IBufferWriter<byte> output)
    {
        output.Write(Magic);
        output.Write([FormatVersion]);
        WriteFamily(v4, output);
        WriteFamily(v6, output);
    }

    private static void WriteFamily(PrefixSegments segments, IBufferWriter<byte> output)
    {
        WriteNumber((uint)segments.Count, output);
        for (int i = 0; i < segments.Count; i++)
        {
            if (i > 0) WriteStep(segments.Starts[i] - segments.Starts[i - 1], output);
            uint leaf = segments.Leaves[i];
            WriteNumber((uint)(PrefixLeaf.Location(leaf) + 1), output);
            WriteNumber((uint)(PrefixLeaf.Length(leaf) + 1), output);
        }
    }

    private static void WriteStep(UInt128 step, IBufferWriter<byte> output)
    {
        int zeros = (int)UInt128.TrailingZeroCount(step);
        WriteNumber((uint)zeros, output);
        WriteNumber(step >> zeros, output);
    }

    private static void WriteNumber(UInt128 value, IBufferWriter<byte> output)
    {
        Span<byte> span = output.GetSpan(19);
        int count = 0;
        for (; value > 0x7F; value >>= 7) span[count++] = (byte)((uint)(value & 0x7F) | 0x80);
        span[count++] = (byte)value;
        output.Advance(count);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PrefixIndex? index, out string fault)
    {
        index = null;
        if (!bytes.StartsWith(Magic) || bytes.Length <= Magic.Length)
        {
            fault = "offset 0: not a prefix index";
            return false;
        }
        if (bytes[Magic.Length] != FormatVersion)
        {
            fault = $"offset {Magic.Length}: format version {bytes[Magic.Length]} is unknown, only {FormatVersion} is";
            return false;
        }
        Cursor cursor = new(bytes, Magic.Length + 1);
        PrefixSegments? v4 = ReadFamily(ref cursor, 32);
        PrefixSegments? v6 = v4 is null ? null : ReadFamily(ref cursor, 128);
        if (v6 is not null && cursor.Left > 0) cursor.Refuse("bytes beyond the end");
        fault = cursor.Fault;
        if (fault.Length > 0) return false;
        index = new PrefixIndex(v4!, v6!);
        return true;
    }

    private static PrefixSegments? ReadFamily(ref Cursor cursor, int width)
    {
        UInt128 count = cursor.Number();
        if (count == 0 || count > (uint)(cursor.Left / LeastBytesPerSegment)) return cursor.Refuse("a count of segments that the bytes do not hold");
        PrefixSegments segments = new();
        UInt128 start = 0;
        for (int i = 0; i < (int)count; i++)
        {
            if (i > 0 && !cursor.Step(width, ref start)) return cursor.Refuse("a segment outside of the address space");
            UInt128 location = cursor.Number(), length = cursor.Number();
            bool valid = location <= PrefixLeaf.MaxLocation + 1 && length <= 129
                && PrefixLeaf.IsValid((int)location - 1, (int)length - 1, width);
            if (cursor.Fault.Length > 0 || !valid) return cursor.Refuse("a location or matched length out of range");
            segments.Append(start, PrefixLeaf.Pack((int)location - 1, (int)length - 1));
            if (segments.Count != i + 1) return cursor.Refuse("a segment with the answer of the one before");
        }
        return segments;
    }

    private ref struct Cursor(ReadOnlySpan<byte> bytes, int at)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at = at;

        public string Fault { get; private set; } = "";

        public readonly int Left => _bytes.Length - _at;

        /// <summary>Notes the first fault.</summary>
        public PrefixSegments? Refuse(string rule)
        {
            if (Fault.Length == 0) Fault = $"offset {_at}: {rule}";
            return null;
        }

        /// <summary>Reads a number; 0 with a fault where there is none in its shortest form.</summary>
        public UInt128 Number()
        {
            UInt128 value = 0;
            for (int shift = 0; _at < _bytes.Length; shift += 7)
            {
                byte b = _bytes[_at++];
                UInt128 bits = (UInt128)(b & 0x7Fu) << shift;
                if (shift > 126 || bits >> shift != (b & 0x7Fu) || (b == 0 && shift > 0)) break;
                value |= bits;
                if (b < 0x80) return value;
            }
            Refuse("a number that is cut off or not in its shortest form");
            return 0;
        }

        public bool Step(int width, ref UInt128 start)
        {
            UInt128 zeros = Number(), odd = Number();
            if (Fault.Length > 0 || zeros > 127 || zeros < (uint)(128 - width) || (odd & 1) == 0) return false;
            UInt128 step = odd << (int)zeros;
            if (step >> (int)zeros != odd || step > UInt128.MaxValue - start) return false;
            start += step;
            return true;
        }
    }
}
