using System.Collections.Immutable;

namespace TrafficDispatch.WhatIf.Sweeps;

/// <summary>Gathers the rows of a sweep from several threads, keeps them in the journal and tells how far it is.</summary>
internal sealed class SweepTally
{
    private readonly SweepOptions _options;
    private readonly ImmutableArray<string> _names;
    private readonly Dictionary<string, SweepRow> _rows = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <param name="options">How the sweep runs.</param>
    /// <param name="fingerprint">Names baseline and cases.</param>
    /// <param name="names">The cases in order; no two share a name.</param>
    /// <exception cref="ArgumentException">Two cases share a name.</exception>
    /// <exception cref="SweepJournalException">The journal is of another sweep, or damaged.</exception>
    public SweepTally(SweepOptions options, string fingerprint, ImmutableArray<string> names)
    {
        (_options, _names) = (options, names);
        if (names.GroupBy(static n => n, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two cases are named '{twice.Key}'; a sweep tells cases apart by their names.", nameof(names));
        HashSet<string> known = [.. names];
        foreach (SweepRow row in options.Journal?.Open(fingerprint) ?? [])
            if (known.Contains(row.Name)) _rows[row.Name] = row;
        Resumed = _rows.Count;
        if (Resumed > 0) options.Progress?.Invoke(new(Resumed, names.Length, null));
    }

    /// <summary>Cases taken from an earlier run.</summary>
    public int Resumed { get; }

    /// <summary>The cases that are done.</summary>
    public IReadOnlySet<string> Done => new HashSet<string>(_rows.Keys, StringComparer.Ordinal);

    /// <summary>Takes a row.</summary>
    public void Add(SweepRow row)
    {
        lock (_gate)
        {
            _rows[row.Name] = row;
            _options.Journal?.Append(row);
            _options.Progress?.Invoke(new(_rows.Count, _names.Length, row));
        }
    }

    /// <summary>All rows in the order of the cases; there is one of each.</summary>
    public ImmutableArray<SweepRow> Rows() => [.. _names.Select(name => _rows[name])];
}
