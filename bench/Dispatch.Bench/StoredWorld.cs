using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Bench;

/// <summary>Writes a made world to Redis for services to solve: what a feed does, at any size.</summary>
internal static class StoredWorld
{
    private const uint First = 1u << 24;

    /// <summary>Writes it and tells what moved. Another run is the same world with 2 % less capacity at every tenth edge, so that a new table comes of it.</summary>
    /// <param name="args">Redis as the service takes it, groups, edges, prefixes of 24 bits (at most 14 million), run from 0.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        int[] sizes = [.. args[1..].Select(static a => int.Parse(a, CultureInfo.InvariantCulture))];
        (int groups, int edges, int prefixes, int run) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        if (!RedisConfiguration.TryParse(args[0], null, null, out RedisSettings? settings, out ImmutableArray<string> faults))
            throw new ArgumentException(string.Join(' ', faults), nameof(args));
        World made = MadeWorld.Create(groups, edges, features: false);
        World world = new(made.Facts with
        {
            Version = string.Create(CultureInfo.InvariantCulture, $"made-{run}"),
            Edges = [.. made.Edges.Select((e, i) => i % 10 == run % 10 ? e with { Capacity = new(e.Capacity.Value * 0.98) } : e)],
            Prefixes = [.. Enumerable.Range(0, prefixes).Select(p => new PrefixEntry(PrefixOf(p), (int)(p / 4 * 7919L % made.Regions.Length)))],
        });
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        long started = Stopwatch.GetTimestamp();
        WorldWriting written = await state.Worlds.WriteAsync(world, null, default);
        if (written.Stamp is null) throw new InvalidDataException($"{written.Refusal} {string.Join(' ', written.Faults.Take(3))}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{world.Regions.Length} regions, {edges} edges, {prefixes} prefixes: {written.BytesMoved} of {written.Stamp.Bytes} B moved in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms"));
        return 0;
    }

    private static IpPrefix PrefixOf(int ordinal) => IpPrefix.Around(ClientAddress.FromV4(First + ((uint)ordinal << 8)), 24);
}
