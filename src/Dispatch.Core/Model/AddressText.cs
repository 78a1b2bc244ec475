using System.Numerics;

namespace TrafficDispatch.Model;

/// <summary>
/// Reads addresses in text form, of characters or of ASCII bytes. Strict, and allocates nothing: it stands on the way of every request that
/// names its client in text.
/// </summary>
internal static class AddressText
{
    private const int Shortest = 2;
    private const int Longest = 45;
    private const int Groups = 8;
    private const int LongestGroup = 4;

    /// <summary>Reads an address of either family.</summary>
    /// <typeparam name="T"><see cref="char"/> or <see cref="byte"/>.</typeparam>
    public static bool TryRead<T>(ReadOnlySpan<T> text, out ClientAddress address)
        where T : unmanaged, IBinaryInteger<T>
    {
        address = default;
        if (text.Length is < Shortest or > Longest) return false;
        if (TryReadV4(text, out uint v4))
        {
            address = ClientAddress.FromV4(v4);
            return true;
        }
        if (!TryReadV6(text, out UInt128 v6)) return false;
        address = ClientAddress.FromV6(v6);
        return true;
    }

    /// <summary>Four decimal numbers of 0 to 255 with dots between, without leading zeros.</summary>
    private static bool TryReadV4<T>(ReadOnlySpan<T> text, out uint bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        bits = 0;
        int at = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (at >= text.Length || Code(text[at++]) != '.')) return false;
            int start = at;
            uint value = 0;
            for (; at < text.Length && at - start < 3 && IsDigit(text[at]); at++) value = value * 10 + Code(text[at]) - '0';
            bool leadingZero = at - start > 1 && Code(text[start]) == '0';
            if (at == start || leadingZero || value > 255) return false;
            bits = bits << 8 | value;
        }
        return at == text.Length;
    }

    /// <summary>
    /// Eight groups of one to four hexadecimal digits with colons between (RFC 4291, 2.2); once, <c>::</c> stands for one or more groups of
    /// zero; the last two groups may be an IPv4 address.
    /// </summary>
    private static bool TryReadV6<T>(ReadOnlySpan<T> text, out UInt128 bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        bits = 0;
        int gap = text.IndexOf([T.CreateTruncating(':'), T.CreateTruncating(':')]);
        if (gap < 0) return TryReadGroups(text, mayEndInV4: true, out bits, out int all) && all == Groups;
        if (!TryReadGroups(text[..gap], mayEndInV4: false, out UInt128 before, out int ahead)) return false;
        if (!TryReadGroups(text[(gap + 2)..], mayEndInV4: true, out UInt128 after, out int behind) || ahead + behind >= Groups) return false;
        bits = (ahead == 0 ? 0 : before << (16 * (Groups - ahead))) | after;
        return true;
    }

    /// <summary>Groups with a colon between each two; none for an empty text.</summary>
    private static bool TryReadGroups<T>(ReadOnlySpan<T> text, bool mayEndInV4, out UInt128 bits, out int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        (bits, count) = (0, 0);
        while (!text.IsEmpty && count < Groups)
        {
            int colon = text.IndexOf(T.CreateTruncating(':'));
            ReadOnlySpan<T> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && mayEndInV4 && TryReadV4(group, out uint v4))
            {
                (bits, count) = (bits << 32 | v4, count + 2);
                return count <= Groups;
            }
            if (!TryReadGroup(group, out uint value)) return false;
            (bits, count) = (bits << 16 | value, count + 1);
            if (colon < 0) return true;
            text = text[(colon + 1)..];
            if (text.IsEmpty) return false;
        }
        return text.IsEmpty;
    }

    private static bool TryReadGroup<T>(ReadOnlySpan<T> digits, out uint group)
        where T : unmanaged, IBinaryInteger<T>
    {
        group = 0;
        if (digits.Length is 0 or > LongestGroup) return false;
        foreach (T digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)Code(digit))) return false;
            group = group << 4 | (IsDigit(digit) ? Code(digit) - '0' : (Code(digit) | 0x20) - 'a' + 10);
        }
        return true;
    }

    private static bool IsDigit<T>(T code)
        where T : unmanaged, IBinaryInteger<T> => Code(code) is >= '0' and <= '9';

    private static uint Code<T>(T code)
        where T : unmanaged, IBinaryInteger<T> => uint.CreateTruncating(code);
}
