using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>What the book makes of the facts.</summary>
public sealed partial class MeasureBook
{
    /// <summary>What the measurements make of the facts now. O(cells · log cells).</summary>
    /// <param name="facts">The hour's facts; their world must be the one last taken.</param>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    /// <exception cref="ArgumentException">Another world.</exception>
    public MeasuredFacts Facts(Snapshot facts, long nowMs) => Facts(facts, nowMs, static work => work());

    /// <summary>
    /// The same while others fold: the book is only touched within turns, each of some milliseconds at any size. Batches that come between two
    /// turns count for the paths not yet looked at. Two calls must not run at a time, nor <see cref="Take(World)"/> during one.
    /// </summary>
    /// <param name="facts">The hour's facts; their world must be the one last taken.</param>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    /// <param name="turn">Keeps everybody else from the book while it runs what it is given.</param>
    /// <exception cref="ArgumentException">Another world.</exception>
    public MeasuredFacts Facts(Snapshot facts, long nowMs, BookTurn turn)
    {
        if (!ReferenceEquals(facts.World, World)) throw new ArgumentException("The book speaks of another world.", nameof(facts));
        SampleAges ages = default;
        turn(() => ages = Ages(nowMs));
        (ImmutableArray<PathEstimate> paths, ImmutableArray<CountryRatio> countries) = _ladder.Estimate(World, EpochOf(nowMs), turn);
        ImmutableArray<DemandEstimate> demand = [.. _demand.Forecast(facts, nowMs, turn).Values];
        return new MeasuredFacts(facts, paths, countries, demand, _mixes.Freeze(nowMs, turn)) { Ages = ages };
    }

    /// <summary>What each edge carries now by its load reports, Mbit/s by edge ordinal; edges that nobody reports on are not among them.</summary>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    public SortedDictionary<int, double> EdgeLoads(long nowMs) => EdgeLoads(nowMs, static work => work());

    /// <summary>The same while others fold: the loads are taken in one turn and added up after it.</summary>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    /// <param name="turn">Keeps everybody else from the book while it runs what it is given.</param>
    public SortedDictionary<int, double> EdgeLoads(long nowMs, BookTurn turn) => _demand.EdgeLoads(nowMs, turn);

    private SampleAges Ages(long nowMs)
    {
        if (NewestMs == 0) return default;
        SampleAges ages = new(TimeSpan.FromMilliseconds(Math.Max(0, nowMs - NewestMs)), Age(_times, isWeighted: true), Age(_unsolved, isWeighted: false));
        _unsolved.Clear();
        return ages;

        TimeSpan? Age(SampleTimes times, bool isWeighted) => times.MedianAge(nowMs, isWeighted) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
    }
}

/// <summary>How old the samples behind facts were when the facts were made; all null before the first sample.</summary>
/// <param name="Newest">Of the newest that counted.</param>
/// <param name="Median">The middle of all that count, each weighted as it counts, to a second or a 256th of the half-life.</param>
/// <param name="NewMedian">The middle of those that no facts were made of before; null where there are none.</param>
public readonly record struct SampleAges(TimeSpan? Newest, TimeSpan? Median, TimeSpan? NewMedian);
