using System.Globalization;

namespace TrafficDispatch.Model;

/// <summary>A CIDR prefix. The bits beyond the length are zero.</summary>
/// <param name="Address">The first address.</param>
/// <param name="Length">0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public readonly record struct IpPrefix(ClientAddress Address, int Length)
{
    /// <summary>The prefix of that length around an address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the family.</exception>
    public static IpPrefix Around(ClientAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.Width);
        return new(address with { Bits = address.Bits & Mask(address.Width, length) }, length);
    }

    /// <summary>True where the address lies inside.</summary>
    public bool Contains(ClientAddress address) =>
        address.IsIPv6 == Address.IsIPv6 && (address.Bits & Mask(Address.Width, Length)) == Address.Bits;

    /// <summary>Reads <c>address/length</c>.</summary>
    /// <param name="text">For instance <c>198.51.100.0/24</c>.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="fault">The rule that the text breaks; empty where it is read.</param>
    /// <remarks><c>::ffff:a.b.c.d/n</c> with n ≥ 96 is the IPv4 prefix of length n − 96.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix, out string fault)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (slash < 0) { fault = "must be address/length"; return false; }
        if (!ClientAddress.TryParse(text[..slash], out ClientAddress address)) { fault = "must start with an IP address"; return false; }
        ReadOnlySpan<char> digits = text[(slash + 1)..];
        if (digits.Length is 0 or > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
        {
            fault = "must end in a whole prefix length";
            return false;
        }
        bool unwrapped = !address.IsIPv6 && text[..slash].Contains(':');
        if (unwrapped) length -= 96;
        if (length < 0 || length > address.Width)
        {
            fault = unwrapped ? "an IPv4-mapped prefix must be 96 to 128 long" : $"the length must be 0 to {address.Width}";
            return false;
        }
        prefix = Around(address, length);
        fault = prefix.Address == address ? "" : $"bits beyond the length must be zero (did you mean {prefix}?)";
        return fault.Length == 0;
    }

    /// <summary>The text form, <c>address/length</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    private static UInt128 Mask(int width, int length)
    {
        if (length == 0) return 0;
        UInt128 all = width == 32 ? uint.MaxValue : UInt128.MaxValue;
        int host = width - length;
        return host == 0 ? all : all >> host << host;
    }
}

/// <summary>A row of a prefix table.</summary>
/// <param name="Prefix">The addresses spoken of.</param>
/// <param name="Location">Ordinal of the location they belong to, or <see cref="None"/>.</param>
public readonly record struct PrefixEntry(IpPrefix Prefix, int Location)
{
    /// <summary>Explicitly no location (<c>-</c> in the files): special-purpose space.</summary>
    public const int None = -1;
}
