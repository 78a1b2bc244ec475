namespace TrafficDispatch.Measure;

/// <summary>Small numbers for names, up to a cap; number 0 is the empty name and stands for all that found no room. Not thread-safe.</summary>
internal sealed class NameTable(int cap)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly List<string> _names = [""];

    /// <summary>Names that found no room.</summary>
    public long Refusals { get; private set; }

    /// <summary>The number of a name.</summary>
    public int NumberOf(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > SampleRules.LongestNetwork) return 0;
        if (_numbers.TryGetValue(name, out int number)) return number;
        if (_names.Count > cap)
        {
            Refusals++;
            return 0;
        }
        _numbers.Add(name, number = _names.Count);
        _names.Add(name);
        return number;
    }

    /// <summary>Forgets all names.</summary>
    public void Clear()
    {
        _numbers.Clear();
        _names.Clear();
        _numbers.Add("", 0);
        _names.Add("");
    }

    /// <summary>The name of a number.</summary>
    public string Name(int number) => _names[number];
}
