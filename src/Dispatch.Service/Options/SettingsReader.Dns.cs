using System.Collections.Immutable;
using System.Net.Sockets;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options.Catalog;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of what DNS servers are told.</summary>
internal sealed partial class SettingsReader
{
    /// <summary>Names of the settings of a section.</summary>
    internal static IReadOnlyList<string> NamesOf(string section) => SettingCatalog.Sections[section];

    private DnsSettings Dns()
    {
        ImmutableArray<DnsName> zones = Names("Dns:Zones");
        ZoneRules rules = new()
        {
            Zones = zones,
            NameServers = Names("Dns:NameServers"),
            Hosts = FixedHosts(zones),
            Contact = Text("Dns:Contact") is { Length: > 0 } text ? NameOf("Dns:Contact", text) : null,
            TtlSeconds = Seconds("Dns:Ttl", ZoneRules.Default.TtlSeconds),
            NegativeTtlSeconds = Seconds("Dns:NegativeTtl", ZoneRules.Default.NegativeTtlSeconds),
            Edges = Whole("Dns:Edges") ?? ZoneRules.Default.Edges,
        };
        return new()
        {
            Rules = rules,
            Cut = Switch("Dns:Cut", whenAbsent: false),
            Socket = SocketPath(),
            Connections = Whole("PowerDns:Connections") ?? new DnsSettings().Connections,
        };
    }

    private ImmutableArray<DnsName> Names(string key)
    {
        ImmutableArray<DnsName>.Builder names = ImmutableArray.CreateBuilder<DnsName>();
        foreach (string part in Parts(key))
        {
            if (NameOf(key, part) is not { } name) continue;
            if (names.Contains(name)) Fault(key, part, "must not be named twice");
            else names.Add(name);
        }
        return names.DrainToImmutable();
    }

    // The text of a setting is a host name or a name of a zone: nothing that would need escapes in a zone file.
    private DnsName? NameOf(string key, string text)
    {
        bool isPlain = text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (isPlain && DnsName.TryParse(text, out DnsName? name) && !name.IsRoot) return name;
        Fault(key, text, "must be a domain name: labels of 1 to 63 letters, digits, hyphens and underscores with dots between, 253 characters in all");
        return null;
    }

    private ImmutableArray<FixedHost> FixedHosts(ImmutableArray<DnsName> zones)
    {
        const string key = "Dns:Hosts";
        List<FixedHost> hosts = [];
        foreach (string part in Parts(key))
        {
            string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length != 2)
            {
                Fault(key, part, "must be a name, an equals sign and addresses with commas between, for instance ns1.example.net=192.0.2.53,2001:db8::53");
                continue;
            }
            ImmutableArray<ClientAddress> addresses = Addresses(key, sides[1]);
            if (NameOf(key, sides[0]) is not { } name || addresses.IsEmpty) continue;
            if (hosts.Exists(h => h.Name.Equals(name))) Fault(key, sides[0], "must not be named twice");
            else if (!zones.IsEmpty && !zones.Any(name.IsWithin)) Fault(key, sides[0], "must lie in one of Dns:Zones");
            else hosts.Add(new(name, addresses));
        }
        return [.. hosts];
    }

    private ImmutableArray<ClientAddress> Addresses(string key, string text)
    {
        List<ClientAddress> addresses = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!ClientAddress.TryParse(part, out ClientAddress address)) Fault(key, part, "must be an IPv4 or IPv6 address");
            else if (!addresses.Contains(address)) addresses.Add(address);
        }
        return [.. addresses];
    }

    private uint Seconds(string key, uint whenAbsent) => (uint)Time(key, TimeSpan.FromSeconds(whenAbsent)).TotalSeconds;

    private string[] Parts(string key) => Text(key).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private string SocketPath()
    {
        const string key = "PowerDns:Socket";
        string path = FullPath(key, "");
        if (path.Length == 0) return path;
        try
        {
            _ = new UnixDomainSocketEndPoint(path);
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            Fault(key, path, "must be a path of at most 107 bytes, on a system with unix sockets");
        }
        if (!Directory.Exists(Path.GetDirectoryName(path))) Fault(key, path, "must be in a folder that exists");
        return path;
    }
}
