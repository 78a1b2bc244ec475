using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TrafficDispatch.Cli.Input;

/// <summary>Makes options that take a number, read by the invariant culture and checked against a range.</summary>
internal static class NumberOption
{
    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int> Whole(string name, string helpName, string description, int least, int most, int standard) => new(name)
    {
        Description = description + Range(description, least, most),
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a whole number from {least} to {most}"));
            return standard;
        },
    };

    /// <summary>A finite number of at least 0, or above 0; null where it is not given.</summary>
    public static Option<double?> Real(string name, string helpName, string description, bool aboveZero) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Read(result, name, aboveZero),
    };

    /// <summary>The range in words, where the description does not end in one or has none to tell.</summary>
    private static string Range(string description, int least, int most)
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return most == int.MaxValue || description.Contains($" to {most.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal) ? "" : $"; {range}";
    }

    private static double? Read(ArgumentResult result, string name, bool aboveZero)
    {
        string text = result.Tokens[0].Value;
        bool read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
        if (read && (aboveZero ? value > 0 : value >= 0)) return value;
        result.AddError($"{name} is '{text}'; it must be a finite number {(aboveZero ? "above 0" : "of at least 0")}");
        return null;
    }
}
