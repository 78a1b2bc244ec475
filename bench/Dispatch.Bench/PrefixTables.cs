using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Bench;

/// <summary>Tables and addresses to look up, by seed.</summary>
internal static class PrefixTables
{
    /// <summary>Every network of a database as a prefix of its own, nothing merged; location = ordinal of its record.</summary>
    public static PrefixEntry[] Unmerged(MmdbReader database)
    {
        Dictionary<int, int> ordinals = [];
        List<PrefixEntry> entries = [];
        foreach (MmdbNetwork network in database.Networks())
        {
            if (!ordinals.TryGetValue(network.DataOffset, out int ordinal)) ordinals.Add(network.DataOffset, ordinal = ordinals.Count);
            entries.Add(new PrefixEntry(network.Prefix, ordinal));
        }
        return [.. entries];
    }

    /// <summary>Nested prefixes with the lengths of a real table, for runs without a database.</summary>
    public static PrefixEntry[] Synthetic(int count, bool isIPv6)
    {
        Random random = new(42);
        HashSet<IpPrefix> seen = [];
        while (seen.Count < count)
        {
            int length = isIPv6 ? random.Next(24, 57) : Math.Min(32, 12 + random.Next(13) + (random.Next(4) == 0 ? random.Next(8) : 0));
            seen.Add(IpPrefix.Around(Random(random, isIPv6), length));
        }
        return [.. seen.Select((p, i) => new PrefixEntry(p, i % 5000))];
    }

    /// <summary>Uniformly random: all of IPv4, or all of 2000::/3.</summary>
    public static ClientAddress Random(Random random, bool isIPv6)
    {
        if (!isIPv6) return ClientAddress.FromV4((uint)random.NextInt64(1L << 32));
        UInt128 bits = (UInt128)(ulong)random.NextInt64() << 66 | (UInt128)(ulong)random.NextInt64() << 3 | (uint)random.Next(8);
        return new ClientAddress(bits >> 3 | (UInt128)1 << 125, true);
    }

    /// <summary>A random address of a prefix.</summary>
    public static ClientAddress Inside(Random random, IpPrefix prefix)
    {
        ClientAddress any = Random(random, prefix.Address.IsIPv6);
        UInt128 host = prefix.Length == prefix.Address.Width ? 0 : UInt128.MaxValue >> (128 - prefix.Address.Width + prefix.Length);
        return prefix.Address with { Bits = prefix.Address.Bits | (any.Bits & host) };
    }
}
