using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.WhatIf.Files;

/// <summary>Takes the fields of one map and notes what is wrong with each. Used by one thread.</summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, ScenarioNode> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly MapNode _map;
    private readonly StudyFaults _faults;
    private readonly string _path;

    /// <param name="map">The map.</param>
    /// <param name="path">Its field, for faults; empty for the file's own.</param>
    /// <param name="faults">Where faults go.</param>
    public MapReader(MapNode map, string path, StudyFaults faults)
    {
        (_map, _path, _faults) = (map, path, faults);
        foreach ((ScalarNode name, ScenarioNode value) in map.Entries)
            if (!_fields.TryAdd(name.Text, value)) faults.Add(name, Of(name.Text), "stands twice");
    }

    /// <summary>The names of the fields, as written.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>The field's whole name.</summary>
    public string Of(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    /// <summary>A fault of the map itself.</summary>
    public void Fault(string rule) => _faults.Add(_map, _path, rule);

    /// <summary>A fault of a field that is there.</summary>
    public void Fault(string name, string rule) => _faults.Add(_fields[name], Of(name), rule);

    /// <summary>A map inside this one.</summary>
    public MapReader Inside(MapNode map, string field) => new(map, field, _faults);

    /// <summary>The field; null where it is not there.</summary>
    public ScenarioNode? Take(string name)
    {
        _taken.Add(name);
        return _fields.GetValueOrDefault(name);
    }

    /// <summary>Whether the field is there.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A text that is not empty; null where it is not there or is none.</summary>
    public string? Text(string name)
    {
        if (Take(name) is not { } node) return null;
        if (node is ScalarNode { Text.Length: > 0 } scalar) return scalar.Text;
        Fault(name, $"is {node.Kind}; it must be a text");
        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name)
    {
        if (!Has(name)) Fault($"needs {name}");
        return Text(name) ?? "";
    }

    /// <summary>A number within bounds; null where it is not there or is none.</summary>
    public double? Number(string name, double least, double most = double.MaxValue) => Take(name) is { } node ? Number(node, Of(name), least, most) : null;

    /// <summary>A whole number within bounds; null where it is not there or is none.</summary>
    public int? Whole(string name, int least, int most)
    {
        if (Number(name, least, most) is not { } value) return null;
        if (value == Math.Floor(value)) return (int)value;
        Fault(name, $"is {((ScalarNode)_fields[name]).Kind}; it must be a whole number");
        return null;
    }

    /// <summary>True or false; false where it is not there.</summary>
    public bool Flag(string name)
    {
        if (Take(name) is not { } node) return false;
        if (node is ScalarNode { IsQuoted: false, Text: "true" or "false" } flag) return flag.Text == "true";
        Fault(name, $"is {node.Kind}; it must be true or false");
        return false;
    }

    /// <summary>One of a few words; null where it is not there or is none of them.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text) return null;
        foreach (string word in words) if (word == text) return text;
        Fault(name, $"is '{text}'; it must be {string.Join(" or ", words)}");
        return null;
    }

    /// <summary>A target of edges or of regions; null where it is not there or is none.</summary>
    public ScenarioTarget? Target(string name, bool edges) => Take(name) is { } node ? Target(node, Of(name), edges) : null;

    /// <summary>Targets, one or a list; empty where there are none.</summary>
    public ImmutableArray<ScenarioTarget> Targets(string name, bool edges) =>
        [.. Items(name).Select(i => Target(i.Node, i.Field, edges)).OfType<ScenarioTarget>()];

    /// <summary>Texts, one or a list.</summary>
    public ImmutableArray<string> Texts(string name)
    {
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>();
        foreach ((ScenarioNode node, string field) in Items(name))
        {
            if (node is ScalarNode { Text.Length: > 0 } scalar) texts.Add(scalar.Text);
            else _faults.Add(node, field, $"is {node.Kind}; it must be a text");
        }
        return texts.ToImmutable();
    }

    /// <summary>Numbers within bounds, one or a list.</summary>
    public ImmutableArray<double> Numbers(string name, double least, double most) => [.. Items(name).Select(i => Number(i.Node, i.Field, least, most)).OfType<double>()];

    /// <summary>The items of a list with their fields; one value counts as a list of it.</summary>
    public IEnumerable<(ScenarioNode Node, string Field)> Items(string name) => Take(name) switch
    {
        null => [],
        ListNode list => list.Items.Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{Of(name)}[{i}]"))),
        { } one => [(one, Of(name))],
    };

    /// <summary>Faults every field that nobody took.</summary>
    public void RefuseOthers()
    {
        foreach ((ScalarNode name, _) in _map.Entries)
            if (!_taken.Contains(name.Text)) _faults.Add(name, Of(name.Text), $"is unknown here; known are {string.Join(", ", _taken.Order(StringComparer.Ordinal))}");
    }

    private double? Number(ScenarioNode node, string field, double least, double most)
    {
        double value = 0;
        bool isNumber = node is ScalarNode { IsQuoted: false } scalar && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        if (isNumber && value >= least && value <= most) return value;
        string bounds = least == double.MinValue ? "" : most == double.MaxValue ? FormattableString.Invariant($" of at least {least}") : FormattableString.Invariant($" from {least} to {most}");
        _faults.Add(node, field, $"is {node.Kind}; it must be a number{bounds}");
        return null;
    }

    private ScenarioTarget? Target(ScenarioNode node, string field, bool edges)
    {
        if (node is ScalarNode scalar && ScenarioTarget.TryParse(scalar.Text, out ScenarioTarget target) && (edges ? target.NamesEdges : target.NamesRegions)) return target;
        _faults.Add(node, field, $"is {node.Kind}; it must be all or {(edges ? "edge:ID, operator:ID, domain:ID or site:CODE" : "region:ID, country:ISO2, zone:ID or continent:ID")}");
        return null;
    }
}

/// <summary>Gathers the faults of a file.</summary>
/// <param name="file">Its name.</param>
internal sealed class StudyFaults(string file)
{
    private readonly ImmutableArray<StudyFault>.Builder _all = ImmutableArray.CreateBuilder<StudyFault>();

    public int Count => _all.Count;

    public void Add(ScenarioNode at, string field, string rule) => _all.Add(new(file, at.Line, at.Column, field, rule));

    /// <summary>In the order of the file.</summary>
    public ImmutableArray<StudyFault> All() => [.. _all.OrderBy(static f => f.Line).ThenBy(static f => f.Column)];
}
