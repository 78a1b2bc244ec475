using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>
/// A part of the table that somebody watches, cut out once for all who watch the same, and the plans of updates between its versions. Holds
/// the newest two cuts and the plans that lead to the newest. Thread-safe.
/// </summary>
internal sealed class WatchedPart(TableSelection selection, RangeSource ranges)
{
    private const int MostSlices = 2, MostPlans = 4;

    private readonly Lock _gate = new();
    private readonly List<(TableContent Content, TableSlice? Slice)> _slices = [];
    private readonly List<UpdatePlan> _plans = [];
    private SlicePrefixes? _hashed;
    private ImmutableArray<byte> _prefixHash = [];

    /// <summary>What is watched.</summary>
    public TableSelection Selection => selection;

    /// <summary>Streams that watch it; the hub counts.</summary>
    public int Watchers { get; set; }

    /// <summary>The part of a table; null where none of the services is in it.</summary>
    public TableSlice? SliceOf(TableContent content)
    {
        lock (_gate)
        {
            int at = _slices.FindIndex(s => ReferenceEquals(s.Content, content));
            if (at >= 0) return _slices[at].Slice;
            TableSlice? made = TableSlice.Of(content, selection);
            _slices.Add((content, made));
            if (_slices.Count > MostSlices) _slices.RemoveAt(0);
            return made;
        }
    }

    /// <summary>The hash of a slice's prefixes; empty where it has none.</summary>
    public ImmutableArray<byte> PrefixHashOf(TableSlice slice)
    {
        if (slice.Prefixes is not { } prefixes) return [];
        lock (_gate)
        {
            if (_hashed is not null && _hashed.IsSame(prefixes)) return _prefixHash;
            IndexRanges held = ranges.Of(prefixes.Index);
            (_hashed, _prefixHash) = (prefixes, prefixes.Hash(held.V4, held.V6));
            return _prefixHash;
        }
    }

    /// <summary>The rows of an update; the same plan for all who make the same step.</summary>
    /// <param name="from">What the client holds; null for nothing.</param>
    /// <param name="to">What it is to hold.</param>
    /// <param name="version">The version of the latter.</param>
    /// <param name="prefixes">Whether prefixes are part of the update.</param>
    public UpdatePlan PlanOf(TableSlice? from, TableSlice to, TableVersion version, bool prefixes)
    {
        lock (_gate)
        {
            UpdatePlan? plan = _plans.Find(p => p.Version == version && p.Leads(from, to, prefixes));
            if (plan is not null) return plan;
            plan = new(from, to, version, prefixes && to.Prefixes is { } kept ? ranges.Of(kept.Index) : null);
            _plans.Add(plan);
            if (_plans.Count > MostPlans) _plans.RemoveAt(0);
            return plan;
        }
    }

    /// <summary>Lets go of what is not among the newest.</summary>
    public void Forget(TableContent[] recent, TableVersion newest)
    {
        lock (_gate)
        {
            _slices.RemoveAll(s => !recent.Any(c => ReferenceEquals(c, s.Content)));
            _plans.RemoveAll(p => p.Version != newest);
            if (_hashed is not null && !recent.Any(c => ReferenceEquals(c.Prefixes, _hashed.Index))) _hashed = null;
        }
    }
}
