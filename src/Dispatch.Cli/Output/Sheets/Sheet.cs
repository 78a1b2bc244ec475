using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Cli.Output.Sheets;

/// <summary>A column: its name for programs with the unit, its head for people, and how many decimals people see.</summary>
/// <param name="Key">Name in JSON and CSV, for instance <c>cost_usd_per_hour</c>.</param>
/// <param name="Head">Head in tables.</param>
/// <param name="Decimals">Decimals in tables; null for texts and whole numbers.</param>
internal sealed record SheetColumn(string Key, string Head, int? Decimals = null)
{
    /// <summary>True where it says to programs what another column says to people.</summary>
    public bool IsForPrograms { get; init; }
}

/// <summary>Rows under columns: what a command answers, in whatever form it is written. Immutable.</summary>
/// <param name="Name">Name in JSON, and for <c>--csv</c>.</param>
/// <param name="Title">Title of the table.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">A value a column: a text, a bool, a <see cref="long"/>, a <see cref="double"/>, an <see cref="Int128"/>, or null for none.</param>
internal sealed record Sheet(string Name, string Title, ImmutableArray<SheetColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows)
{
    /// <summary>True where every row counts: such a table is never cut short.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Makes a sheet of things, a row each.</summary>
    public static Sheet Of<T>(string name, string title, IEnumerable<T> things, params ReadOnlySpan<(SheetColumn Column, Func<T, object?> Value)> columns)
    {
        (SheetColumn Column, Func<T, object?> Value)[] all = columns.ToArray();
        return new(name, title, [.. all.Select(static c => c.Column)], [.. things.Select(thing => ImmutableArray.CreateRange(all.Select(c => c.Value(thing))))]);
    }

    /// <summary>A value as programs read it.</summary>
    public static string Plain(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A value as people read it.</summary>
    public static string Shown(object? value, SheetColumn column) => value switch
    {
        bool flag => flag ? "yes" : "no",
        double number when column.Decimals is { } decimals => number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ => Plain(value),
    };

    /// <summary>True where a column holds numbers, which tables align to the right.</summary>
    public bool IsNumeric(int column) => Rows.Any(r => r[column] is double or long or int or Int128) && Rows.All(r => r[column] is null or double or long or int or Int128);
}
