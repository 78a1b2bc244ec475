namespace TrafficDispatch.Cli.Tests;

/// <summary>Two regions, three edges, one hour like the other: small enough to solve by hand.</summary>
internal static class TinyWorld
{
    /// <summary>
    /// aa-01 asks for 10 Gbit/s, bb-01 (bound to its jurisdiction B) for 4. own-a serves 6 at 10 ms, cdn-a serves 3 at 20 ms from a;
    /// own-b serves 3 and is the only edge that b may use.
    /// </summary>
    public static string Write(TempFolder folder, bool prefixes = true)
    {
        folder.Write("regions.csv",
            "region_id,city,admin,country,iso2,continent,zone,lat,lon,timezone,utc_offset_h,jurisdiction,residency_rule,internet_users,peak_gbps,quality_factor,mobile_share,access_rtt_ms",
            "AA-01,Aa,Aa,Aaland,FR,EU,EUW,48,2,Europe/Paris,0.0,A,,1000,10,1,0.2,5",
            "BB-01,Bb,Bb,Beland,DE,EU,EUE,52,13,Europe/Berlin,0.0,B,in_jurisdiction,1000,4,1,0.2,5");
        folder.Write("edges.csv",
            "edge_id,operator,kind,site_code,city,iso2,continent,zone,lat,lon,capacity_gbps,price_model,usd_per_mbps_month,usd_per_gb,fault_domain,jurisdiction,price_source",
            "own-a,own,own,AAA,Aa,FR,EU,EUW,48,2,6,per_gb,,0.01,FR:A=B:C,A,made up",
            "cdn-a,cdn-x,cdn,AAB,Aa,FR,EU,EUW,48,2,3,per_gb,,0.02,FR:Other,A,made up",
            "own-b,own,own,BBB,Bb,DE,EU,EUE,52,13,3,per_gb,,0.01,DE:Bb,B,made up");
        folder.Write("rtt_region_edge.csv", "region_id,own-a,cdn-a,own-b", "AA-01,10,20,30", "BB-01,30,30,5");
        folder.Write("diurnal.csv", ["local_hour,fraction_of_peak", .. Enumerable.Range(0, 24).Select(static h => $"{h},1")]);
        if (prefixes) folder.Write("prefixes_v4.csv", "cidr,region_id", "10.0.0.0/8,AA-01", "10.1.0.0/16,-", "10.1.2.0/24,BB-01");
        if (prefixes) folder.Write("prefixes_v6.csv", "cidr,region_id", "2001:db8::/32,BB-01");
        return folder.Path;
    }
}
