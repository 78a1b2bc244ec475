using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>Ranges of prefix indices, made when asked for and shared while somebody holds them. Thread-safe.</summary>
internal sealed class RangeSource
{
    private readonly Lock _gate = new();
    private readonly WeakReference<IndexRanges> _last = new(null!);

    /// <summary>The ranges of an index. O(index) where nobody holds them.</summary>
    public IndexRanges Of(PrefixIndex index)
    {
        lock (_gate)
        {
            if (_last.TryGetTarget(out IndexRanges? held) && ReferenceEquals(held.Index, index)) return held;
            IndexRanges made = new(index, index.Ranges(false), index.Ranges(true));
            _last.SetTarget(made);
            return made;
        }
    }
}

/// <summary>An index and its ranges.</summary>
internal sealed record IndexRanges(PrefixIndex Index, PrefixRanges V4, PrefixRanges V6);
