using System.Buffers;
using System.Globalization;
using System.Text;

namespace TrafficDispatch.Model.Files;

/// <summary>Writes the tables of a world, one file each, with the columns that the loader reads.</summary>
internal sealed partial class WorldWriter(string directory, World world)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
    private readonly WorldFacts _facts = world.Facts;

    public void WriteAll()
    {
        WritePlaces();
        WriteDemand();
        WriteLinks(LinkTables.EdgeRelayFile, "edge_id,relay_id", _facts.EdgeRelayLinks, e => _facts.Edges[e].Id, r => _facts.Relays[r].Id);
        WriteLinks(LinkTables.RelayRelayFile, "relay_a,relay_b", _facts.RelayRelayLinks, a => _facts.Relays[a].Id, b => _facts.Relays[b].Id);
        WriteLinks(LinkTables.RelayOriginFile, "relay_id,origin_id", _facts.RelayOriginLinks, r => _facts.Relays[r].Id, o => _facts.Origins[o].Id);
        WriteContracts();
        WriteRoom();
        WriteLoss();
        WritePrefixes("prefixes_v4.csv", isIPv6: false);
        WritePrefixes("prefixes_v6.csv", isIPv6: true);
        WriteServices();
        WriteLaw();
    }

    private void WritePlaces()
    {
        const string Place = "city,iso2,continent,zone,lat,lon";
        Write("regions.csv", $"region_id,country,{Place},utc_offset_h,jurisdiction,residency_rule,peak_gbps", _facts.Regions.Select(static r => Row(
            [r.Id, r.Country, .. At(r.Place), r.UtcOffsetHours, r.Jurisdiction, r.InJurisdictionOnly ? "in_jurisdiction" : "", r.Peak.Value])));
        Write("edges.csv", $"edge_id,operator,kind,site_code,{Place},capacity_gbps,price_model,usd_per_mbps_month,usd_per_gb,fault_domain,jurisdiction",
            _facts.Edges.Select(static e => Row(
            [
                e.Id, e.Operator, e.IsThirdParty ? "cdn" : "own", e.SiteCode, .. At(e.Place), e.Capacity.Value,
                e.Price.Model == PriceModel.PerGb ? "per_gb" : "per_mbps_month",
                e.Price.Model == PriceModel.PerGb ? "" : e.Price.UsdPerMbpsMonth, e.Price.UsdPerGb, e.FaultDomain, e.Jurisdiction,
            ])));
        Write("relays.csv", $"relay_id,{Place},capacity_gbps,usd_per_gb,fault_domain,jurisdiction", _facts.Relays.Select(static r => Row(
            [r.Id, .. At(r.Place), r.Capacity.Value, r.UsdPerGb, r.FaultDomain, r.Jurisdiction])));
        Write("origins.csv", $"origin_id,{Place},capacity_gbps,fault_domain,jurisdiction", _facts.Origins.Select(static o => Row(
            [o.Id, .. At(o.Place), o.Capacity.Value, o.FaultDomain, o.Jurisdiction])));
    }

    private void WriteDemand()
    {
        Write("rtt_region_edge.csv", Row(["region_id", .. _facts.Edges.Select(static e => e.Id)]), _facts.Regions.Select((r, at) => Row(
            [r.Id, .. _facts.Rtt.Row(at).ToArray().Cast<object>()])));
        Write("diurnal.csv", "local_hour,fraction_of_peak", _facts.Diurnal.FractionOfPeak.Select(static (f, hour) => Row([hour, f])));
    }

    private void WriteLinks(string file, string ends, IEnumerable<Link> links, Func<int, string> from, Func<int, string> to) =>
        Write(file, ends + ",rtt_ms,source", links.Select(l => Row([from(l.From), to(l.To), l.Rtt.Value, l.IsMeasured ? "measured" : "model"])));

    private void WritePrefixes(string file, bool isIPv6) =>
        Write(file, "cidr,region_id", _facts.Prefixes.Where(p => p.Prefix.Address.IsIPv6 == isIPv6).Select(p => Row(
            [p.Prefix.ToString(), p.Location == PrefixEntry.None ? "-" : _facts.Regions[p.Location].Id])));

    private void WriteServices()
    {
        Write(ServiceTables.ClassesFile, "class_id,priority,share,latency_weight_micro_usd_per_mbps_hour_ms,max_rtt_ms," +
            "loss_weight_micro_usd_per_mbps_hour_percent,max_loss_percent,sticky_share", _facts.Classes.Select(static c => Row(
            [
                c.Id, c.Priority, c.Share, c.LatencyWeight, c.MaxRtt is { } bound ? bound.Value : "", c.LossWeight,
                c.MaxLoss is { } loss ? Percent(loss) : "", c.StickyShare,
            ])));
        Write("services.csv", "service_id,class,hostnames,operators,edges,ttl_s,class_share,over_capacity,all_down,fallback_host",
            _facts.Services.Select(static s => Row(
            [
                s.Id, s.ClassId, string.Join(';', s.Hostnames), string.Join(';', s.Operators), string.Join(';', s.Edges), s.TtlSeconds,
                s.ClassShare, s.OverCapacity == OverCapacityPolicy.Spill ? "spill" : "shed",
                s.AllDown switch { AllDownPolicy.Fallback => "fallback", AllDownPolicy.NoData => "nodata", _ => "last_good" }, s.FallbackHost ?? "",
            ])));
        Write("endpoints.csv", "node_id,service,type,value", _facts.Endpoints.Select(static e => Row(
            [e.NodeId, e.ServiceId, e.Type switch { EndpointType.A => "A", EndpointType.Aaaa => "AAAA", _ => "CNAME" }, e.Value])));
        Write(StreamTable.File, "stream,origin_id,bitrate_mbps,variants_mbps,expires_utc", _facts.Streams.Select(static s => Row(
            [s.Key, s.OriginId, s.BitrateMbps, Joined(s.VariantMbps), s.Expires is { } end ? Moment(end) : ""])));
    }

    private void WriteLaw()
    {
        Write("allowed.csv", "jurisdiction,hop,allowed", _facts.AllowedHops.Select(static a => Row(
            [a.Jurisdiction, a.Hop switch { NodeKind.Edge => "edge", NodeKind.Relay => "relay", _ => "origin" }, string.Join(';', a.Allowed)])));
        Write(LawTables.HealthFile, "kind,id,state,factor", _facts.Health.Select(static h => Row([Word(h.Scope), h.Id, Word(h.State), h.Factor])));
    }

    private static string Word(HealthScope scope) => scope switch
    {
        HealthScope.Edge => "edge",
        HealthScope.Relay => "relay",
        HealthScope.Origin => "origin",
        HealthScope.Domain => "domain",
        _ => "operator",
    };

    private static string Word(HealthState state) => state switch
    {
        HealthState.Up => "up",
        HealthState.Down => "down",
        _ => "drained",
    };

    private static object[] At(Place place) => [place.City, place.Iso2, place.Continent, place.Zone, place.Point.Latitude, place.Point.Longitude];

    private static string Row(ReadOnlySpan<object> fields)
    {
        StringBuilder row = new();
        foreach (object field in fields)
        {
            string text = field is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : (string)field;
            bool plain = text.AsSpan().IndexOfAny(Special) < 0;
            row.Append(plain ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"").Append(',');
        }
        return row.ToString(0, row.Length - 1);
    }

    private void Remove(string file)
    {
        File.Delete(Path.Combine(directory, file));
        File.Delete(Path.Combine(directory, file + WorldFiles.Packed));
    }

    /// <summary>Replaces a table, in whichever form it is there: both forms side by side could not be loaded.</summary>
    private void Write(string file, string header, IEnumerable<string> rows)
    {
        Remove(file);
        using StreamWriter writer = new(Path.Combine(directory, file), append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        writer.WriteLine(header);
        foreach (string row in rows) writer.WriteLine(row);
    }
}
