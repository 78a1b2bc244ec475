using System.Runtime.InteropServices;

namespace TrafficDispatch.Flow;

/// <summary>The arcs that carry flow, in rising order, with their flows: memory that is used again for each reading.</summary>
/// <remarks>Arcs may be added in any order; those that come in rising order, which are most, cost nothing to sort.</remarks>
internal sealed class FlowBuffer
{
    private List<int> _arcs = [], _mergedArcs = [];
    private List<long> _values = [], _mergedValues = [];
    private readonly List<int> _lateArcs = [];
    private readonly List<long> _lateValues = [];

    /// <summary>The arcs, rising after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<int> Arcs => CollectionsMarshal.AsSpan(_arcs);

    /// <summary>The flow of each.</summary>
    public ReadOnlySpan<long> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>The two as one.</summary>
    public SparseFlow Flow => new(Arcs, Values);

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        _arcs.Clear();
        _values.Clear();
        _lateArcs.Clear();
        _lateValues.Clear();
    }

    /// <summary>Adds flow to an arc.</summary>
    public void Add(int arc, long amount)
    {
        bool rises = _arcs.Count == 0 || arc > _arcs[^1];
        (rises ? _arcs : _lateArcs).Add(arc);
        (rises ? _values : _lateValues).Add(amount);
    }

    /// <summary>Brings all arcs in order and adds up what belongs to one.</summary>
    public void Finish()
    {
        if (_lateArcs.Count == 0) return;
        CollectionsMarshal.AsSpan(_lateArcs).Sort(CollectionsMarshal.AsSpan(_lateValues));
        _mergedArcs.Clear();
        _mergedValues.Clear();
        for (int i = 0, j = 0; i < _arcs.Count || j < _lateArcs.Count;)
        {
            bool late = i == _arcs.Count || (j < _lateArcs.Count && _lateArcs[j] < _arcs[i]);
            if (late) Merge(_lateArcs[j], _lateValues[j++]);
            else Merge(_arcs[i], _values[i++]);
        }

        (_arcs, _mergedArcs, _values, _mergedValues) = (_mergedArcs, _arcs, _mergedValues, _values);
    }

    /// <summary>Flow of an arc. O(log n).</summary>
    public long Of(int arc)
    {
        int at = _arcs.BinarySearch(arc);
        return at >= 0 ? _values[at] : 0;
    }

    private void Merge(int arc, long amount)
    {
        if (_mergedArcs.Count > 0 && _mergedArcs[^1] == arc)
        {
            _mergedValues[^1] += amount;
            return;
        }

        _mergedArcs.Add(arc);
        _mergedValues.Add(amount);
    }
}
