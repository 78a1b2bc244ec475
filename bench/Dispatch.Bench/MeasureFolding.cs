using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Bench;

/// <summary>Samples that one worker folds in a second, and what they take, at shipped and at planet size.</summary>
internal static class MeasureFolding
{
    private const long Start = 1_772_618_400_000;
    private const int BatchSamples = 500, Reporters = 100;

    public static int Run(string[] args)
    {
        int samples = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4_000_000;
        WorldLoadResult shipped = WorldFolder.Load(Path.Combine("data", "world"), WorldParts.Network);
        if (!shipped.IsLoaded)
        {
            Console.Error.WriteLine("data/world cannot be read; run from the repository root");
            return 2;
        }
        Console.WriteLine("| world | paths | samples/s first | samples/s then | B a sample | cells | MB of book | facts ms | turn ms, median | 99 % | longest | of them measured |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Measure("shipped, 559 × 271", shipped.World, samples, 1_000_000);
        // Planet size in groups: 50,000 × 64 paths, one reporter each, as edges that report for themselves are.
        World planet = Planet(shipped.World, 50_000, 64);
        Measure("50,000 × 64", planet, samples, 4_000_000);
        Console.WriteLine();
        Console.WriteLine("| world | samples/s of a worker, parts written | parts | B a path | samples/s merged | longest merge ms |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        Parts("shipped, 559 × 271", shipped.World, 1_000_000);
        Parts("50,000 × 64", planet, 4_000_000);
        return 0;
    }

    private static void Measure(string name, World world, int samples, int cells)
    {
        MeasureBook book = new(world, MeasureSettings.Default with { PathCells = cells, ReporterCellPercent = 100 });
        int paths = world.Regions.Length * world.Edges.Length;
        SampleBatch[] batches = [.. Enumerable.Range(0, paths / BatchSamples).Select(i => Batch(world, i))];
        long input = GC.GetTotalMemory(forceFullCollection: true);
        double first = Round(book, batches, paths, 1, out _);
        // Eight samples a path make it believed.
        int rounds = Math.Max(8, samples / paths + 1);
        double then = Round(book, batches, (long)rounds * paths, 2, out double bytes);
        long held = GC.GetTotalMemory(forceFullCollection: true) - input;
        List<double> turns = [];
        long at = Stopwatch.GetTimestamp();
        MeasuredFacts facts = book.Facts(new Snapshot(world, 16), Start, work =>
        {
            // Collections stop whoever folds, turn or not; they are no part of how long the book is held.
            (long turn, TimeSpan paused) = (Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration());
            work();
            turns.Add((Stopwatch.GetElapsedTime(turn) - (GC.GetTotalPauseDuration() - paused)).TotalMilliseconds);
        });
        double ms = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
        turns.Sort();
        if (facts.Coverage.Paths < paths / 2) throw new InvalidOperationException($"only {facts.Coverage.Paths} of {paths} paths were measured");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {paths:N0} | {first:N0} | {then:N0} | {bytes:F2} | {book.Use().PathCells:N0} | {held / 1e6:F0} | {ms:F0} | {turns[turns.Count / 2]:F2} | {turns[(int)(turns.Count * 0.99)]:F1} | {turns[^1]:F1} | {facts.Coverage.Paths:N0} |"));
    }

    /// <summary>What a worker does with every path once: fold into a small book, write it as a part whenever it is large; then what a reader does with the parts.</summary>
    private static void Parts(string name, World world, int cells)
    {
        const int Entries = 16_384;
        int paths = world.Regions.Length * world.Edges.Length;
        SampleBatch[] batches = [.. Enumerable.Range(0, paths / BatchSamples).Select(i => Batch(world, i))];
        MeasureSettings settings = MeasureSettings.Default with { ReporterCellPercent = 100 };
        MeasureBook small = new(world, settings with { PathCells = 4 * Entries }, isForParts: true), book = new(world, settings with { PathCells = cells });
        List<byte[]> parts = [];
        long at = Stopwatch.GetTimestamp();
        for (int i = 0; i < batches.Length; i++)
        {
            if (small.Fold(batches[i], Start) != SampleFault.None) throw new InvalidOperationException("a batch was refused");
            if (small.Use().PathCells < Entries && i < batches.Length - 1) continue;
            ArrayBufferWriter<byte> part = new();
            small.WriteTo(part, BookKinds.Part);
            parts.Add(part.WrittenSpan.ToArray());
            small.Clear();
        }
        double written = Stopwatch.GetElapsedTime(at).TotalSeconds, longest = 0;
        at = Stopwatch.GetTimestamp();
        foreach (byte[] part in parts)
        {
            long began = Stopwatch.GetTimestamp();
            if (!book.Merge(part, BookKinds.Part, Start)) throw new InvalidOperationException("a part was refused");
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        double merged = Stopwatch.GetElapsedTime(at).TotalSeconds, samples = book.CountOf(SampleFault.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {samples / written:N0} | {parts.Count} | {parts.Sum(static p => p.LongLength) / samples:F1} | {samples / merged:N0} | {longest:F0} |"));
    }

    /// <summary>Folds the batches again and again, until so many samples are in.</summary>
    private static double Round(MeasureBook book, SampleBatch[] batches, long samples, ulong sequence, out double bytesPerSample)
    {
        long folded = 0, allocated = GC.GetAllocatedBytesForCurrentThread(), at = Stopwatch.GetTimestamp();
        while (folded < samples)
        {
            for (int i = 0; i < batches.Length && folded < samples; i++)
            {
                batches[i].Sequence = (sequence << 32) + (ulong)folded;
                if (book.Fold(batches[i], Start) != SampleFault.None) throw new InvalidOperationException("a batch was refused");
                folded += batches[i].Count;
            }
        }
        double seconds = Stopwatch.GetElapsedTime(at).TotalSeconds;
        bytesPerSample = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / folded;
        return folded / seconds;
    }

    private static SampleBatch Batch(World world, int index)
    {
        SampleBatch batch = new() { Reporter = $"r{index % Reporters}", MeasuredAtMs = Start };
        for (int i = 0; i < BatchSamples; i++)
        {
            int path = index * BatchSamples + i;
            (int region, int edge) = (path / world.Edges.Length, path % world.Edges.Length);
            double rtt = world.Rtt[region, edge].Value * (1.2 + path % 7 * 0.05) + 1;
            batch.Paths.Add(new PathSample { Region = world.Regions[region].Id, Edge = world.Edges[edge].Id, Network = "", RttMilliseconds = Math.Min(4000, rtt), PacketsSent = 50 });
        }
        return batch;
    }

    /// <summary>Regions and edges of the shipped world again and again, under names of their own.</summary>
    private static World Planet(World shipped, int regions, int edges)
    {
        double[] rtt = new double[regions * edges];
        for (int r = 0; r < regions; r++)
            for (int e = 0; e < edges; e++) rtt[r * edges + e] = shipped.Rtt[r % shipped.Regions.Length, e].Value;
        return new World(new WorldFacts
        {
            Version = "planet",
            Regions = [.. Enumerable.Range(0, regions).Select(r => shipped.Regions[r % shipped.Regions.Length] with { Id = $"g{r}" })],
            Edges = [.. shipped.Edges.Take(edges)],
            Rtt = new RttMatrix(regions, edges, rtt),
            Diurnal = shipped.Diurnal,
        });
    }
}
