using System.Buffers;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>
/// Writes what one book has counted for another: names instead of ordinals, each once, only buckets in use, epochs and times as what they are
/// before the newest. Sections stand in a fixed order; those that are not wanted are empty. For one part.
/// </summary>
internal sealed class BookWriter(World world, NameTable networks, ReporterTable reporters)
{
    /// <summary>The format's number; 1 carried paths alone.</summary>
    public const byte Format = 2;

    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly NameList _regions = new(), _edges = new(), _networks = new(), _reporters = new();

    /// <summary>Puts the parts together: format, half-lives, names, body.</summary>
    public void Finish(IBufferWriter<byte> output, MeasureSettings settings)
    {
        ByteWriter writer = new(output);
        writer.Byte(Format);
        writer.Number((ulong)settings.HalfLife.TotalMilliseconds);
        writer.Number((ulong)settings.ResolverHalfLife.TotalMilliseconds);
        foreach (NameList list in (ReadOnlySpan<NameList>)[_regions, _edges, _networks, _reporters]) list.WriteTo(writer);
        output.Write(_body.WrittenSpan);
    }

    /// <summary>How many batches and samples counted, and when they were taken.</summary>
    public void Times(long batches, long samples, long newestMs, SampleTimes times)
    {
        ByteWriter writer = new(_body);
        foreach (long number in (ReadOnlySpan<long>)[batches, samples, newestMs]) writer.Number((ulong)number);
        times.WriteTo(writer);
    }

    /// <summary>The path cells, or none.</summary>
    public void Cells(PathCells? cells)
    {
        ByteWriter writer = new(_body);
        int count = cells?.Count ?? 0, newest = 0;
        for (int i = 0; i < count; i++) newest = Math.Max(newest, cells![i].Epoch);
        writer.Number((ulong)count);
        writer.Number((ulong)newest);
        for (int i = 0; i < count; i++)
        {
            ref PathCell cell = ref cells![i];
            PathKey key = cell.Key;
            Path(writer, key.Region, key.Edge, key.Reporter);
            writer.Number((ulong)_networks.Add(key.Network, networks.Name(key.Network)));
            writer.Number((ulong)(newest - cell.Epoch));
            Counts(writer, cell, cells.Bins(i));
        }
    }

    /// <summary>The loads, or none.</summary>
    public void Loads(IReadOnlyCollection<KeyValuePair<ulong, DemandBook.Load>> loads)
    {
        ByteWriter writer = new(_body);
        long newest = 0;
        foreach ((_, DemandBook.Load load) in loads) newest = Math.Max(newest, load.AtMs);
        writer.Number((ulong)loads.Count);
        writer.Number((ulong)newest);
        foreach ((ulong packed, DemandBook.Load load) in loads)
        {
            PathKey key = new(packed);
            Path(writer, key.Region, key.Edge, key.Reporter);
            writer.Number((ulong)(newest - load.AtMs));
            writer.Real(load.Mbps);
        }
    }

    /// <summary>One resolver's mix; <see cref="EndOfMixes"/> stands after the last.</summary>
    public void Mix(ClientAddress resolver, int epoch, ReadOnlySpan<(int Region, int Units)> shares)
    {
        ByteWriter writer = new(_body);
        Span<byte> bytes = stackalloc byte[16];
        int length = resolver.Width / 8, used = 0;
        for (int i = 0; i < length; i++) bytes[i] = (byte)(resolver.Bits >> (8 * (length - 1 - i)) & byte.MaxValue);
        foreach ((_, int units) in shares) used += units > 0 ? 1 : 0;
        if (used == 0) return;
        writer.Byte((byte)length);
        writer.Bytes(bytes[..length]);
        writer.Number((ulong)epoch);
        writer.Number((ulong)used);
        foreach ((int region, int units) in shares)
        {
            if (units == 0) continue;
            writer.Number((ulong)_regions.Add(region, world.Regions[region].Id));
            writer.Number((ulong)units);
        }
    }

    /// <summary>Ends the mixes.</summary>
    public void EndOfMixes() => new ByteWriter(_body).Byte(0);

    /// <summary>The levels of demand, or none.</summary>
    public void Levels(IReadOnlyCollection<KeyValuePair<int, DemandBook.Level>> levels)
    {
        ByteWriter writer = new(_body);
        writer.Number((ulong)levels.Count);
        foreach ((int region, DemandBook.Level level) in levels)
        {
            writer.Number((ulong)_regions.Add(region, world.Regions[region].Id));
            writer.Number((ulong)level.AtMs);
            writer.Real(level.PeakMbps);
        }
    }

    private void Path(ByteWriter writer, int region, int edge, int reporter)
    {
        writer.Number((ulong)_regions.Add(region, world.Regions[region].Id));
        writer.Number((ulong)_edges.Add(edge, world.Edges[edge].Id));
        writer.Number((ulong)_reporters.Add(reporter, reporters.Name(reporter)));
    }

    private static void Counts(ByteWriter writer, in PathCell cell, Span<ushort> bins)
    {
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

    /// <summary>Names in order of their first use, each once.</summary>
    private sealed class NameList
    {
        private readonly Dictionary<int, int> _places = [];
        private readonly List<string> _names = [];

        public int Add(int ordinal, string name)
        {
            if (_places.TryGetValue(ordinal, out int place)) return place;
            _places.Add(ordinal, place = _names.Count);
            _names.Add(name);
            return place;
        }

        public void WriteTo(ByteWriter writer)
        {
            writer.Number((ulong)_names.Count);
            foreach (string name in _names) writer.Text(name);
        }
    }
}
