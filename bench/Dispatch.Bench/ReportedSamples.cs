using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Bench;

/// <summary>Reports as edges do, each second on every region's nearest edges, and tells how old samples are when a table stands on them.</summary>
internal static class ReportedSamples
{
    private const int Reporters = 3, Most = 1000;

    /// <summary>Runs it.</summary>
    /// <param name="args">The service's gRPC URL, seconds, edges a region (16), then groups and edges of a made world where it is not the shipped one.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        int[] numbers = [.. args[1..].Select(static a => int.Parse(a, CultureInfo.InvariantCulture))];
        World world = numbers.Length > 2 ? MadeWorld.Create(numbers[2], numbers[3], features: false) : WorldFolder.Load(Path.Combine("data", "world"), WorldParts.Network).World!;
        (int Region, int Edge)[] paths = [.. Enumerable.Range(0, world.Regions.Length).SelectMany(r => Nearest(world, r, numbers.Length > 1 ? numbers[1] : 16).Select(e => (r, e)))];
        using GrpcChannel channel = GrpcChannel.ForAddress(args[0]);
        Protocol.V1.Status.StatusClient status = new(channel);
        AsyncClientStreamingCall<ReportBatch, ReportReply>[] calls =
            [.. Enumerable.Range(0, Reporters).Select(_ => new Telemetry.TelemetryClient(channel).Report())];
        List<(double Newest, double NewMedian, double Median)> ages = [];
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        ulong sequence = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalSeconds < numbers[0]; await second.WaitForNextTickAsync())
        {
            for (int i = 0; i < calls.Length; i++)
                foreach ((int, int)[] part in paths.Chunk(Most)) await calls[i].RequestStream.WriteAsync(Batch(world, part, i, ++sequence));
            TelemetryStatus now = (await status.GetAsync(new())).Telemetry;
            (double, double, double) age = (now.NewestAtTableSeconds, now.NewMedianAtTableSeconds, now.MedianAtTableSeconds);
            if (now.NewMedianAtTableSeconds > 0 && (ages.Count == 0 || ages[^1] != age)) ages.Add(age);
        }
        ulong accepted = 0;
        foreach (AsyncClientStreamingCall<ReportBatch, ReportReply> call in calls)
        {
            await call.RequestStream.CompleteAsync();
            accepted += (await call.ResponseAsync).Accepted;
            call.Dispose();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{paths.Length} paths of {Reporters} reporters a second, {accepted} samples taken; {ages.Count} tables; age at table, s, median and greatest: newest sample {Of(ages, static a => a.Newest)}, median of the new {Of(ages, static a => a.NewMedian)}"));
        return ages.Count > 0 ? 0 : 1;
    }

    private static string Of(List<(double Newest, double NewMedian, double Median)> ages, Func<(double Newest, double NewMedian, double Median), double> part)
    {
        double[] sorted = [.. ages.Select(part).Order()];
        return sorted.Length == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:F1} ({sorted[^1]:F1})");
    }

    private static IEnumerable<int> Nearest(World world, int region, int edges)
    {
        double[] rtt = world.Rtt.Row(region).ToArray();
        return Enumerable.Range(0, rtt.Length).OrderBy(e => rtt[e]).Take(edges);
    }

    private static ReportBatch Batch(World world, (int Region, int Edge)[] paths, int reporter, ulong sequence)
    {
        ReportBatch batch = new() { ReporterId = $"bench{reporter}", Sequence = sequence, MeasuredUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
        foreach ((int r, int e) in paths)
            batch.Paths.Add(new PathReport { RegionId = world.Regions[r].Id, EdgeId = world.Edges[e].Id, RttMs = world.Rtt.Row(r)[e] * 1.15 + 2 });
        return batch;
    }
}
