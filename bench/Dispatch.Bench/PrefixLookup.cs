using BenchmarkDotNet.Attributes;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Bench;

/// <summary>A lookup in a table of a million synthetic prefixes, at random addresses.</summary>
[MemoryDiagnoser]
public class PrefixLookup
{
    private const int Lookups = 1 << 16;
    private readonly ClientAddress[] _addresses = new ClientAddress[Lookups];
    private PrefixIndex _index = PrefixIndex.Empty;

    [Params(false, true)]
    public bool IsIPv6 { get; set; }

    [GlobalSetup]
    public void Build()
    {
        PrefixEntry[] entries = PrefixTables.Synthetic(1_000_000, IsIPv6);
        _index = PrefixIndex.Build(entries);
        Random random = new(7);
        for (int i = 0; i < Lookups; i++) _addresses[i] = PrefixTables.Inside(random, entries[random.Next(entries.Length)].Prefix);
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public long Find()
    {
        long sum = 0;
        foreach (ClientAddress address in _addresses) sum += _index.Find(address).Location;
        return sum;
    }
}
