using System.Buffers;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>
/// Carries what one book has counted to another: names instead of ordinals, only buckets in use. What came in as samples of the same half-life
/// adds up exactly, in whatever order parts are merged.
/// </summary>
internal static class BookParts
{
    private const byte Format = 1;
    private const int LongestName = 512, MostNames = 1 << 20, MostCells = 100_000_000;

    /// <summary>Writes all cells: format, names of regions, edges, networks and reporters, then the cells.</summary>
    public static void Write(IBufferWriter<byte> output, World world, PathCells cells, NameTable networks, ReporterTable reporters)
    {
        ByteWriter writer = new(output);
        (NameList regions, NameList edges, NameList nets, NameList who) = (new(), new(), new(), new());
        for (int i = 0; i < cells.Count; i++)
        {
            PathKey key = cells[i].Key;
            regions.Add(key.Region, world.Regions[key.Region].Id);
            edges.Add(key.Edge, world.Edges[key.Edge].Id);
            nets.Add(key.Network, networks.Name(key.Network));
            who.Add(key.Reporter, reporters.Name(key.Reporter));
        }
        writer.Byte(Format);
        foreach (NameList list in (ReadOnlySpan<NameList>)[regions, edges, nets, who]) list.WriteTo(writer);
        writer.Number((ulong)cells.Count);
        for (int i = 0; i < cells.Count; i++)
        {
            PathKey key = cells[i].Key;
            writer.Number((ulong)regions[key.Region]);
            writer.Number((ulong)edges[key.Edge]);
            writer.Number((ulong)nets[key.Network]);
            writer.Number((ulong)who[key.Reporter]);
            WriteCounts(writer, cells[i], cells.Bins(i));
        }
    }

    /// <summary>Reads a part; the sink is told every cell.</summary>
    /// <returns>False where the bytes are no part of this format; cells before the fault may have been told.</returns>
    public static bool Read(ReadOnlySpan<byte> bytes, ICellSink sink)
    {
        ByteReader reader = new(bytes);
        if (reader.Byte() != Format) return false;
        string[] regions = NameList.Read(ref reader), edges = NameList.Read(ref reader), nets = NameList.Read(ref reader), who = NameList.Read(ref reader);
        int count = reader.Count(MostCells);
        if (count > 0 && (regions.Length == 0 || edges.Length == 0 || nets.Length == 0 || who.Length == 0)) return false;
        ushort[] bins = new ushort[LogBuckets.Count];
        for (int i = 0; i < count && !reader.IsBroken; i++)
        {
            int region = reader.Count(regions.Length - 1), edge = reader.Count(edges.Length - 1), net = reader.Count(nets.Length - 1), reporter = reader.Count(who.Length - 1);
            PathCell cell = ReadCounts(ref reader, bins);
            if (!reader.IsBroken) sink.Take(regions[region], edges[edge], nets[net], who[reporter], cell, bins);
        }
        return !reader.IsBroken && reader.IsAtEnd;
    }

    private static void WriteCounts(ByteWriter writer, in PathCell cell, Span<ushort> bins)
    {
        writer.Number((ulong)cell.Epoch);
        foreach (long count in (ReadOnlySpan<long>)[cell.Sent16, cell.Lost16, cell.KbpsSum16, cell.KbpsCount16]) writer.Number((ulong)count);
        int used = 0;
        foreach (ushort bin in bins) used += bin > 0 ? 1 : 0;
        writer.Number((ulong)used);
        for (int b = 0; b < bins.Length; b++)
        {
            if (bins[b] == 0) continue;
            writer.Number((ulong)b);
            writer.Number(bins[b]);
        }
    }

    private static PathCell ReadCounts(ref ByteReader reader, ushort[] bins)
    {
        Array.Clear(bins);
        const long Most = long.MaxValue / 4;
        PathCell cell = new() { Epoch = reader.Count(int.MaxValue) };
        (cell.Sent16, cell.Lost16, cell.KbpsSum16) = ((long)Math.Min(reader.Number(), Most), (long)Math.Min(reader.Number(), Most), (long)Math.Min(reader.Number(), Most));
        cell.KbpsCount16 = reader.Count(int.MaxValue / 4);
        int used = reader.Count(LogBuckets.Count);
        for (int i = 0; i < used; i++)
        {
            int bucket = reader.Count(LogBuckets.Count - 1);
            bins[bucket] = (ushort)reader.Count(ushort.MaxValue);
        }
        return cell;
    }

    /// <summary>Names in order of their first use, each once.</summary>
    private sealed class NameList
    {
        private readonly Dictionary<int, int> _places = [];
        private readonly List<string> _names = [];

        public int this[int ordinal] => _places[ordinal];

        public void Add(int ordinal, string name)
        {
            if (_places.TryAdd(ordinal, _names.Count)) _names.Add(name);
        }

        public void WriteTo(ByteWriter writer)
        {
            writer.Number((ulong)_names.Count);
            foreach (string name in _names) writer.Text(name);
        }

        public static string[] Read(ref ByteReader reader)
        {
            int count = reader.Count(MostNames);
            List<string> names = [];
            for (int i = 0; i < count && !reader.IsBroken; i++) names.Add(reader.Text(LongestName));
            return reader.IsBroken ? [] : [.. names];
        }
    }
}

/// <summary>Takes cells that another book counted.</summary>
internal interface ICellSink
{
    /// <summary>Takes one.</summary>
    void Take(string region, string edge, string network, string reporter, in PathCell cell, ReadOnlySpan<ushort> bins);
}
