using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>Takes what another book has counted. Regions, edges, networks and reporters are places in the part's own lists of names.</summary>
internal interface IBookSink
{
    /// <summary>The names that the part uses, before anything else.</summary>
    void Names(string[] regions, string[] edges, string[] networks, string[] reporters);

    /// <summary>Batches and samples that counted, and when the newest was taken.</summary>
    void Head(long batches, long samples, long newestMs);

    /// <summary>Samples that were taken within a step of <see cref="SampleTimes"/>.</summary>
    void Time(long step, long samples);

    /// <summary>A path cell.</summary>
    void Cell(int region, int edge, int network, int reporter, in PathCell cell, ReadOnlySpan<ushort> bins);

    /// <summary>What an edge carried for a region.</summary>
    void Load(int region, int edge, int reporter, double mbps, long atMs);

    /// <summary>A resolver's mix.</summary>
    void Mix(ClientAddress resolver, int epoch, ReadOnlySpan<(int Region, int Units)> shares);

    /// <summary>A region's level of demand.</summary>
    void Level(int region, double peakMbps, long atMs);
}

/// <summary>Reads what <see cref="BookWriter"/> wrote, from anywhere: whatever the bytes are, figures stay within what a book can hold.</summary>
internal static class BookReader
{
    private const int LongestName = 512, MostNames = 1 << 20, MostCells = 100_000_000;
    private const long MostCount = long.MaxValue / 64;

    /// <summary>Reads a part; the sink is told everything in it.</summary>
    /// <returns>False where the bytes are no part of this format and these half-lives; what stands before the fault may have been told.</returns>
    public static bool Read(ReadOnlySpan<byte> bytes, MeasureSettings settings, IBookSink sink)
    {
        ByteReader reader = new(bytes);
        if (reader.Byte() != BookWriter.Format) return false;
        if (reader.Number() != (ulong)settings.HalfLife.TotalMilliseconds || reader.Number() != (ulong)settings.ResolverHalfLife.TotalMilliseconds) return false;
        string[] regions = Names(ref reader), edges = Names(ref reader), networks = Names(ref reader), reporters = Names(ref reader);
        if (reader.IsBroken) return false;
        sink.Names(regions, edges, networks, reporters);
        Times(ref reader, sink);
        Cells(ref reader, sink, regions.Length, edges.Length, networks.Length, reporters.Length);
        Loads(ref reader, sink, regions.Length, edges.Length, reporters.Length);
        Mixes(ref reader, sink, regions.Length);
        Levels(ref reader, sink, regions.Length);
        return !reader.IsBroken && reader.IsAtEnd;
    }

    private static string[] Names(ref ByteReader reader)
    {
        int count = reader.Count(MostNames);
        List<string> names = [];
        for (int i = 0; i < count && !reader.IsBroken; i++) names.Add(reader.Text(LongestName));
        return [.. names];
    }

    private static void Times(ref ByteReader reader, IBookSink sink)
    {
        (long batches, long samples, long newest) = (reader.Long(MostCount), reader.Long(MostCount), reader.Long(MostCount));
        if (reader.IsBroken) return;
        sink.Head(batches, samples, newest);
        int count = reader.Count(SampleTimes.Steps);
        for (int i = 0; i < count; i++)
        {
            (long step, long counted) = (reader.Long(MostCount), reader.Long(MostCount));
            if (reader.IsBroken) return;
            sink.Time(step, counted);
        }
    }

    private static void Cells(ref ByteReader reader, IBookSink sink, int regions, int edges, int networks, int reporters)
    {
        int count = reader.Count(MostCells), newest = reader.Count(int.MaxValue);
        ushort[] bins = new ushort[LogBuckets.Count];
        for (int i = 0; i < count && !reader.IsBroken; i++)
        {
            (int region, int edge, int reporter, int network) = (reader.Index(regions), reader.Index(edges), reader.Index(reporters), reader.Index(networks));
            int epoch = newest - reader.Count(newest);
            PathCell cell = Counts(ref reader, bins);
            cell.Epoch = epoch;
            if (!reader.IsBroken) sink.Cell(region, edge, network, reporter, cell, bins);
        }
    }

    private static PathCell Counts(ref ByteReader reader, ushort[] bins)
    {
        Array.Clear(bins);
        PathCell cell = new() { Sent16 = reader.Long(MostCount), Lost16 = reader.Long(MostCount), KbpsSum16 = reader.Long(MostCount), KbpsCount16 = reader.Count(int.MaxValue / 4) };
        int used = reader.Count(LogBuckets.Count);
        for (int i = 0; i < used; i++)
        {
            int bucket = reader.Count(LogBuckets.Count - 1);
            bins[bucket] = (ushort)reader.Count(ushort.MaxValue);
        }
        return cell;
    }

    private static void Loads(ref ByteReader reader, IBookSink sink, int regions, int edges, int reporters)
    {
        int count = reader.Count(MostCells);
        long newest = reader.Long(MostCount);
        for (int i = 0; i < count && !reader.IsBroken; i++)
        {
            (int region, int edge, int reporter) = (reader.Index(regions), reader.Index(edges), reader.Index(reporters));
            long at = newest - reader.Long(newest);
            double mbps = reader.Real();
            if (!reader.IsBroken && mbps >= 0) sink.Load(region, edge, reporter, mbps, at);
        }
    }

    private static void Mixes(ref ByteReader reader, IBookSink sink, int regions)
    {
        Span<(int Region, int Units)> shares = stackalloc (int, int)[ResolverMixes.Slots];
        while (reader.Byte() is > 0 and byte length)
        {
            bool isAddress = ClientAddress.TryFromBytes(reader.Bytes(length), out ClientAddress resolver);
            (int epoch, int used) = (reader.Count(int.MaxValue), reader.Count(ResolverMixes.Slots));
            for (int i = 0; i < used; i++) shares[i] = (reader.Index(regions), reader.Count(ResolverMixes.MostUnits));
            if (reader.IsBroken) return;
            if (isAddress) sink.Mix(resolver, epoch, shares[..used]);
        }
    }

    private static void Levels(ref ByteReader reader, IBookSink sink, int regions)
    {
        int count = reader.Count(MostNames);
        for (int i = 0; i < count && !reader.IsBroken; i++)
        {
            int region = reader.Index(regions);
            long at = reader.Long(MostCount);
            double peak = reader.Real();
            if (!reader.IsBroken && peak >= 0) sink.Level(region, peak, at);
        }
    }
}
