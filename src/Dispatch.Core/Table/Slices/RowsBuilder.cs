using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace TrafficDispatch.Table;

/// <summary>Collects rows of edges with weights, one after the other. One thread.</summary>
internal sealed class RowsBuilder
{
    private readonly List<int> _start = [0];
    private readonly List<ushort> _edge = [], _weight = [], _overflow = [];

    public void Add(ReadOnlySpan<ushort> edges, ReadOnlySpan<ushort> weights)
    {
        _edge.AddRange(edges);
        _weight.AddRange(weights);
    }

    /// <summary>Ends the row.</summary>
    public void Close(ushort overflow)
    {
        _start.Add(_edge.Count);
        _overflow.Add(overflow);
    }

    public EntryRows ToEntries(int profiles) => new(profiles, Of(_start), Of(_edge), Of(_weight), Of(_overflow));

    public FailoverRows ToFailovers(
        ImmutableArray<string> names, ImmutableArray<int> failedStart, ImmutableArray<ushort> failed, ImmutableArray<int> rowStart, ImmutableArray<int> entries) =>
        new(names, failedStart, failed, rowStart, entries, Of(_start), Of(_edge), Of(_weight), Of(_overflow), []);

    private static ImmutableArray<T> Of<T>(List<T> list) => ImmutableCollectionsMarshal.AsImmutableArray(list.ToArray());
}
