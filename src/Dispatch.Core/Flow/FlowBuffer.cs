using System.Runtime.InteropServices;

namespace TrafficDispatch.Flow;

/// <summary>The arcs that carry flow, in rising order, with their flows: memory that is used again for each reading.</summary>
internal sealed class FlowBuffer
{
    private readonly List<int> _arcs = [];
    private readonly List<long> _values = [];
    private bool _rising = true;

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
        _rising = true;
    }

    /// <summary>Adds flow to an arc.</summary>
    public void Add(int arc, long amount)
    {
        if (_arcs.Count > 0 && arc <= _arcs[^1]) _rising = false;
        _arcs.Add(arc);
        _values.Add(amount);
    }

    /// <summary>Sorts by arc and adds up what belongs to one arc.</summary>
    public void Finish()
    {
        if (_rising) return;
        Span<int> arcs = CollectionsMarshal.AsSpan(_arcs);
        Span<long> values = CollectionsMarshal.AsSpan(_values);
        arcs.Sort(values);
        int kept = 0;
        for (int i = 0; i < arcs.Length; i++)
        {
            if (kept > 0 && arcs[kept - 1] == arcs[i]) values[kept - 1] += values[i];
            else (arcs[kept], values[kept++]) = (arcs[i], values[i]);
        }

        CollectionsMarshal.SetCount(_arcs, kept);
        CollectionsMarshal.SetCount(_values, kept);
    }

    /// <summary>Flow of an arc. O(log n).</summary>
    public long Of(int arc)
    {
        int at = _arcs.BinarySearch(arc);
        return at >= 0 ? _values[at] : 0;
    }
}
