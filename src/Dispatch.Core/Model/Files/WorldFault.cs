using System.Globalization;

namespace TrafficDispatch.Model.Files;

/// <summary>One rule that a world folder breaks, and where.</summary>
/// <param name="File">File name within the folder, or the folder itself.</param>
/// <param name="Line">Line where the record starts, from 1; 0 where the fault belongs to no line.</param>
/// <param name="Column">Character (Unicode code point) where the field starts, from 1; 0 where the fault belongs to no field.</param>
/// <param name="Field">Column name; empty where the fault belongs to no field.</param>
/// <param name="Value">The offending text, shortened and with control characters replaced; empty where there is none.</param>
/// <param name="Rule">What must hold.</param>
public sealed record WorldFault(string File, int Line, int Column, string Field, string Value, string Rule)
{
    /// <summary>One line, for instance <c>regions.csv:17:4: field 'peak_gbps' is '-3': must be a finite number >= 0</c>.</summary>
    public override string ToString()
    {
        string place = (Line, Column) switch
        {
            (0, _) => File,
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}"),
        };
        return Field.Length == 0 ? $"{place}: {Rule}" : $"{place}: field '{Field}' is '{Value}': {Rule}";
    }
}
