using System.Globalization;

namespace TrafficDispatch.Flow;

/// <summary>One thing wrong with a DIMACS file.</summary>
/// <param name="Source">Name of the file.</param>
/// <param name="Line">Line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">First byte of the field in its line, from 1; 0 for the line as a whole.</param>
/// <param name="Field">The field at fault, such as <c>cap</c>.</param>
/// <param name="Value">What was found; empty when the field is missing.</param>
/// <param name="Rule">The rule it breaks.</param>
public sealed record DimacsFault(string Source, long Line, int Column, string Field, string Value, string Rule)
{
    /// <summary><c>file:line:column: field 'value': rule</c>.</summary>
    public override string ToString()
    {
        string place = (Line, Column) switch
        {
            (0, _) => Source,
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}:{Column}"),
        };
        return $"{place}: {Field} {(Value.Length == 0 ? "is missing" : $"'{Value}'")}: {Rule}";
    }
}

/// <summary>What came of reading a DIMACS file: a network, or all that is wrong.</summary>
/// <param name="Network">The network; null when there are faults.</param>
/// <param name="Faults">The faults found, at most <see cref="DimacsLimits.MaxFaults"/>; empty when there is a network.</param>
public sealed record DimacsReadResult(FlowNetwork? Network, IReadOnlyList<DimacsFault> Faults);

/// <summary>Sizes beyond which a file is refused before memory is reserved for it.</summary>
public sealed record DimacsLimits
{
    /// <summary>The defaults.</summary>
    public static DimacsLimits Default { get; } = new();

    /// <summary>Most nodes a header may declare. Default 2^25 (0.3 GB of supplies).</summary>
    public int MaxNodes { get; init; } = 1 << 25;

    /// <summary>Most arcs a header may declare. Default 2^28. Memory is reserved as arcs arrive, not as they are declared.</summary>
    public int MaxArcs { get; init; } = 1 << 28;

    /// <summary>Most faults collected before reading stops. Default 100.</summary>
    public int MaxFaults { get; init; } = 100;
}
