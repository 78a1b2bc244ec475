using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace TrafficDispatch.Model.Files;

internal sealed partial class TableReader
{
    private const int TextCharacters = 200, ListItems = 10_000;

    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>True where the field has no character.</summary>
    public bool IsEmpty(Column column) => Raw(column).IsEmpty;

    /// <summary>A number within a rule; 0 where it breaks it.</summary>
    public double Number(Column column, NumberRule rule)
    {
        bool read = double.TryParse(Raw(column), Decimal, CultureInfo.InvariantCulture, out double value);
        string? broken = rule.Check(read ? value : double.NaN);
        if (broken is null) return value + 0.0; // −0 becomes 0
        Fault(column, broken);
        return 0;
    }

    /// <summary>A number within a rule, or <paramref name="absent"/> where the field is empty.</summary>
    public double Number(Column column, NumberRule rule, double absent) => IsEmpty(column) ? absent : Number(column, rule);

    /// <summary>A whole number within bounds; the smallest where it breaks them.</summary>
    public int Whole(Column column, int min, int max) => Whole(column, min, max, out _);

    /// <summary>A whole number within bounds; the smallest and <paramref name="read"/> false where it breaks them.</summary>
    public int Whole(Column column, int min, int max, out bool read)
    {
        read = int.TryParse(Raw(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max;
        if (read) return value;
        Fault(column, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return min;
    }

    /// <summary>One of a few words; the first where it is none of them.</summary>
    public T Word<T>(Column column, params ReadOnlySpan<(string Word, T Value)> words)
    {
        ReadOnlySpan<char> text = Text(column);
        foreach ((string word, T value) in words)
            if (text.SequenceEqual(word)) return value;
        StringBuilder rule = new("must be ");
        for (int i = 0; i < words.Length; i++)
            rule.Append(i == 0 ? "" : i == words.Length - 1 ? " or " : ", ").Append(words[i].Word.Length == 0 ? "empty" : words[i].Word);
        Fault(column, rule.ToString());
        return words[0].Value;
    }

    /// <summary>Text of a person's language; may be empty.</summary>
    public string Free(Column column)
    {
        ReadOnlySpan<char> text = Text(column);
        if (!IsPrintable(text)) Fault(column, $"must be at most {TextCharacters} characters without control characters");
        return Text(column).ToString();
    }

    /// <summary>A name that others refer to: not empty, without blanks at its ends.</summary>
    public string Label(Column column)
    {
        if (!IsLabel(Text(column))) Fault(column, LabelRule);
        return Text(column).ToString();
    }

    /// <summary>What <see cref="Label"/> asks for.</summary>
    public const string LabelRule = "must be 1 to 200 characters, without ';', control characters and blanks at its ends, and not '-'";

    /// <summary>True where text can be an id or another name that files refer to.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text) =>
        !text.IsEmpty && IsPrintable(text) && text.Trim().Length == text.Length && !text.Contains(';') && text is not "-";

    /// <summary>Two capital letters, as country and continent codes have.</summary>
    public string TwoLetters(Column column)
    {
        ReadOnlySpan<char> text = Text(column);
        if (text.Length != 2 || !char.IsAsciiLetterUpper(text[0]) || !char.IsAsciiLetterUpper(text[1]))
            Fault(column, "must be two capital letters");
        return Text(column).ToString();
    }

    /// <summary>The parts of a field between semicolons; an empty field has none.</summary>
    public ImmutableArray<string> List(Column column)
    {
        if (IsEmpty(column)) return [];
        string[] items = Text(column).ToString().Split(';', ListItems + 1);
        if (items.Length > ListItems) Fault(column, $"must not list more than {ListItems}");
        else if (items.Any(static i => !IsLabel(i))) Fault(column, "must be names between semicolons, none of them empty or with blanks at its ends");
        else if (items.Distinct(StringComparer.Ordinal).Count() < items.Length) Fault(column, "must not list a name twice");
        else return [.. items];
        return [];
    }

    /// <summary>What stands between semicolons, whatever it is, for a caller that reads the parts itself; an empty field has none.</summary>
    public string[] Parts(Column column, int most)
    {
        if (IsEmpty(column)) return [];
        string[] parts = Text(column).ToString().Split(';', most + 1);
        if (parts.Length <= most) return parts;
        Fault(column, $"must not list more than {most}");
        return [];
    }

    /// <summary>A number in a part of a field, with a fault of the whole field where it breaks the rule.</summary>
    /// <param name="column">The field.</param>
    /// <param name="part">The part, named in the fault.</param>
    /// <param name="number">The number's text in the part.</param>
    /// <param name="rule">Its bounds.</param>
    /// <param name="value">The number; 0 where it breaks the rule.</param>
    public bool TryNumber(Column column, string part, ReadOnlySpan<char> number, NumberRule rule, out double value)
    {
        bool read = double.TryParse(number, Decimal, CultureInfo.InvariantCulture, out value);
        string? broken = rule.Check(read ? value : double.NaN);
        value = broken is null ? value + 0.0 : 0;
        if (broken is not null) Fault(column, $"'{FaultLog.Shown(part)}' {broken}");
        return broken is null;
    }

    /// <summary>A moment in UTC as ISO 8601 writes it, for instance <c>2099-12-31T23:59:59Z</c>; null where the field is empty.</summary>
    public DateTimeOffset? Moment(Column column)
    {
        if (IsEmpty(column)) return null;
        if (DateTimeOffset.TryParseExact(
            Text(column), MomentFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset moment))
            return moment;
        Fault(column, "must be a moment in UTC such as 2099-12-31T23:59:59Z");
        return null;
    }

    /// <summary>How <see cref="Moment"/> is written; the fraction of a second may be absent.</summary>
    public const string MomentFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private static bool IsPrintable(ReadOnlySpan<char> text)
    {
        if (text.Length > TextCharacters) return false;
        foreach (char c in text)
            if (char.IsControl(c)) return false;
        return true;
    }
}
