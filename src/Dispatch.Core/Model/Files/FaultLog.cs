using System.Collections.Immutable;
using System.Text;

namespace TrafficDispatch.Model.Files;

/// <summary>Collects the faults and warnings of one load, the first few by name and the rest by number.</summary>
internal sealed class FaultLog(int listed)
{
    private const int ShownCharacters = 80;
    private readonly List<WorldFault> _faults = [], _warnings = [];

    public int FaultCount { get; private set; }

    public int WarningCount { get; private set; }

    public ImmutableArray<WorldFault> Faults => [.. _faults];

    public ImmutableArray<WorldFault> Warnings => [.. _warnings];

    public void Fault(string file, int line, int column, string field, ReadOnlySpan<char> value, string rule)
    {
        FaultCount++;
        if (_faults.Count < listed) _faults.Add(new(file, line, column, Shown(field), Shown(value), rule));
    }

    public void Fault(string file, string rule) => Fault(file, 0, 0, "", "", rule);

    public void Warn(string file, int line, int column, string field, ReadOnlySpan<char> value, string rule)
    {
        WarningCount++;
        if (_warnings.Count < listed) _warnings.Add(new(file, line, column, Shown(field), Shown(value), rule));
    }

    public void Warn(string file, string rule) => Warn(file, 0, 0, "", "", rule);

    /// <summary>Text that is safe to print: short, and without control characters or halves of surrogate pairs.</summary>
    public static string Shown(ReadOnlySpan<char> value)
    {
        StringBuilder shown = new(Math.Min(value.Length, ShownCharacters + 1));
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (shown.Length >= ShownCharacters) return shown.Append('…').ToString();
            shown.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }
        return shown.ToString();
    }
}
