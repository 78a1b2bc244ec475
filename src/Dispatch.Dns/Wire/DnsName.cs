using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace TrafficDispatch.Dns.Wire;

/// <summary>
/// A domain name in uncompressed wire form: labels with their lengths before them, and the root's empty one at the end. Keeps the case of
/// its letters and compares without it (RFC 4343). Immutable and thread-safe.
/// </summary>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Longest name, bytes on the wire (RFC 1035 §2.3.4).</summary>
    public const int MaxBytes = 255;

    /// <summary>Longest label, bytes.</summary>
    public const int MaxLabelBytes = 63;

    /// <summary>The root.</summary>
    public static readonly DnsName Root = new([0]);

    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The wire form, 1 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>The wire form for code that keeps it.</summary>
    internal byte[] WireArray => _wire;

    /// <summary>True for the root.</summary>
    public bool IsRoot => _wire.Length == 1;

    /// <summary>A copy of a name in wire form.</summary>
    /// <param name="wire">Labels and the root's at the end, no pointers.</param>
    /// <param name="name">The name.</param>
    /// <returns>False where these bytes are not exactly one name.</returns>
    public static bool TryFromWire(ReadOnlySpan<byte> wire, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (wire.Length is 0 or > MaxBytes) return false;
        int at = 0;
        while (at < wire.Length && wire[at] is > 0 and <= MaxLabelBytes) at += wire[at] + 1;
        if (at != wire.Length - 1 || wire[at] != 0) return false;
        name = new(wire.ToArray());
        return true;
    }

    /// <summary>Reads the text form: labels with dots between, a dot at the end or not; <c>\.</c>, <c>\\</c> and <c>\DDD</c> for special bytes.</summary>
    /// <returns>False where the text is not a name of at most 255 bytes with labels of 1 to 63; the empty text is none.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (text is ".") return (name = Root) is not null;
        Span<byte> wire = stackalloc byte[MaxBytes + 1];
        int length = 0, written = 1;
        for (int i = 0; i < text.Length;)
        {
            if (text[i] == '.')
            {
                if (!TryClose(wire, ref length, ref written)) return false;
                i++;
                continue;
            }
            if (!TryByte(text, ref i, out byte value) || written >= MaxBytes) return false;
            wire[written++] = value;
            if (++length > MaxLabelBytes) return false;
        }
        if (length > 0 && !TryClose(wire, ref length, ref written)) return false;
        // One place beyond the last label was laid out for the next; it is the root's.
        return written > 1 && written <= MaxBytes && TryFromWire(wire[..written], out name);
    }

    /// <summary>Reads the text form; see <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is no name.</exception>
    public static DnsName Parse(string text) => TryParse(text, out DnsName? name) ? name : throw new FormatException($"'{text}' is not a domain name.");

    /// <summary>The name without its first label; the root's is the root.</summary>
    public DnsName Parent() => IsRoot ? this : new(_wire[(_wire[0] + 1)..]);

    /// <summary>True where this name is the other or lies below it.</summary>
    public bool IsWithin(DnsName other)
    {
        int at = 0;
        while (_wire.Length - at > other._wire.Length) at += _wire[at] + 1;
        return AreEqual(_wire.AsSpan(at), other._wire);
    }

    /// <summary>The text form with a dot at the end. Allocates.</summary>
    public override string ToString() => IsRoot ? "." : ToText(_wire);

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && AreEqual(_wire, other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(_wire);

    /// <summary>Compares wire forms, letters without their case. Bytes of lengths are below 64 and so never letters.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right) || EqualBytes(left, right);

    /// <summary>A hash of a wire form that does not depend on the case of letters.</summary>
    internal static int Hash(ReadOnlySpan<byte> wire)
    {
        unchecked
        {
            // FNV-1a; names come from tables and settings, and from questions that are only looked up.
            uint hash = 2166136261;
            foreach (byte b in wire) hash = (hash ^ Lower(b)) * 16777619;
            return (int)hash;
        }
    }

    // Ascii.EqualsIgnoreCase gives up at bytes above 127, which names may have.
    private static bool EqualBytes(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
            if (Lower(left[i]) != Lower(right[i])) return false;
        return true;
    }

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;

    private static bool TryClose(Span<byte> wire, ref int length, ref int written)
    {
        if (length == 0 || written > MaxBytes - 1) return false;
        wire[written - length - 1] = (byte)length;
        wire[written++] = 0;
        length = 0;
        return true;
    }

    private static bool TryByte(ReadOnlySpan<char> text, ref int i, out byte value)
    {
        char c = text[i++];
        value = unchecked((byte)c);
        if (c != '\\') return c is > ' ' and < (char)127;
        if (i >= text.Length) return false;
        if (!char.IsAsciiDigit(text[i])) return TryQuoted(text[i++], out value);
        if (i + 3 > text.Length || !byte.TryParse(text.Slice(i, 3), NumberStyles.None, CultureInfo.InvariantCulture, out value)) return false;
        i += 3;
        return true;
    }

    private static bool TryQuoted(char c, out byte value)
    {
        value = unchecked((byte)c);
        return c is > ' ' and < (char)127;
    }

    private static string ToText(ReadOnlySpan<byte> wire)
    {
        StringBuilder text = new(wire.Length);
        for (int at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (byte b in wire.Slice(at + 1, wire[at])) Append(text, b);
            text.Append('.');
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, byte b)
    {
        if (b is (byte)'.' or (byte)'\\' or (byte)'"' or (byte)';' or (byte)'(' or (byte)')' or (byte)'@' or (byte)'$') text.Append('\\').Append((char)b);
        else if (b is > 32 and < 127) text.Append((char)b);
        else text.Append(CultureInfo.InvariantCulture, $"\\{b:D3}");
    }
}
