using System.Buffers;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>What one book hands to another.</summary>
public sealed partial class MeasureBook
{
    private const int Nowhere = -1;

    private long _passedOver;

    /// <summary>Writes what is counted, for <see cref="Merge"/> in another process.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="kinds">What of it.</param>
    public void WriteTo(IBufferWriter<byte> output, BookKinds kinds) => WriteTo(output, kinds, static work => work());

    /// <summary>The same while others fold: resolvers are written some thousand a turn, every other kind in one.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="kinds">What of it.</param>
    /// <param name="turn">Keeps everybody else from the book while it runs what it is given.</param>
    public void WriteTo(IBufferWriter<byte> output, BookKinds kinds, BookTurn turn)
    {
        BookWriter writer = new(World, _networks, _reporters);
        turn(() =>
        {
            // Samples are told where they are counted: what only keeps over a restart would have them again.
            if (kinds.HasFlag(BookKinds.Paths)) writer.Times(Batches, CountOf(SampleFault.None), NewestMs, _times);
            else writer.Times(0, 0, 0, new SampleTimes(HalfLifeMs));
            writer.Cells(kinds.HasFlag(BookKinds.Paths) ? _cells : null);
        });
        turn(() =>
        {
            if (kinds.HasFlag(BookKinds.Loads)) _demand.WriteLoads(writer);
            else writer.Loads([]);
        });
        if (kinds.HasFlag(BookKinds.Resolvers)) _mixes.WriteTo(writer, turn);
        else writer.EndOfMixes();
        turn(() =>
        {
            if (kinds.HasFlag(BookKinds.Levels)) _demand.WriteLevels(writer);
            else writer.Levels([]);
        });
        writer.Finish(output, Settings);
    }

    /// <summary>
    /// Adds what another book has counted. Parts of different samples add up to the book of all of them, in any order; the same part twice counts
    /// twice, so the caller sees to it that each comes once. Only levels of demand may come as often as they like: the newest holds. Regions and
    /// edges that are not in the world are passed over.
    /// </summary>
    /// <param name="part">Exactly what <see cref="WriteTo(IBufferWriter{byte}, BookKinds)"/> wrote.</param>
    /// <param name="kinds">What to take of it.</param>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    /// <returns>False where the bytes are no part, or one of other half-lives: then what was read before the fault has been added.</returns>
    public bool Merge(ReadOnlySpan<byte> part, BookKinds kinds, long nowMs) => BookReader.Read(part, Settings, new Sink(this, kinds, nowMs));

    /// <summary>Adds a part to the book.</summary>
    private sealed class Sink(MeasureBook book, BookKinds kinds, long nowMs) : IBookSink
    {
        private readonly long _latestMs = nowMs + (long)book.Settings.ClockSkew.TotalMilliseconds;
        private int[] _regions = [], _edges = [], _networks = [], _reporters = [];

        public void Names(string[] regions, string[] edges, string[] networks, string[] reporters)
        {
            bool hasPaths = (kinds & (BookKinds.Paths | BookKinds.Loads)) != BookKinds.None;
            _regions = Array.ConvertAll(regions, book.World.RegionOrdinal);
            _edges = Array.ConvertAll(edges, book.World.EdgeOrdinal);
            _networks = hasPaths ? Array.ConvertAll(networks, book._networks.NumberOf) : [];
            _reporters = hasPaths ? Array.ConvertAll(reporters, NumberOf) : [];
        }

        public void Head(long batches, long samples, long newestMs)
        {
            if (!kinds.HasFlag(BookKinds.Paths)) return;
            book.Batches = Math.Min(long.MaxValue / 2, book.Batches + batches);
            book._counts[(int)SampleFault.None] = Math.Min(long.MaxValue / 2, book._counts[(int)SampleFault.None] + samples);
            if (newestMs <= _latestMs) book.NewestMs = book.NewestMs > _latestMs ? newestMs : Math.Max(book.NewestMs, newestMs);
        }

        public void Time(long step, long samples)
        {
            if (kinds.HasFlag(BookKinds.Paths) && step <= book._times.StepOf(_latestMs)) book.Date(step, samples, _latestMs);
        }

        public void Cell(int region, int edge, int network, int reporter, in PathCell cell, ReadOnlySpan<ushort> bins)
        {
            if (!kinds.HasFlag(BookKinds.Paths)) return;
            int newest = book.EpochOf(_latestMs), own = Nowhere;
            bool counts = cell.Epoch <= newest && cell.Epoch > newest - PathCells.Lifetimes - 1;
            if (counts && IsKnown(region, edge, reporter)) own = book.CellOf(PathKey.Of(_regions[region], _edges[edge], _reporters[reporter], _networks[network]), cell.Epoch);
            if (own < 0)
            {
                book._passedOver++;
                return;
            }
            // Left over from a clock of ours that was ahead.
            if (book._cells[own].Epoch > newest) book._cells.Restart(own, cell.Epoch);
            book._cells.Add(own, cell, bins);
        }

        public void Load(int region, int edge, int reporter, double mbps, long atMs)
        {
            if (!kinds.HasFlag(BookKinds.Loads)) return;
            bool counts = atMs <= _latestMs && IsKnown(region, edge, reporter);
            if (!counts || !book._demand.TryAdd(PathKey.Of(_regions[region], _edges[edge], _reporters[reporter], 0), mbps, atMs)) book._passedOver++;
        }

        public void Mix(ClientAddress resolver, int epoch, ReadOnlySpan<(int Region, int Units)> shares)
        {
            if (!kinds.HasFlag(BookKinds.Resolvers) || epoch > _latestMs / (long)book.Settings.ResolverHalfLife.TotalMilliseconds) return;
            Span<(int, int)> own = stackalloc (int, int)[ResolverMixes.Slots];
            int known = 0;
            foreach ((int region, int units) in shares)
                if (_regions[region] >= 0) own[known++] = (_regions[region], units);
            if (known > 0) book._mixes.Merge(resolver, epoch, own[..known]);
        }

        public void Level(int region, double peakMbps, long atMs)
        {
            if (kinds.HasFlag(BookKinds.Levels) && _regions[region] >= 0 && atMs <= _latestMs) book._demand.Take(_regions[region], peakMbps, atMs);
        }

        private bool IsKnown(int region, int edge, int reporter) => _regions[region] >= 0 && _edges[edge] >= 0 && _reporters[reporter] >= 0;

        private int NumberOf(string reporter) =>
            reporter.Length is > 0 and <= SampleRules.LongestReporter && book._reporters.TryNumber(reporter, nowMs, out int number) ? number : Nowhere;
    }
}
