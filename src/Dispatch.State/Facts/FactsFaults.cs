using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.State.Facts;

/// <summary>Collects the rules that facts break, at most <see cref="Most"/> of them.</summary>
internal sealed class FactsFaults
{
    public const int Most = 200;
    private readonly ImmutableArray<StateFault>.Builder _faults = ImmutableArray.CreateBuilder<StateFault>();

    public ImmutableArray<StateFault> ToImmutable() => _faults.ToImmutable();

    public void Add(string table, string row, string field, string value, string rule)
    {
        if (_faults.Count < Most) _faults.Add(new(table, row, field, value, rule));
    }

    /// <summary>A finite number within a range.</summary>
    public void Number(string table, string row, string field, double value, double least, double most)
    {
        if (double.IsFinite(value) && value >= least && value <= most) return;
        Add(table, row, field, value.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"must be a finite number from {least} to {most}"));
    }

    /// <summary>A number of a list from 0.</summary>
    public void Ordinal(string table, string row, string field, int value, int count)
    {
        if (value >= 0 && value < count) return;
        Add(table, row, field, value.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"must be from 0 to {count - 1}"));
    }

    /// <summary>An id that must be among those known.</summary>
    public void Known(string table, string row, string field, string id, IReadOnlySet<string> ids, string what)
    {
        if (!ids.Contains(id)) Add(table, row, field, id, $"must be the id of {what}");
    }

    /// <summary>Ids that are there and differ from each other.</summary>
    public HashSet<string> Unique(string table, string field, IEnumerable<string> ids, HashSet<string>? among = null)
    {
        HashSet<string> seen = among ?? new(StringComparer.Ordinal);
        int at = 0;
        foreach (string id in ids)
        {
            string row = at++.ToString(CultureInfo.InvariantCulture);
            if (id.Length == 0) Add(table, row, field, id, "must not be empty");
            else if (!seen.Add(id)) Add(table, row, field, id, "must be unique");
        }
        return seen;
    }
}
