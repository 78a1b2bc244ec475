using System.Collections.Immutable;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Zones;

/// <summary>A zone that is answered for. Immutable and thread-safe.</summary>
/// <param name="Apex">Its name.</param>
/// <param name="Soa">How it starts.</param>
/// <param name="NameServers">Who answers for it.</param>
public sealed record Zone(DnsName Apex, SoaData Soa, ImmutableArray<NameData> NameServers)
{
    // Copies of the zone are not what this is for; the figures are those that RIPE-203 recommends, refreshed within a solve.
    private const uint RefreshSeconds = 300, RetrySeconds = 60, ExpireSeconds = 604_800;

    /// <summary>The zone as the rules and a table's version have it.</summary>
    public static Zone Of(DnsName apex, ZoneRules rules, TableVersion version)
    {
        ImmutableArray<NameData> servers = rules.NameServers.IsEmpty
            ? [new(Below("ns1", apex))]
            : [.. rules.NameServers.Select(static n => new NameData(n))];
        SoaData soa = new(
            servers[0].Name, rules.Contact ?? Below("hostmaster", apex), SerialOf(version), RefreshSeconds, RetrySeconds, ExpireSeconds, rules.NegativeTtlSeconds);
        return new(apex, soa, servers);
    }

    /// <summary>
    /// The serial of a table's version: epoch plus number, modulo 2^32. Epochs are seconds since 1970 and numbers count tables of an epoch, so
    /// serials grow with versions (RFC 1982) as long as an epoch has made fewer than a table a second on average when the next begins, and are
    /// the same wherever the same table is in force.
    /// </summary>
    public static uint SerialOf(TableVersion version) => unchecked((uint)(version.Epoch + version.Number));

    private static DnsName Below(string label, DnsName apex)
    {
        byte[] wire = [(byte)label.Length, .. System.Text.Encoding.ASCII.GetBytes(label), .. apex.Wire];
        // An apex that leaves no room for a label more is its own server: it cannot be one in earnest.
        return DnsName.TryFromWire(wire, out DnsName? name) ? name : apex;
    }
}
