using System.Globalization;

namespace TrafficDispatch.Cli.Tests.Oracle;

/// <summary>Small worlds by seed: ties, figures half way between two units, empty regions and edges, bound regions, odd time zones.</summary>
internal static class RandomWorld
{
    private static readonly string[] Zones = ["EUW", "EUE", "NAE"];
    private static readonly string[] Laws = ["EU", "CN", "RU"];
    private static readonly double[] Offsets = [-11, -9.5, -3.5, 0, 5.75, 8, 13.75, 14];

    /// <summary>Writes the tables.</summary>
    public static void Write(TempFolder folder, Random random)
    {
        int regions = random.Next(1, 8), edges = random.Next(1, 7);
        string[] edgeIds = [.. Enumerable.Range(0, edges).Select(static e => Text($"edge-{e}"))];
        folder.Write("regions.csv", [
            "region_id,city,admin,country,iso2,continent,zone,lat,lon,timezone,utc_offset_h,jurisdiction,residency_rule,internet_users,peak_gbps,quality_factor,mobile_share,access_rtt_ms",
            .. Enumerable.Range(0, regions).Select(r => Text(
                $"R-{r},\"City, {r}\",Ad,Land,FR,{(r % 2 == 0 ? "EU" : "NA")},{Pick(random, Zones)},48,2,UTC,{Pick(random, Offsets)},{Laws[r % 3]},{(r % 3 == 1 ? "in_jurisdiction" : "")},10,{Half(random, 40)},1,0.2,5"))]);
        folder.Write("edges.csv", [
            "edge_id,operator,kind,site_code,city,iso2,continent,zone,lat,lon,capacity_gbps,price_model,usd_per_mbps_month,usd_per_gb,fault_domain,jurisdiction,price_source",
            .. edgeIds.Select((id, e) => Text(
                $"{id},op-{e % 2},{(e % 2 == 0 ? "own" : "cdn")},S{e},City,FR,EU,EUW,48,2,{Half(random, 30)},per_gb,,{random.Next(0, 9) * 0.0005m + random.Next(0, 2) * 0.0000005m},FR:{e / 2},{Laws[e % 3]},made up"))]);
        folder.Write("rtt_region_edge.csv", [
            $"region_id,{string.Join(',', edgeIds)}",
            .. Enumerable.Range(0, regions).Select(r => $"{Text($"R-{r}")},{string.Join(',', edgeIds.Select(_ => Text($"{random.Next(0, 60) * 0.5m + random.Next(0, 2) * 0.005m}")))}")]);
        folder.Write("diurnal.csv", ["local_hour,fraction_of_peak", .. Enumerable.Range(0, 24).Select(h => Text($"{h},{random.Next(0, 9) * 0.125m}"))]);
    }

    private static decimal Half(Random random, int most) => random.Next(0, 4) == 0 ? 0 : random.Next(0, most) * 0.1m + random.Next(0, 2) * 0.005m;

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
