using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace TrafficDispatch.Measure;

/// <summary>What the book knows of losses at edges, whoever their clients are.</summary>
public sealed partial class MeasureBook
{
    private const int LeastPackets = 50, LossCellsATurn = 65_536;

    /// <summary>
    /// How many regions and reporters see an edge, and how many of them see it lose. Paths with fewer than 50 packets (aged) say nothing; a region, or a
    /// reporter, sees losses where more than half of its paths to the edge do, so that neither one reporter nor one region with much traffic decides. O(cells).
    /// </summary>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    /// <param name="lossPercent">A path that loses at least so much of its packets loses, 1 to 100.</param>
    /// <param name="turn">Keeps everybody else from the book while it runs what it is given; each turn takes about a millisecond.</param>
    /// <returns>Edges that are seen, by ordinal.</returns>
    public ImmutableArray<EdgeLosses> Losses(long nowMs, int lossPercent, BookTurn turn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lossPercent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lossPercent, 100);
        int epoch = EpochOf(nowMs);
        Dictionary<(int Edge, int Region), PathTally> regions = [];
        Dictionary<(int Edge, int Reporter), PathTally> reporters = [];
        for (int from = 0, until = LossCellsATurn; from < until; from = until, until = Math.Min(_cells.Count, from + LossCellsATurn))
        {
            (int first, int end) = (from, until);
            turn(() =>
            {
                for (int i = first; i < Math.Min(end, _cells.Count); i++)
                {
                    PathCell cell = _cells[i];
                    int behind = Math.Max(0, epoch - cell.Epoch);
                    if (behind >= PathCells.Lifetimes || cell.Sent16 >> behind < LeastPackets * PathCells.Unit) continue;
                    bool loses = (Int128)cell.Lost16 * 100 >= (Int128)cell.Sent16 * lossPercent;
                    CollectionsMarshal.GetValueRefOrAddDefault(regions, (cell.Key.Edge, cell.Key.Region), out _).Add(loses);
                    CollectionsMarshal.GetValueRefOrAddDefault(reporters, (cell.Key.Edge, cell.Key.Reporter), out _).Add(loses);
                }
            });
        }
        ILookup<int, PathTally> byEdge = reporters.ToLookup(static r => r.Key.Edge, static r => r.Value);
        return
        [
            .. regions.GroupBy(static r => r.Key.Edge, static r => r.Value).OrderBy(static e => e.Key).Select(edge => new EdgeLosses(
                edge.Key, edge.Count(), edge.Count(static r => r.Loses), byEdge[edge.Key].Count(), byEdge[edge.Key].Count(static r => r.Loses))),
        ];
    }

    private struct PathTally
    {
        private int _seen, _losing;

        public readonly bool Loses => 2 * _losing > _seen;

        public void Add(bool loses)
        {
            _seen++;
            if (loses) _losing++;
        }
    }
}

/// <summary>Who sees an edge, and who sees it lose.</summary>
/// <param name="Edge">The edge, by its ordinal.</param>
/// <param name="Regions">Regions whose paths say something.</param>
/// <param name="LosingRegions">Of those, regions where more than half of the paths lose.</param>
/// <param name="Reporters">Reporters whose paths say something.</param>
/// <param name="LosingReporters">Of those, reporters more than half of whose paths lose.</param>
public readonly record struct EdgeLosses(int Edge, int Regions, int LosingRegions, int Reporters, int LosingReporters);
