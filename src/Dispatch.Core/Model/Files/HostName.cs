namespace TrafficDispatch.Model.Files;

/// <summary>Host names as RFC 1123 bounds them.</summary>
internal static class HostName
{
    public const string Rule = "must be a host name: labels of 1 to 63 letters, digits and inner hyphens, 253 characters in all";

    /// <summary>Brings a name to lower case without a final dot.</summary>
    /// <returns>False where it is not a host name; a name whose last label is all digits would be an address.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> text, out string name)
    {
        name = "";
        if (text.EndsWith(".")) text = text[..^1];
        if (text.Length is 0 or > 253) return false;
        ReadOnlySpan<char> last = default;
        foreach (Range range in text.Split('.'))
        {
            last = text[range];
            if (!IsLabel(last)) return false;
        }
        if (!last.ContainsAnyExceptInRange('0', '9')) return false;
        name = text.ToString().ToLowerInvariant();
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-') return false;
        foreach (char c in label)
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        return true;
    }
}
