using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Steering;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of content steering.</summary>
internal sealed partial class SettingsReader
{
    private SteeringSettings Steering()
    {
        SteeringSettings d = new();
        string pathway = Text("Steering:BasePathway"), host = Text("Steering:Host"), unknown = Text("Steering:UnknownService");
        if (pathway.Length > 0 && !PathwayIds.IsValid(pathway)) Fault("Steering:BasePathway", pathway, "must be letters, digits, '.', '-' and '_'");
        bool namesAHost = Uri.CheckHostName(host.Replace("{edge}", "edge", StringComparison.Ordinal).Replace("{service}", "service", StringComparison.Ordinal)) == UriHostNameType.Dns;
        if (host.Length > 0 && !(namesAHost && host.Contains("{edge}", StringComparison.Ordinal)))
            Fault("Steering:Host", host, "must be a host name with {edge} in it, for instance {edge}.cdn.example.net");
        if (unknown is not ("" or "not_found" or "gone")) Fault("Steering:UnknownService", unknown, "must be not_found or gone");
        return new()
        {
            BasePathway = pathway.Length > 0 ? pathway : d.BasePathway,
            Clones = Switch("Steering:Clones", whenAbsent: d.Clones),
            Host = host,
            Pathways = Whole("Steering:Pathways") ?? d.Pathways,
            Keep = Switch("Steering:Keep", whenAbsent: d.Keep),
            LowMbps = Number("Steering:LowMbps", d.LowMbps),
            UnknownIsGone = unknown == "gone",
            TrustedProxies = TrustedProxies(),
        };
    }

    private ImmutableArray<IpPrefix> TrustedProxies()
    {
        List<IpPrefix> proxies = [];
        foreach (string part in Text("Steering:TrustedProxies").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string text = part.Contains('/', StringComparison.Ordinal) ? part : part + (part.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
            if (IpPrefix.TryParse(text, out IpPrefix prefix, out string fault)) proxies.Add(prefix);
            else Fault("Steering:TrustedProxies", part, $"must be addresses and prefixes with commas between: {fault}");
        }
        return [.. proxies];
    }
}
