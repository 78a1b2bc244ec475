using System.Globalization;
using System.Numerics;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>What a setting may hold.</summary>
/// <param name="Words">The same for people, as it follows "must be".</param>
internal abstract record SettingForm(string Words)
{
    /// <summary>A whole number.</summary>
    public static WholeForm Whole(int least, int most, bool orOff = false) => new(least, most, orOff);

    /// <summary>A decimal number.</summary>
    public static NumberForm Number(double least, double most) => new(least, most);

    /// <summary>A length of time.</summary>
    public static TimeForm Time(TimeSpan least, TimeSpan most) => new(least, most);

    /// <summary>One of some words.</summary>
    public static WordForm OneOf(params string[] values) => new(values);

    /// <summary><c>on</c> or <c>off</c>.</summary>
    public static WordForm Switch { get; } = new(["on", "off"]);

    /// <summary>A path of a file or folder.</summary>
    public static TextForm Path { get; } = new("a path");

    /// <summary>Anything else.</summary>
    public static TextForm Text(string words) => new(words);

    /// <summary>A number as tables show it, thousands parted.</summary>
    protected static string Shown<T>(T value)
        where T : INumber<T> => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}

/// <summary>A whole number from least to most, or <c>off</c>.</summary>
internal sealed record WholeForm(int Least, int Most, bool OrOff) : SettingForm(
    string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {Most}{(OrOff ? ", or off" : "")}"))
{
    /// <summary>The range for tables.</summary>
    public string Range => $"{Shown(Least)} to {Shown(Most)}";
}

/// <summary>A decimal number from least to most.</summary>
internal sealed record NumberForm(double Least, double Most) : SettingForm(string.Create(CultureInfo.InvariantCulture, $"a number from {Least} to {Most}"))
{
    /// <summary>The range for tables.</summary>
    public string Range => $"{Shown(Least)} to {Shown(Most)}";
}

/// <summary>A time as <c>hours:minutes:seconds</c>, days before a dot.</summary>
internal sealed record TimeForm(TimeSpan Least, TimeSpan Most) : SettingForm($"hours:minutes:seconds, {Least:c} to {Most:c}, for instance 00:05:00");

/// <summary>One of some words, without regard to case.</summary>
internal sealed record WordForm(IReadOnlyList<string> Values) : SettingForm(
    Values.Count == 2 ? $"{Values[0]} or {Values[1]}" : $"{string.Join(", ", Values.SkipLast(1))} or {Values[^1]}");

/// <summary>A text whose rule its own reader knows.</summary>
internal sealed record TextForm(string Words) : SettingForm(Words);
