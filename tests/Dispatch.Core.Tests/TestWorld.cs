using System.Globalization;
using System.IO.Compression;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests;

/// <summary>
/// A small world in a folder of its own. <see cref="Small"/> is valid as it stands: three regions (Paris and Boston free, Beijing
/// bound to CN), four edges (own-par, own-bos, own-pek, cdn-par), two relays, two origins, all links, two prefixes a family, two classes with a
/// service each, endpoints, law, health and a stream. Change its files line by line, then <see cref="Load"/>.
/// </summary>
internal sealed class TestWorld : IDisposable
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private Dictionary<string, byte[]> _saved = new(StringComparer.Ordinal);

    /// <summary>The folder; it holds the files after <see cref="Save"/>.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("dispatch-world-").FullName;

    /// <summary>Names of the files, sorted.</summary>
    public IEnumerable<string> Files => _files.Keys.Order(StringComparer.Ordinal);

    /// <summary>A world without any file.</summary>
    public static TestWorld Empty() => new();

    /// <summary>
    /// The small world with every table and column there is: three nested contracts, room on all links, two peering caps, loss, and what
    /// classes and streams may say besides.
    /// </summary>
    public static TestWorld Full() => Small()
        .With("contracts.csv",
            "contract_id,parent,operator,continents,sites,edges,floor_gbps,ceiling_gbps,billing,commit_gbps,tiers",
            "own-all,,own,,,,1,14,,,",
            "own-eu,own-all,own,EU,,,,7.5,p95,2,4:0.7;6:0.9;*:1.4",
            "own-west,own-all,own,NA;AS,BOS,,0.5,,volume,0.5,0.02",
            "x-par,,cdn-x,EU,PAR,cdn-par,,5,volume,1,3:0.02;*:0.03")
        .With("link_capacity.csv",
            "kind,from,to,capacity_gbps,loss,jitter_ms",
            "edge_relay,own-par,rl-par,4,0.0001,0.2", "edge_relay,own-bos,rl-par,,0.002,4", "relay_relay,rl-pek,rl-par,2.5,0.004,9.5",
            "relay_origin,rl-par,og-par,6,,", "peering,country:US,own-bos,4,,", "peering,region:FR-01;zone:CHN,cdn-par,2,,")
        .With("loss_region_edge.csv", "region_id,own-par,own-bos,own-pek,cdn-par", "FR-01,0.1,0.35,1.07,0.13", "US-01,0.4,0.07,1.2,0.4", "CN-01,1.1,1.3,0.2,1.15")
        .With("classes.csv",
            "class_id,priority,share,latency_weight_micro_usd_per_mbps_hour_ms,max_rtt_ms,loss_weight_micro_usd_per_mbps_hour_percent,max_loss_percent,sticky_share",
            "live,1,0.25,20,150,400,1.07,0.4", "bulk,4,0.75,1,,,,")
        .With("streams.csv",
            "stream,origin_id,bitrate_mbps,variants_mbps,expires_utc",
            "news,og-par,8.5,6;1.5;1,2099-12-31T23:59:59Z", "gala,og-pek,3,,");

    /// <summary>A valid world that uses the tables of what is served, but binds nothing: no contracts, no room, no loss.</summary>
    public static TestWorld Small() => Minimal()
        .With("relays.csv",
            "relay_id,city,iso2,continent,zone,lat,lon,capacity_gbps,usd_per_gb,fault_domain,jurisdiction",
            "rl-par,Paris,FR,EU,EUW,48.86,2.35,10,0.02,FR:Paris,EU",
            "rl-pek,Beijing,CN,AS,CHN,39.9,116.4,10,0.09,CN:Beijing,CN")
        .With("origins.csv",
            "origin_id,city,iso2,continent,zone,lat,lon,capacity_gbps,fault_domain,jurisdiction",
            "og-par,Paris,FR,EU,EUW,48.86,2.35,20,FR:Paris,EU",
            "og-pek,Beijing,CN,AS,CHN,39.9,116.4,20,CN:Beijing,CN")
        .With("links_edge_relay.csv",
            "edge_id,relay_id,rtt_ms,source",
            "own-par,rl-par,1.5,measured", "own-bos,rl-par,75,model", "own-pek,rl-pek,2,model", "cdn-par,rl-par,1.5,model")
        .With("links_relay_relay.csv", "relay_a,relay_b,rtt_ms,source", "rl-par,rl-pek,150,model")
        .With("links_relay_origin.csv",
            "relay_id,origin_id,rtt_ms,source", "rl-par,og-par,1,model", "rl-par,og-pek,150,model", "rl-pek,og-par,150,model", "rl-pek,og-pek,1,model")
        .With("prefixes_v4.csv", "cidr,region_id", "192.0.2.0/24,FR-01", "192.0.2.128/25,-")
        .With("prefixes_v6.csv", "cidr,region_id", "2001:db8::/32,US-01", "2001:db8:1::/48,CN-01")
        .With("classes.csv",
            "class_id,priority,share,latency_weight_micro_usd_per_mbps_hour_ms,max_rtt_ms", "live,1,0.25,20,150", "bulk,4,0.75,1,")
        .With("services.csv",
            "service_id,class,hostnames,operators,edges,ttl_s,class_share,over_capacity,all_down,fallback_host",
            "live,live,live.example.net;tv.example.net,own,,20,1,spill,last_good,",
            "bulk,bulk,get.example.net,,,300,1,shed,fallback,origin.example.net")
        .With("endpoints.csv",
            "node_id,service,type,value",
            "own-par,live,A,198.18.0.1", "own-par,live,AAAA,2001:db8::1", "cdn-par,bulk,CNAME,par.cdn.example.net", "rl-par,live,A,198.18.1.1")
        .With("health.csv", "kind,id,state,factor", "edge,own-bos,up,0.5", "domain,FR:Paris,up,1")
        .With("allowed.csv", "jurisdiction,hop,allowed", "CN,edge,CN", "CN,relay,CN", "CN,origin,CN")
        .With("streams.csv", "stream,origin_id,bitrate_mbps", "news,og-par,8.5");

    /// <summary>A valid world of the required tables only.</summary>
    public static TestWorld Minimal() => Empty()
        .With("regions.csv",
            "region_id,city,admin,country,iso2,continent,zone,lat,lon,timezone,utc_offset_h,jurisdiction,residency_rule,peak_gbps",
            "FR-01,Paris,,France,FR,EU,EUW,48.86,2.35,Europe/Paris,1.0,EU,,10",
            "US-01,Boston,,United States,US,NA,NAE,42.36,-71.06,America/New_York,-5.0,US,,6.5",
            "CN-01,Beijing,,China,CN,AS,CHN,39.9,116.4,Asia/Shanghai,8.0,CN,in_jurisdiction,4")
        .With("edges.csv",
            "edge_id,operator,kind,site_code,city,iso2,continent,zone,lat,lon,capacity_gbps,price_model,usd_per_mbps_month,usd_per_gb,fault_domain,jurisdiction,price_source",
            "own-par,own,own,PAR,Paris,FR,EU,EUW,49,2.5,8,per_mbps_month,0.7,0.0048,FR:Paris,EU,test",
            "own-bos,own,own,BOS,Boston,US,NA,NAE,42.4,-71,5,per_mbps_month,0.6,0.0041,US:Boston,US,test",
            "own-pek,own,own,PEK,Beijing,CN,AS,CHN,40.1,116.6,3,per_mbps_month,1.0,0.007,CN:Beijing,CN,test",
            "cdn-par,cdn-x,cdn,PAR,Paris,FR,EU,EUW,49,2.5,6,per_gb,,0.02,FR:Paris,EU,\"list, test\"")
        .With("rtt_region_edge.csv",
            "region_id,own-par,own-bos,own-pek,cdn-par",
            "FR-01,8.5,90,210,9.5", "US-01,92,7,230,93", "CN-01,215,235,11,216")
        .With("diurnal.csv", ["local_hour,fraction_of_peak", .. Enumerable.Range(0, 24).Select(static h => h is >= 19 and <= 21 ? $"{h},1" : $"{h},0.5")]);

    /// <summary>Replaces or adds a file.</summary>
    public TestWorld With(string file, params string[] lines) => With(file, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    /// <summary>Replaces or adds a file by its bytes.</summary>
    public TestWorld With(string file, byte[] bytes)
    {
        _files[file] = bytes;
        return this;
    }

    /// <summary>Takes a file away.</summary>
    public TestWorld Without(string file)
    {
        Assert.True(_files.Remove(file), $"there is no {file}");
        return this;
    }

    /// <summary>Replaces a text, which must occur exactly once, in a file.</summary>
    public TestWorld Change(string file, string from, string to)
    {
        string text = Text(file);
        int at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0 && text.IndexOf(from, at + 1, StringComparison.Ordinal) < 0, $"'{from}' must occur once in {file}");
        return With(file, Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
    }

    /// <summary>Adds lines to a file.</summary>
    public TestWorld Add(string file, params string[] lines) =>
        With(file, Encoding.UTF8.GetBytes(Text(file) + string.Join('\n', lines) + "\n"));

    /// <summary>Adds a region with its row of the matrix; round trips are in the order of the matrix's columns.</summary>
    public TestWorld AddRegion(string id, double peakGbps, double[] rttMs, string jurisdiction = "US", bool bound = false)
    {
        string rule = bound ? "in_jurisdiction" : "";
        string peak = peakGbps.ToString(CultureInfo.InvariantCulture);
        return Add("regions.csv", $"{id},Town,,Country,US,NA,NAE,40,-75,America/New_York,-5,{jurisdiction},{rule},{peak}")
            .Add("rtt_region_edge.csv", id + "," + string.Join(',', rttMs.Select(static r => r.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>Packs a file.</summary>
    public TestWorld Gzip(string file)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(_files[file]);
        _files.Remove(file);
        return With(file + ".gz", packed.ToArray());
    }

    /// <summary>A file's text.</summary>
    public string Text(string file) => Encoding.UTF8.GetString(_files[file]);

    /// <summary>A file's bytes.</summary>
    public byte[] Bytes(string file) => _files[file];

    /// <summary>Writes the files.</summary>
    public TestWorld Save()
    {
        foreach (string old in _saved.Keys.Except(_files.Keys)) File.Delete(Path.Combine(Directory, old));
        foreach ((string name, byte[] bytes) in _files)
            if (!ReferenceEquals(_saved.GetValueOrDefault(name), bytes)) File.WriteAllBytes(Path.Combine(Directory, name), bytes);
        _saved = new(_files, StringComparer.Ordinal);
        return this;
    }

    /// <summary>Writes the files and loads them.</summary>
    public WorldLoadResult Load(WorldParts parts = WorldParts.All) => WorldFolder.Load(Save().Directory, parts);

    /// <summary>Writes the files and loads them; there must be no fault.</summary>
    public World Build()
    {
        WorldLoadResult result = Load();
        Assert.True(result.IsLoaded, string.Join('\n', result.Faults));
        return result.World;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
