using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Pages;
using TrafficDispatch.Service.Steering;
using TrafficDispatch.Service.Watch;
using ZoneRules = TrafficDispatch.Dns.Zones.ZoneRules;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>How questions are answered: endpoints, limits, DNS, players, followers of the table.</summary>
internal static partial class SettingCatalog
{
    private static SettingGroup Endpoints { get; } = new("Endpoints",
        "Certificates and client certificates are Kestrel's own settings (`Kestrel:Endpoints:Grpc:Certificate:Path` and its like: [TLS](../security.md#tls)); `Kestrel:Limits` is not heeded.",
    [
        Url(EndpointDefaults.Grpc, "gRPC (HTTP/2, also when only the URL is changed); port 0 lets the system choose, the log says which"),
        Url(EndpointDefaults.Http, "pages, metrics, health"),
        Url(EndpointDefaults.Admin, "[changes by people](../admin.md); beyond this machine only with TLS"),
    ]);

    private static SettingGroup Limits { get; } = Of(new OverloadSettings(), new());

    private static SettingGroup Watching { get; } = Of(new WatchSettings());

    private static SettingGroup Page { get; } = Of(new PageSettings());

    private static SettingGroup Dns { get; } = Of(ZoneRules.Default, new DnsSettings());

    private static SettingGroup Steering { get; } = Of(new SteeringSettings());

    private static Setting Url(string endpoint, string words) => Text(EndpointDefaults.UrlKey(endpoint), "http:// or https://, a local address and a port",
        EndpointDefaults.Values.First(v => v.Key == EndpointDefaults.UrlKey(endpoint)).Value ?? "", words);

    private static SettingGroup Of(OverloadSettings d, ShutdownSettings shutdown) => new("Overload and shutdown", "[What is turned away, and how](../overload.md).",
    [
        Whole("Overload:GrpcConnections", 1, 1_000_000, d.GrpcConnections, "connections to the Grpc endpoint at a time, up to 1.1 MB each; 64 more may ask for health"),
        Whole("Overload:HttpConnections", 1, 1_000_000, d.HttpConnections, "connections to the Http endpoint; 64 more may ask for health and metrics"),
        Whole("Overload:AdminConnections", 1, 1_000_000, d.AdminConnections, "connections to the Admin endpoint"),
        Whole("Overload:QueueMs", 1, 60_000, (long)d.QueueTime.TotalMilliseconds, "how long calls may wait for a processor before some are shed, milliseconds"),
        Whole("Overload:Calls", 1, 1_000_000, d.Calls, "calls under way; a sixteenth as many large ones"),
        Whole("Overload:Streams", 1, 1_000_000, d.Streams, "streams open"),
        Whole("Overload:PushbackMs", 1, 60_000, (long)d.Pushback.TotalMilliseconds, "how long callers that are turned away are asked to wait, up to twice that, milliseconds"),
        Time("Shutdown:Delay", TimeSpan.Zero, Minutes(5), shutdown.Delay, "how long the service [answers on](../overload.md#the-end) after it has said that it is not ready"),
        Time("Shutdown:Timeout", Seconds(1), Minutes(10), shutdown.Timeout, "how long connections and their calls may take to end then"),
    ]);

    private static SettingGroup Of(WatchSettings d) => new("Followers of the table", "[Clients that keep a table](../client.md) and [how they are told](watch-table.md).",
    [
        Whole("Watch:MaxStreams", 0, 10_000, d.MaxStreams, "clients that follow the table at a time"),
        Whole("Watch:KeptTables", 1, 64, d.KeptTables, "last tables kept in memory to make differences from; who is further behind gets everything anew"),
        Time("Watch:Heartbeat", Seconds(1), Minutes(1), d.Heartbeat, "how often a quiet stream says that it is alive"),
    ]);

    private static SettingGroup Of(PageSettings d) => new("The page", "[The map and what is on it](../page.md).",
    [
        Whole("Page:MaxStreams", 0, 10_000, d.MaxStreams, "pages that are kept live at a time; further ones ask every few seconds"),
        Time("Page:Heartbeat", Seconds(1), Minutes(1), d.Heartbeat, "how often a page without news hears how old the table is"),
        Whole("Page:MostFlows", 0, 20_000, d.MostFlows, "most flows that the map draws at once, the greatest first"),
        Switch("Page:OpenHere", d.OpenHere, "callers on this machine see costs and explanations without a role; `off` where others share the machine"),
    ]);

    private static SettingGroup Of(ZoneRules d, DnsSettings settings) => new("DNS servers", "[Zones and answers](../dns.md#zones), and where PowerDNS connects.",
    [
        Text("Dns:Zones", "domain names with semicolons between", "", "zones that are answered for", "by the services' hosts"),
        Text("Dns:NameServers", "domain names with semicolons between", "", "their name servers, the primary first", "`ns1` in each zone"),
        Text("Dns:Hosts", "`NAME=ADDRESS,…` with semicolons between", "", "fixed hosts, for instance `ns1.example.net=192.0.2.53,2001:db8::53`"),
        Text("Dns:Contact", "a domain name", "", "the SOA's mailbox, its @ as a dot", "`hostmaster` in each zone"),
        Time("Dns:Ttl", Seconds(1), Hours(24), Seconds((int)d.TtlSeconds), "SOA, NS and fixed hosts"),
        Time("Dns:NegativeTtl", Seconds(1), Hours(1), Seconds((int)d.NegativeTtlSeconds),
            "how long it holds that there is nothing, at most; a service's own time to live may be less"),
        Whole("Dns:Edges", 1, ZoneRules.MostEdges, d.Edges, "how many edges' endpoints an answer holds, in the order of `Resolve`"),
        Switch("Dns:Cut", settings.Cut, "answers over gRPC are cut, with TC, to the datagram size that the question names. CoreDNS does that itself, and only for UDP"),
        Text("PowerDns:Socket", "a path of at most 107 bytes, in a folder that exists", "", "unix socket of PowerDNS' remote backend"),
        Whole("PowerDns:Connections", 1, 4096, settings.Connections, "most connections on it; more are closed at once"),
    ]);

    private static SettingGroup Of(SteeringSettings d) => new("Content steering", "[HLS and DASH players](../steering.md).",
    [
        Text("Steering:BasePathway", "letters, digits, `.`, `-` and `_`", d.BasePathway, "the pathway of the playlists that edges are clones of"),
        Switch("Steering:Clones", d.Clones, "describe edges as clones; `off`: only priorities"),
        Text("Steering:Host", "a host name with `{edge}` and, if wanted, `{service}` in it", d.Host, "host name of an edge", "the edge's own endpoint"),
        Whole("Steering:Pathways", 1, 16, d.Pathways, "most pathways in an answer"),
        Switch("Steering:Keep", d.Keep, "keep a player where the plan still sends some of its group; `off`: running sessions follow every plan"),
        Number("Steering:LowMbps", 0, 100_000, d.LowMbps, "throughput below which a pathway is put last; 0 never"),
        OneOf("Steering:UnknownService", "not_found", "what players of unknown services are told: 404, or 410, which makes them stop", "not_found", "gone"),
        Text("Steering:TrustedProxies", "addresses and prefixes with commas between", "", "proxies whose `X-Forwarded-For` is believed"),
    ]);
}
