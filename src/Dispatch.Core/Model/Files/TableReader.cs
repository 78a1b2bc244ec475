using System.Text;

namespace TrafficDispatch.Model.Files;

/// <summary>
/// One table of a world folder: a header that names the columns in any order, then records. Ask for the columns, call
/// <see cref="Begin"/>, then <see cref="Next"/> for each record. Every getter checks its field, logs what is wrong with it and gives
/// a harmless value instead, so that reading goes on to the next fault.
/// </summary>
internal sealed partial class TableReader
{
    private const int LargestEstimate = 1 << 20;
    private readonly CsvReader _csv;
    private readonly WorldLimits _limits;
    private readonly FaultLog _log;
    private readonly Dictionary<string, int> _header = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private char[] _chars = new char[256];
    private int _width, _records;
    private bool _headerFaulty, _missing;

    private TableReader(string name, CsvReader csv, WorldFiles files)
    {
        Name = name;
        _csv = csv;
        _limits = files.Limits;
        _log = files.Log;
    }

    /// <summary>File name.</summary>
    public string Name { get; }

    /// <summary>How many records to make room for: about as many as there are, and never so many that room alone is a burden.</summary>
    public int RecordEstimate => Math.Min(_csv.LineFeeds, LargestEstimate);

    /// <summary>Line of the current record.</summary>
    public int Line => _csv.Line;

    /// <summary>True where the current record is malformed: its faults are logged, its fields are not to be trusted.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True once a record was malformed: an id that is missing may have stood there.</summary>
    public bool HadBroken { get; private set; }

    /// <summary>The header's names in their order.</summary>
    public IEnumerable<Column> Header => _header.OrderBy(static c => c.Value).Select(static c => new Column(c.Key, c.Value));

    /// <summary>Opens a file of the folder.</summary>
    /// <returns>Null where there is none, or none that can be read.</returns>
    public static TableReader? Open(WorldFiles files, string name, bool required)
    {
        if (files.Read(name, required) is not { } bytes) return null;
        TableReader table = new(name, new CsvReader(bytes, files.Limits), files);
        table.ReadHeader();
        return table;
    }

    /// <summary>A column that the table must have.</summary>
    public Column Required(string name)
    {
        Column column = Optional(name);
        if (!column.Exists && !_headerFaulty) _log.Fault(Name, 1, 0, "", "", $"column '{name}' is missing");
        _missing |= !column.Exists;
        return column;
    }

    /// <summary>A column that the table may have.</summary>
    public Column Optional(string name)
    {
        _asked.Add(name);
        return new(name, _header.GetValueOrDefault(name, -1));
    }

    /// <summary>Columns that are known and not read.</summary>
    public void Ignored(params ReadOnlySpan<string> names)
    {
        foreach (string name in names) _asked.Add(name);
    }

    /// <summary>Ends the questions for columns: whatever else the header names is warned of.</summary>
    /// <returns>False where the records cannot be read for want of a header.</returns>
    public bool Begin()
    {
        foreach (Column c in Header.Where(c => !_asked.Contains(c.Name)))
            _log.Warn(Name, 1, 0, "", "", $"column '{FaultLog.Shown(c.Name)}' is not known and not read");
        return !_headerFaulty && !_missing;
    }

    /// <summary>Moves to the next record, malformed ones included.</summary>
    public bool Next()
    {
        if (!_csv.Read()) return false;
        IsBroken = true;
        if (++_records > _limits.Records)
        {
            Complain(Line, 0, $"a file must not have more than {_limits.Records} records");
            return false;
        }
        if (_csv.Fault is { } fault) Complain(fault.Line, fault.Column, fault.Rule);
        else if (_csv.FieldCount != _width) Complain(Line, 0, $"must have {_width} fields, as the header; has {_csv.FieldCount}");
        else IsBroken = false;
        HadBroken |= IsBroken;
        return true;
    }

    /// <summary>Logs a fault of a field of the current record.</summary>
    public void Fault(Column column, string rule)
    {
        if (IsBroken || !column.Exists) return;
        (int line, int at) = _csv.Position(column.Index);
        _log.Fault(Name, line, at, column.Name, Text(column), rule);
    }

    /// <summary>A field's place and text, for a fault that only shows when all records are read.</summary>
    public Cell At(Column column)
    {
        if (IsBroken || !column.Exists) return new(Name, Line, 0, "", "");
        (int line, int at) = _csv.Position(column.Index);
        return new(Name, line, at, column.Name, Text(column).ToString());
    }

    /// <summary>Character at which a field of the current record starts.</summary>
    public int ColumnOf(Column column) => _csv.Position(column.Index).Column;

    /// <summary>Logs a warning about a field of the current record.</summary>
    public void Warn(Column column, string rule)
    {
        if (IsBroken || !column.Exists) return;
        (int line, int at) = _csv.Position(column.Index);
        _log.Warn(Name, line, at, column.Name, Text(column), rule);
    }

    /// <summary>Logs a fault of the table as a whole.</summary>
    public void Fault(string rule) => _log.Fault(Name, rule);

    /// <summary>Logs a warning about the table as a whole.</summary>
    public void Warn(string rule) => _log.Warn(Name, rule);

    /// <summary>Logs a fault of a column's name, or of the header where the column is not there. Only before the first record.</summary>
    public void HeaderFault(Column column, string rule)
    {
        if (!_headerFaulty && !_missing) Complain(1, column.Exists ? _csv.Position(column.Index).Column : 0, rule);
    }

    /// <summary>The field as it stands, valid until the next call; empty where the record or the table does not have it.</summary>
    public ReadOnlySpan<char> Text(Column column)
    {
        ReadOnlySpan<byte> utf8 = Raw(column);
        if (_chars.Length < utf8.Length) _chars = new char[Math.Max(utf8.Length, 2 * _chars.Length)];
        return _chars.AsSpan(0, Encoding.UTF8.GetChars(utf8, _chars));
    }

    private ReadOnlySpan<byte> Raw(Column column) =>
        column.Exists && column.Index < _csv.FieldCount ? _csv.Field(column.Index) : default;

    private void Complain(int line, int column, string rule) => _log.Fault(Name, line, column, "", "", rule);

    private void ReadHeader()
    {
        _headerFaulty = true;
        if (!_csv.Read())
        {
            Complain(1, 0, "must start with a header line");
            return;
        }
        _headerFaulty = _csv.Fault is not null;
        if (_csv.Fault is { } fault) Complain(fault.Line, fault.Column, fault.Rule);
        _width = _csv.FieldCount;
        for (int i = 0; i < _width; i++)
        {
            Column column = new("header", i);
            string name = Text(column).ToString();
            if (_header.TryAdd(name, i)) continue;
            _headerFaulty = true;
            Complain(_csv.Position(i).Line, _csv.Position(i).Column, $"column '{FaultLog.Shown(name)}' must stand only once");
        }
    }

}
