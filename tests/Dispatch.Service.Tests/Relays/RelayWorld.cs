namespace TrafficDispatch.Service.Tests.Relays;

/// <summary>
/// The small world with four European relays, each in its own fault domain and linked to all European and American edges, to both origins and to each
/// other; so that every edge has three disjoint paths to the stream <c>news</c> at og-par, the nearest over rl-par.
/// </summary>
internal static class RelayWorld
{
    public static readonly string[] Relays = ["rl-par", "rl-ams", "rl-lon", "rl-mad"];
    private static readonly string[] Edges = ["own-par", "own-bos", "cdn-par"];

    public static TestWorld Create() => TestWorld.Small()
        .With("relays.csv",
            "relay_id,city,iso2,continent,zone,lat,lon,capacity_gbps,usd_per_gb,fault_domain,jurisdiction",
            "rl-par,Paris,FR,EU,EUW,48.86,2.35,10,0.02,FR:Relay,EU", "rl-ams,Amsterdam,NL,EU,EUW,52.37,4.9,10,0.02,NL:Amsterdam,EU",
            "rl-lon,London,GB,EU,EUW,51.5,-0.12,10,0.02,GB:London,EU", "rl-mad,Madrid,ES,EU,EUW,40.4,-3.7,10,0.02,ES:Madrid,EU",
            "rl-pek,Beijing,CN,AS,CHN,39.9,116.4,10,0.09,CN:Beijing,CN")
        .With("endpoints.csv",
            "node_id,service,type,value", "own-par,live,A,198.18.0.1", "own-bos,live,A,198.18.0.2", "cdn-par,live,CNAME,par.cdn.example.net",
            "cdn-par,bulk,CNAME,par.bulk.example.net", "rl-par,live,AAAA,2001:db8::7", "rl-par,live,A,198.18.1.1", "rl-ams,live,A,198.18.1.2",
            "rl-lon,live,AAAA,2001:db8::9", "og-par,live,A,198.18.2.1", "og-pek,live,A,198.18.2.2")
        .With("links_edge_relay.csv",
            ["edge_id,relay_id,rtt_ms,source", "own-pek,rl-pek,2,model", .. Edges.SelectMany(static (e, i) => Relays.Select((r, j) => Invariant($"{e},{r},{2 + 40 * (i % 2) + 3 * j},model")))])
        .With("links_relay_relay.csv", "relay_a,relay_b,rtt_ms,source", "rl-pek,rl-par,150,model", "rl-par,rl-ams,9,model", "rl-par,rl-lon,8,model", "rl-par,rl-mad,20,model", "rl-ams,rl-lon,7,model")
        .With("links_relay_origin.csv",
            ["relay_id,origin_id,rtt_ms,source", "rl-pek,og-par,150,model", "rl-pek,og-pek,1,model", .. Relays.SelectMany(static (r, j) => (string[])[Invariant($"{r},og-par,{1 + 4 * j},model"), $"{r},og-pek,150,model"])]);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
