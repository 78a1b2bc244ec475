using System.Text.RegularExpressions;

namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>What is never the same twice, replaced by its name: what is left of two runs must be equal.</summary>
internal static partial class Mask
{
    /// <summary>Masks a text, and makes all white space and table lines one wide: a masked column may be wider than it was.</summary>
    public static string Of(string text)
    {
        text = TimedColumns.Mask(text);
        text = Table().Replace(text, "VERSION");
        text = Overlay().Replace(text, "overlay VERSION");
        text = Moment().Replace(text, "MOMENT");
        text = Hash().Replace(text, "HASH");
        text = Duration().Replace(text, "${what} DURATION");
        text = Left().Replace(text, "ttl SECONDS");
        text = Rule().Replace(text, "-");
        return Blank().Replace(text, " ");
    }

    /// <summary>Every version of a table in a text, in its order.</summary>
    public static IEnumerable<string> Versions(string text) => Table().Matches(text).Select(static m => m.Value);

    // Epochs are the second of the first start.
    [GeneratedRegex(@"\b[12][0-9]{9}\.[0-9]+\b", RegexOptions.None, 1000)]
    private static partial Regex Table();

    [GeneratedRegex("overlay [0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Overlay();

    [GeneratedRegex(@"\b20[0-9]{2}-[01][0-9](-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?Z?)?)?\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Moment();

    [GeneratedRegex(@"\b(sha256:[0-9a-f]{16}|[0-9a-f]{64}|[0-9a-f]{12})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hash();

    // How long something took or has been so, told by the word before it; a round trip or a lifetime is no such thing.
    [GeneratedRegex(@"\b(?<what>in|joined,|today;|solved|simplex-(32|64),|failovers,|published VERSION,|MOMENT,|for another|held|age) [0-9]+(\.[0-9]+)? ?(ms|s)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();

    // A kept answer is handed on with what is left of its time.
    [GeneratedRegex(@"ttl [0-9]+(?=, scope /[0-9]+ \(kept\))", RegexOptions.None, 1000)]
    private static partial Regex Left();

    [GeneratedRegex("-{2,}", RegexOptions.None, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex("[ ]{2,}", RegexOptions.None, 1000)]
    private static partial Regex Blank();
}
