using System.Collections.Immutable;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Zones;

/// <summary>What is known of one name.</summary>
/// <param name="Zone">Ordinal of the zone that it lies in.</param>
/// <param name="Service">Ordinal of the service that answers under it; −1 for none.</param>
/// <param name="Addresses">Its fixed addresses.</param>
public sealed record NameEntry(int Zone, int Service, ImmutableArray<AddressData> Addresses);

/// <summary>
/// The names of one table's zones. A name between a zone's apex and a name in it exists, too, though there is nothing there (RFC 8020).
/// Immutable and thread-safe.
/// </summary>
public sealed class ZoneNames
{
    private readonly Dictionary<DnsName, NameEntry> _entries = new(NameComparer.Instance);
    private readonly Dictionary<DnsName, NameEntry>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    /// <summary>Lays the names out. O(names of services, nodes and rules).</summary>
    public ZoneNames(RoutingTable table, ZoneRules rules)
    {
        TableContent content = table.Content;
        ImmutableArray<(DnsName Name, int Service)> hosts = [.. Hosts(content)];
        ImmutableArray<DnsName> apexes = rules.Zones.IsEmpty ? Derive(hosts.Select(static h => h.Name)) : rules.Zones;
        Zones = [.. apexes.Select(a => Zone.Of(a, rules, table.Version))];
        _byBytes = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int z = 0; z < Zones.Length; z++) _entries[Zones[z].Apex] = new(z, -1, []);
        for (int z = 0; z < Zones.Length; z++) AddBetween(Zones[z].Apex.Parent());
        // The first service that has a host answers for it, as in RoutingTable.ServiceOrdinalOfHost.
        OutsideHosts = [.. hosts.Where(h => !TryAdd(h.Name, e => e.Service >= 0 ? e : e with { Service = h.Service })).Select(static h => h.Name)];
        OutsideHosts = OutsideHosts.AddRange(
            rules.Hosts.Where(h => !TryAdd(h.Name, e => e with { Addresses = [.. h.Addresses.Select(static a => new AddressData(a))] })).Select(static h => h.Name));
        foreach (NameData server in Zones.SelectMany(static z => z.NameServers)) TryAdd(server.Name, static e => e);
        EmptyTargets = [.. Targets(content).Distinct().Where(IsEmptyHere)];
        foreach (DnsName target in EmptyTargets) TryAdd(target, static e => e);
    }

    /// <summary>The zones.</summary>
    public ImmutableArray<Zone> Zones { get; }

    /// <summary>Host names of services, and fixed hosts, that lie in no zone: questions for them are refused.</summary>
    public ImmutableArray<DnsName> OutsideHosts { get; }

    /// <summary>
    /// Names that answers lead to (endpoints and fallback hosts) which lie in a zone and have nothing there. They count as names without
    /// records; clients that are led to them find nothing until they get fixed addresses or a narrower choice of zones leaves them to others.
    /// </summary>
    public ImmutableArray<DnsName> EmptyTargets { get; }

    /// <summary>Every name and what is known of it, zones first.</summary>
    public IEnumerable<KeyValuePair<DnsName, NameEntry>> All => _entries;

    /// <summary>
    /// Zones for host names: the name above each host, or the host itself where only a top-level domain would be left, without those that lie in
    /// another. In the order of their text, so that they are the same everywhere.
    /// </summary>
    public static ImmutableArray<DnsName> Derive(IEnumerable<DnsName> hosts)
    {
        List<DnsName> zones = [];
        foreach (DnsName above in hosts.Select(Above).OrderBy(static n => n.Wire.Length).ThenBy(static n => n.ToString(), StringComparer.OrdinalIgnoreCase))
            if (!zones.Exists(above.IsWithin)) zones.Add(above);
        return [.. zones];
    }

    /// <summary>What is known of a name.</summary>
    /// <param name="wire">The name in wire form.</param>
    /// <param name="zone">Ordinal of the zone that it lies in; −1 where it is in none.</param>
    /// <returns>Null where it does not exist, in a zone or in none.</returns>
    public NameEntry? Find(ReadOnlySpan<byte> wire, out int zone)
    {
        if (_byBytes.TryGetValue(wire, out NameEntry? found))
        {
            zone = found.Zone;
            return found;
        }
        zone = -1;
        // The nearest name above that exists lies in the same zone: a cut between the two would be a name of its own.
        for (int at = 0; zone < 0 && wire[at] != 0;)
        {
            at += wire[at] + 1;
            if (_byBytes.TryGetValue(wire[at..], out NameEntry? above)) zone = above.Zone;
        }
        return null;
    }

    private static DnsName Above(DnsName host)
    {
        DnsName above = host.Parent();
        return above.IsRoot || above.Parent().IsRoot ? host : above;
    }

    // The table's own check lets host names pass that are no names, for instance longer than 253 characters: they have no place in the DNS.
    private static IEnumerable<(DnsName Name, int Service)> Hosts(TableContent content)
    {
        for (int s = 0; s < content.Services.Length; s++)
            foreach (string host in content.Services[s].Hostnames)
                if (DnsName.TryParse(host, out DnsName? name)) yield return (name, s);
    }

    private static IEnumerable<DnsName> Targets(TableContent content) =>
        content.Endpoints.Endpoint.Where(static e => e.Type == EndpointType.Cname).Select(static e => e.Value)
            .Concat(content.Services.Select(static s => s.FallbackHost ?? ""))
            .Select(static t => DnsName.TryParse(t, out DnsName? name) ? name : DnsName.Root)
            .Where(static t => !t.IsRoot);

    private bool IsEmptyHere(DnsName target) =>
        Find(target.Wire, out int zone) is { } entry ? entry.Service < 0 && entry.Addresses.IsEmpty : zone >= 0;

    private bool TryAdd(DnsName name, Func<NameEntry, NameEntry> change)
    {
        NameEntry? known = Find(name.Wire, out int zone);
        if (zone < 0) return false;
        _entries[name] = change(known ?? new(zone, -1, []));
        AddBetween(name.Parent());
        return true;
    }

    /// <summary>Adds the names from here up to the next that is known, where that lies in a zone.</summary>
    private void AddBetween(DnsName name)
    {
        for (; Find(name.Wire, out int zone) is null && zone >= 0; name = name.Parent()) _entries[name] = new(zone, -1, []);
    }
}
