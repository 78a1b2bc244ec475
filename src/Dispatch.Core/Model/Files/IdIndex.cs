namespace TrafficDispatch.Model.Files;

/// <summary>The ids that one table defines, in file order, and where.</summary>
/// <param name="kind">What they name, for instance <c>edge</c>.</param>
/// <param name="file">The file that defines them.</param>
internal sealed class IdIndex(string kind, string file)
{
    private readonly Dictionary<string, (int Ordinal, int Line)> _byId = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];

    /// <summary>What the ids name.</summary>
    public string Kind => kind;

    /// <summary>The file that defines them.</summary>
    public string File => file;

    /// <summary>Records that were handed in, duplicates included.</summary>
    public int Count => _ids.Count;

    /// <summary>
    /// True where an unknown id is certainly unknown. False after a defect of the defining table, where a complaint about each
    /// reference to it would only repeat that defect.
    /// </summary>
    public bool IsComplete { get; set; } = true;

    public string this[int ordinal] => _ids[ordinal];

    /// <summary>Takes the id of the current record; its ordinal is the number of records before it.</summary>
    /// <param name="table">The defining table.</param>
    /// <param name="column">Where the id stands.</param>
    /// <param name="others">Ids that must differ too.</param>
    public string Add(TableReader table, Column column, params ReadOnlySpan<IdIndex> others)
    {
        string id = table.Label(column);
        if (table.IsBroken || !TableReader.IsLabel(id)) IsComplete = false;
        _ids.Add(id);
        if (id.Length == 0 || table.IsBroken) return id;
        foreach (IdIndex other in others)
            if (other.LineOf(id) is > 0 and var line)
                table.Fault(column, $"must be unique among nodes: it is the {other.Kind} of {other.File}:{line}");
        if (!_byId.TryAdd(id, (_ids.Count - 1, table.Line))) table.Fault(column, $"must be unique: line {_byId[id].Line} has it too");
        return id;
    }

    /// <summary>Takes an id that holds where there is no file.</summary>
    public void AddBuiltIn(string id)
    {
        _byId[id] = (_ids.Count, 0);
        _ids.Add(id);
    }

    /// <summary>Ordinal of an id, or −1.</summary>
    public int Find(ReadOnlySpan<char> id) =>
        _byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out (int Ordinal, int Line) at) ? at.Ordinal : -1;

    /// <summary>Ordinal of the id that a field holds, or −1 with a fault.</summary>
    public int Find(TableReader table, Column column)
    {
        int ordinal = Find(table.Text(column));
        if (ordinal < 0 && IsComplete) table.Fault(column, UnknownRule);
        return ordinal;
    }

    /// <summary>Faults each listed id that is unknown.</summary>
    public void Check(TableReader table, Column column, IEnumerable<string> ids)
    {
        foreach (string id in ids)
            if (IsComplete && Find(id) < 0) table.Fault(column, $"'{FaultLog.Shown(id)}' {UnknownRule}");
    }

    private string UnknownRule => $"must be {(kind[0] is 'e' or 'o' ? "an" : "a")} {kind} of {file}";

    private int LineOf(string id) => _byId.TryGetValue(id, out (int Ordinal, int Line) at) ? at.Line : 0;
}
