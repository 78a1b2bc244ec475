using BenchmarkDotNet.Attributes;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Bench;

/// <summary>The table of the shipped world: a prefix lookup, and a whole decision (prefix, entry, stable choice, three edges), at random IPv4 addresses.</summary>
[MemoryDiagnoser]
public class ShippedDecision
{
    private const int Requests = 1 << 14;
    private readonly ClientAddress[] _addresses = new ClientAddress[Requests];
    private readonly EdgeShare[] _ranked = new EdgeShare[3];
    private RoutingTable _table = null!;

    /// <summary>The world's folder; the environment's DISPATCH_WORLD, else data/world below the current folder.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("DISPATCH_WORLD") ?? Path.GetFullPath(Path.Combine("data", "world"));

    [GlobalSetup]
    public void Build()
    {
        WorldLoadResult loaded = WorldFolder.Load(Folder);
        World world = loaded.World ?? throw new InvalidOperationException(string.Join('\n', loaded.Faults));
        Assignment assignment = DispatchSolver.Solve(new Snapshot(world, Snapshot.DefaultUtcHour)).Assignment!;
        PrefixIndex prefixes = PrefixIndex.Build(world.Facts.Prefixes.AsSpan());
        TableContent content = TableBuilder.Build(assignment, prefixes, TableBuilder.RegionLocations(world));
        _table = RoutingTable.Create(content, new TableVersion(1, 1), DateTimeOffset.UnixEpoch);
        Random random = new(11);
        for (int i = 0; i < Requests; i++) _addresses[i] = PrefixTables.Random(random, isIPv6: false);
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public long Lookup()
    {
        long sum = 0;
        foreach (ClientAddress address in _addresses) sum += _table.Content.Prefixes.Find(address).Location;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public long Decide()
    {
        long sum = 0;
        foreach (ClientAddress address in _addresses) sum += _table.Decide(DecisionRequest.ForAddress(0, address), _ranked).Count;
        return sum;
    }
}
