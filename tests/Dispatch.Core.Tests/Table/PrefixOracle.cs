using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Longest match by looking at every prefix, and generators of small tables with much nesting.</summary>
internal sealed record PrefixTable(PrefixEntry[] Entries)
{
    public (int Location, int MatchedLength) Find(ClientAddress address)
    {
        (int Location, int Length) best = (PrefixEntry.None, -1);
        foreach (PrefixEntry e in Entries)
        {
            if (e.Prefix.Contains(address) && e.Prefix.Length > best.Length) best = (e.Location, e.Prefix.Length);
        }
        return best;
    }

    /// <summary>Addresses where an answer can change: first and last of every prefix, and their neighbours.</summary>
    public IEnumerable<ClientAddress> Boundaries()
    {
        foreach (PrefixEntry e in Entries)
        {
            UInt128 first = e.Prefix.Address.Bits, last = Last(e.Prefix), all = Last(new IpPrefix(e.Prefix.Address, 0));
            foreach (UInt128 bits in new[] { first, first == 0 ? all : first - 1, last, last == all ? 0 : last + 1 })
            {
                yield return new ClientAddress(bits, e.Prefix.Address.IsIPv6);
            }
        }
    }

    public static UInt128 Last(IpPrefix prefix)
    {
        UInt128 all = prefix.Address.IsIPv6 ? UInt128.MaxValue : uint.MaxValue;
        return prefix.Address.Bits | (prefix.Length == prefix.Address.Width ? 0 : all >> prefix.Length);
    }

    public override string ToString() => string.Join("; ", Entries);

    public static Arbitrary<PrefixTable> Any { get; } = Arb.From(
        from count in Gen.Choose(0, 40)
        from entries in Gen.ArrayOf(Entry, count)
        select new PrefixTable(entries.DistinctBy(e => e.Prefix).ToArray()),
        Shrink);

    /// <summary>Few distinct bit patterns, so that prefixes nest and touch; lengths favour the edges of the trie's levels.</summary>
    private static Gen<PrefixEntry> Entry { get; } =
        from isIPv6 in Gen.Elements(true, false)
        from pattern in Gen.Choose(0, 15)
        from tail in Gen.Choose(0, 7)
        from tailAt in Gen.Choose(0, 125)
        from length in isIPv6 ? Gen.Frequency((1, Gen.Choose(0, 128)), (1, Gen.Elements(0, 1, 15, 16, 17, 22, 63, 64, 65, 124, 127, 128)))
            : Gen.Frequency((1, Gen.Choose(0, 32)), (1, Gen.Elements(0, 1, 17, 18, 19, 24, 25, 30, 31, 32)))
        from location in Gen.Choose(-1, 3)
        select new PrefixEntry(Around(isIPv6, pattern, tail, tailAt, length), location);

    private static IpPrefix Around(bool isIPv6, int pattern, int tail, int tailAt, int length)
    {
        UInt128 left = (UInt128)(uint)pattern << 124 | (UInt128)(uint)tail << (isIPv6 ? tailAt : 96 + tailAt % 30);
        return IpPrefix.Around(new ClientAddress(isIPv6 ? left : left >> 96, isIPv6), length);
    }

    private static IEnumerable<PrefixTable> Shrink(PrefixTable table)
    {
        PrefixEntry[] e = table.Entries;
        if (e.Length > 3) yield return new PrefixTable(e[..(e.Length / 2)]);
        if (e.Length > 3) yield return new PrefixTable(e[(e.Length / 2)..]);
        for (int i = 0; i < e.Length; i++) yield return new PrefixTable([.. e[..i], .. e[(i + 1)..]]);
    }
}
