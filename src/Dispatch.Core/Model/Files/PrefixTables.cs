using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads the tables of address prefixes.</summary>
internal static class PrefixTables
{
    public static ImmutableArray<PrefixEntry> Read(WorldDraft draft)
    {
        ImmutableArray<PrefixEntry>.Builder entries = ImmutableArray.CreateBuilder<PrefixEntry>();
        ReadFamily(draft, "prefixes_v4.csv", isIPv6: false, entries);
        ReadFamily(draft, "prefixes_v6.csv", isIPv6: true, entries);
        return entries.DrainToImmutable();
    }

    private static void ReadFamily(WorldDraft draft, string file, bool isIPv6, ImmutableArray<PrefixEntry>.Builder entries)
    {
        if (TableReader.Open(draft.Files, file, required: false) is not { } t) return;
        Column cidr = t.Required("cidr"), region = t.Required("region_id");
        if (!t.Begin()) return;
        int estimate = t.RecordEstimate;
        Dictionary<IpPrefix, int> lines = new(estimate);
        entries.Capacity = entries.Count + estimate;
        while (t.Next())
        {
            int location = t.Text(region) is "-" ? PrefixEntry.None : draft.Regions.Find(t, region);
            if (t.IsBroken || !TryReadPrefix(t, cidr, isIPv6, out IpPrefix prefix)) continue;
            if (lines.TryAdd(prefix, t.Line)) entries.Add(new(prefix, location));
            else t.Fault(cidr, $"must be unique: line {lines[prefix]} has it too");
        }
    }

    private static bool TryReadPrefix(TableReader t, Column cidr, bool isIPv6, out IpPrefix prefix)
    {
        if (!IpPrefix.TryParse(t.Text(cidr), out prefix, out string fault))
        {
            t.Fault(cidr, fault);
            return false;
        }
        if (prefix.Address.IsIPv6 == isIPv6) return true;
        if (isIPv6) t.Warn(cidr, "is never matched: an IPv4-mapped address is looked up as the IPv4 address, in prefixes_v4.csv");
        else t.Fault(cidr, "must be an IPv4 prefix");
        return false;
    }
}
