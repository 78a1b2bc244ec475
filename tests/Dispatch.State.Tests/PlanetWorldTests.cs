using System.Diagnostics;
using TrafficDispatch.Model;
using TrafficDispatch.State.Redis;
using Xunit.Abstractions;

namespace TrafficDispatch.State.Tests;

/// <summary>A world of planet size through Redis: that it fits, and what memory it takes on the way. A smaller one unless long tests are asked for.</summary>
[Collection(AloneCollection.Name)]
public sealed class PlanetWorldTests(ITestOutputHelper log)
{
    private const int MostBatchBytes = 48 << 20;

    private static bool IsLong => Environment.GetEnvironmentVariable("DISPATCH_LONG_TESTS") == "1";

    [Fact]
    public async Task WriteAndRead_PlanetWorld_TakesTheWorldAndAFewBatches()
    {
        (int regions, int edges) = IsLong ? (16_667, 2_000) : (3_000, 400);
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisState state = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        World world = Planet(regions, edges);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long started = Stopwatch.GetTimestamp();
        WorldWriting written = await state.Worlds.WriteAsync(world, null, default);
        log.WriteLine($"written in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms: {written.BytesMoved} bytes; {written.Refusal} {string.Join(' ', written.Faults)}");
        foreach (TableStamp table in written.Stamp!.Tables) log.WriteLine($"{table.Name} {table.Rows} rows {table.Bytes} bytes");
        started = Stopwatch.GetTimestamp();
        WorldReading read = await state.Worlds.ReadAsync(default);
        log.WriteLine($"read in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        log.WriteLine(RedisConsole.Run(server, "INFO", "memory").Split('\n').First(static l => l.StartsWith("used_memory_human", StringComparison.Ordinal)));
        Assert.True(WorldComparison.AreSame(world, read.World!));
        long after = GC.GetTotalMemory(forceFullCollection: true), itself = 8L * regions * edges * 2;
        log.WriteLine($"the world read takes {(after - before) >> 20} MB; its matrices {itself >> 20} MB; peak working set {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        Assert.InRange(after - before, itself, itself + MostBatchBytes);
        GC.KeepAlive(world);
        GC.KeepAlive(read);
    }

    private static World Planet(int regions, int edges)
    {
        Random random = new(20261121);
        Place At(int i) => new($"Town {i}", "AA", "EU", $"Z{i % 40}", new(random.Next(-80, 80), random.Next(-170, 170)));
        double[] rtt = new double[regions * edges], loss = new double[regions * edges];
        for (int i = 0; i < rtt.Length; i++) (rtt[i], loss[i]) = (random.Next(5, 3000) / 10.0, random.Next(0, 200) / 100.0 / 100.0);
        return new(new WorldFacts
        {
            Version = "planet",
            Regions = [.. Enumerable.Range(0, regions).Select(i => new ClientRegion($"R-{i:D5}", At(i), "Country", 1.5, $"J{i % 60}", false, new(random.Next(1, 900) / 10.0)))],
            Edges = [.. Enumerable.Range(0, edges).Select(i => new Edge($"edge-{i:D4}", $"op-{i % 12}", i % 3 == 0, "ABC", At(i), new(random.Next(1, 9000)), new(PriceModel.PerGb, random.Next(1, 90) / 1000.0, 0), $"AA:Town {i}", $"J{i % 60}"))],
            Relays = [.. Enumerable.Range(0, 200).Select(i => new Relay($"relay-{i:D3}", At(i), new(500), 0.01, $"AA:Town {i}", $"J{i % 60}"))],
            EdgeRelayLinks = [.. Enumerable.Range(0, edges * 6).Select(i => new Link(i % edges, i * 7 % 200, new(random.Next(1, 90)), true))],
            RelayRelayLinks = [.. Enumerable.Range(0, 19_900).Select(i => new Link(i % 200, i / 200, new(random.Next(1, 250)), false))],
            Rtt = new RttMatrix(regions, edges, rtt),
            Loss = new LossMatrix(regions, edges, loss),
            Diurnal = DiurnalCurve.Flat,
        });
    }
}
