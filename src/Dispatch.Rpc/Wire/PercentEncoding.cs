using System.Text;

namespace Grpc.Wire;

/// <summary>The coding of <c>grpc-message</c>: UTF-8, with '%' and all outside printable ASCII as <c>%XX</c>.</summary>
internal static class PercentEncoding
{
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Encodes; returns the same string where nothing needs encoding.</summary>
    public static string Encode(string text)
    {
        if (!NeedsEncoding(text))
            return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(HexDigits[b >> 4]).Append(HexDigits[b & 15]);
        }

        return encoded.ToString();
    }

    /// <summary>Decodes; a '%' that two hex digits do not follow stays as it is.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool escaped = bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1])
                && char.IsAsciiHexDigit((char)bytes[i + 2]);
            bytes[length++] = escaped ? (byte)((HexValue(bytes[i + 1]) << 4) | HexValue(bytes[i + 2])) : bytes[i];
            i += escaped ? 2 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static bool NeedsEncoding(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text.Contains('%', StringComparison.Ordinal);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
