using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

/// <summary>One slip in a valid world gives its own faults and no others; each names file, line, character, column, value and rule.</summary>
public sealed class WorldFaultTests
{
    private const string Finite = "must be a finite number >= 0";
    private const string Label = TableReader.LabelRule;

    public static TheoryData<string, string, string, string> Slips => new()
    {
        // Regions
        { "regions.csv", "EU,,10", "EU,,-3", $"regions.csv:2:63: field 'peak_gbps' is '-3': {Finite}" },
        { "regions.csv", "EU,,10", "EU,,NaN", $"regions.csv:2:63: field 'peak_gbps' is 'NaN': {Finite}" },
        { "regions.csv", "EU,,10", "EU,,Infinity", $"regions.csv:2:63: field 'peak_gbps' is 'Infinity': {Finite}" },
        { "regions.csv", "EU,,10", "EU,,1e400", $"regions.csv:2:63: field 'peak_gbps' is '1e400': {Finite}" },
        { "regions.csv", "EU,,10", "EU,,", $"regions.csv:2:63: field 'peak_gbps' is '': {Finite}" },
        { "regions.csv", "EU,,10", "EU,, 10", $"regions.csv:2:63: field 'peak_gbps' is ' 10': {Finite}" },
        { "regions.csv", "EU,,10", "EU,,2e9", "regions.csv:2:63: field 'peak_gbps' is '2e9': must be at most 1000000000" },
        { "regions.csv", "EUW,48.86", "EUW,98.86", "regions.csv:2:31: field 'lat' is '98.86': must be a number from -90 to 90" },
        { "regions.csv", "-71.06", "-181", "regions.csv:3:45: field 'lon' is '-181': must be a number from -180 to 180" },
        { "regions.csv", "Shanghai,8.0", "Shanghai,14.5", "regions.csv:4:57: field 'utc_offset_h' is '14.5': must be a number from -12 to 14" },
        { "regions.csv", "1.0,EU,", "1.0,ZZ,", $"regions.csv:2:59: field 'jurisdiction' is 'ZZ': {Jurisdictions.Rule}" },
        { "regions.csv", "in_jurisdiction", "at_home", "regions.csv:4:64: field 'residency_rule' is 'at_home': must be empty or in_jurisdiction" },
        { "regions.csv", "FR,EU,EUW", "fr,EU,EUW", "regions.csv:2:21: field 'iso2' is 'fr': must be two capital letters" },
        { "regions.csv", "EU,EUW", "EU,", $"regions.csv:2:27: field 'zone' is '': {Label}" },
        { "regions.csv", "EU,,10\n", "EU,,10\nFR-01,Lyon,,France,FR,EU,EUW,45,4,Europe/Paris,1,EU,,1\n", "regions.csv:3:1: field 'region_id' is 'FR-01': must be unique: line 2 has it too" },
        { "regions.csv", "EU,,10\n", "EU,,10,7\n", "regions.csv:2: must have 14 fields, as the header; has 15" },
        { "regions.csv", ",,10\n", "\n", "regions.csv:2: must have 14 fields, as the header; has 12" },
        { "regions.csv", "FR-01,Paris", "FR-01,Pa\"ris", "regions.csv:2:9: a quote may only stand in a quoted field" },
        { "regions.csv", "peak_gbps", "peek_gbps", "regions.csv:1: column 'peak_gbps' is missing" },
        { "regions.csv", "city,admin", "city,city", "regions.csv:1:16: column 'city' must stand only once" },

        { "regions.csv", "timezone", "access_rtt_ms", "regions.csv:2:42: field 'access_rtt_ms' is 'Europe/Paris': must be a finite number >= 0\nregions.csv:3:52: field 'access_rtt_ms' is 'America/New_York': must be a finite number >= 0\nregions.csv:4:43: field 'access_rtt_ms' is 'Asia/Shanghai': must be a finite number >= 0" },

        // Edges, relays, origins
        { "edges.csv", ",8,per_mbps", ",-8,per_mbps", $"edges.csv:2:44: field 'capacity_gbps' is '-8': {Finite}" },
        { "edges.csv", "cdn-x,cdn", "cdn-x,CDN", "edges.csv:5:15: field 'kind' is 'CDN': must be own or cdn" },
        { "edges.csv", "per_gb,,", "free,,", "edges.csv:5:48: field 'price_model' is 'free': must be per_gb or per_mbps_month" },
        { "edges.csv", "per_gb,,0.02", "per_gb,,", $"edges.csv:5:56: field 'usd_per_gb' is '': {Finite}" },
        { "edges.csv", "0.7,0.0048", ",0.0048", $"edges.csv:2:61: field 'usd_per_mbps_month' is '': {Finite}" },
        { "edges.csv", "0.7,0.0048", "0.7,", $"edges.csv:2:65: field 'usd_per_gb' is '': {Finite}" },
        { "edges.csv", "US:Boston,US", "US:Boston,USA", $"edges.csv:3:85: field 'jurisdiction' is 'USA': {Jurisdictions.Rule}" },
        { "edges.csv", "FR:Paris,EU,test", ",EU,test", $"edges.csv:2:72: field 'fault_domain' is '': {Label}" },
        { "relays.csv", "FR:Paris,EU\n", "FR:Paris,EU\nown-par,Paris,FR,EU,EUW,48.86,2.35,10,0.02,FR:Paris,EU\n", "relays.csv:3:1: field 'relay_id' is 'own-par': must be unique among nodes: it is the edge of edges.csv:2" },
        { "relays.csv", "10,0.09", "10,-0.09", $"relays.csv:3:40: field 'usd_per_gb' is '-0.09': {Finite}" },
        { "origins.csv", "FR:Paris,EU\n", "FR:Paris,EU\nrl-pek,Paris,FR,EU,EUW,48.86,2.35,20,FR:Paris,EU\n", "origins.csv:3:1: field 'origin_id' is 'rl-pek': must be unique among nodes: it is the relay of relays.csv:3" },
        { "origins.csv", "CN:Beijing,CN", "CN:Beijing,Mars", $"origins.csv:3:51: field 'jurisdiction' is 'Mars': {Jurisdictions.Rule}" },

        // Round trips and the day
        { "rtt_region_edge.csv", "92,7", "92,NaN", $"rtt_region_edge.csv:3:10: field 'own-bos' is 'NaN': {Finite}" },
        { "rtt_region_edge.csv", "92,7", "92,-7", $"rtt_region_edge.csv:3:10: field 'own-bos' is '-7': {Finite}" },
        { "rtt_region_edge.csv", "92,7", "92,", $"rtt_region_edge.csv:3:10: field 'own-bos' is '': {Finite}" },
        { "rtt_region_edge.csv", "US-01,92,7,230,93\n", "", "rtt_region_edge.csv: must have a row for region 'US-01'" },
        { "rtt_region_edge.csv", "230,93\n", "230,93\nXX-01,1,1,1,1\n", "rtt_region_edge.csv:4:1: field 'region_id' is 'XX-01': must be a region of regions.csv" },
        { "rtt_region_edge.csv", "230,93\n", "230,93\nFR-01,1,1,1,1\n", "rtt_region_edge.csv:4:1: field 'region_id' is 'FR-01': must be unique: line 2 has it too" },
        { "diurnal.csv", "\n7,0.5", "", "diurnal.csv: must have a row for local hour 7" },
        { "diurnal.csv", "\n7,0.5", "\n7,0.5\n7,0.5", "diurnal.csv:10:1: field 'local_hour' is '7': must be unique: line 9 has it too" },
        { "diurnal.csv", "\n7,0.5", "\n7,-0.5", $"diurnal.csv:9:3: field 'fraction_of_peak' is '-0.5': {Finite}" },
        { "diurnal.csv", "\n23,0.5", "\n24,0.5", "diurnal.csv:25:1: field 'local_hour' is '24': must be a whole number from 0 to 23" },

        // Links
        { "links_edge_relay.csv", "own-bos,rl-par", "own-nyc,rl-par", "links_edge_relay.csv:3:1: field 'edge_id' is 'own-nyc': must be an edge of edges.csv" },
        { "links_edge_relay.csv", "own-bos,rl-par", "own-bos,rl-nyc", "links_edge_relay.csv:3:9: field 'relay_id' is 'rl-nyc': must be a relay of relays.csv" },
        { "links_edge_relay.csv", "75,model", "-75,model", $"links_edge_relay.csv:3:16: field 'rtt_ms' is '-75': {Finite}" },
        { "links_edge_relay.csv", "75,model", "75,guess", "links_edge_relay.csv:3:19: field 'source' is 'guess': must be measured or model" },
        { "links_relay_relay.csv", "rl-par,rl-pek", "rl-par,rl-par", "links_relay_relay.csv:2:8: field 'relay_b' is 'rl-par': must differ from 'relay_a'" },
        { "links_relay_relay.csv", "150,model\n", "150,model\nrl-pek,rl-par,150,model\n", "links_relay_relay.csv:3:8: field 'relay_b' is 'rl-par': must be linked to the node before it only once: line 2 has the pair too" },
        { "links_relay_origin.csv", "rl-par,og-par", "rl-par,og-nyc", "links_relay_origin.csv:2:8: field 'origin_id' is 'og-nyc': must be an origin of origins.csv" },

        // Prefixes
        { "prefixes_v4.csv", "FR-01", "FR-09", "prefixes_v4.csv:2:14: field 'region_id' is 'FR-09': must be a region of regions.csv" },
        { "prefixes_v4.csv", "192.0.2.0/24", "192.0.2.1/24", "prefixes_v4.csv:2:1: field 'cidr' is '192.0.2.1/24': bits beyond the length must be zero (did you mean 192.0.2.0/24?)" },
        { "prefixes_v4.csv", "192.0.2.0/24", "192.0.2.0/33", "prefixes_v4.csv:2:1: field 'cidr' is '192.0.2.0/33': the length must be 0 to 32" },
        { "prefixes_v4.csv", "192.0.2.0/24", "192.0.2/24", "prefixes_v4.csv:2:1: field 'cidr' is '192.0.2/24': must start with an IP address" },
        { "prefixes_v4.csv", "192.0.2.0/24", "192.0.2.0", "prefixes_v4.csv:2:1: field 'cidr' is '192.0.2.0': must be address/length" },
        { "prefixes_v4.csv", "192.0.2.0/24", "2001:db8::/24", "prefixes_v4.csv:2:1: field 'cidr' is '2001:db8::/24': bits beyond the length must be zero (did you mean 2001:d00::/24?)" },
        { "prefixes_v4.csv", "192.0.2.0/24", "2001:db8::/32", "prefixes_v4.csv:2:1: field 'cidr' is '2001:db8::/32': must be an IPv4 prefix" },
        { "prefixes_v4.csv", "192.0.2.128/25", "192.0.2.0/24", "prefixes_v4.csv:3:1: field 'cidr' is '192.0.2.0/24': must be unique: line 2 has it too" },

        // Services
        { "classes.csv", "0.75,1,", "0.7,1,", "classes.csv: the shares of all classes must sum to 1; they sum to 0.95" },
        { "classes.csv", "bulk,4", "bulk,10", "classes.csv:3:6: field 'priority' is '10': must be a whole number from 1 to 9" },
        { "classes.csv", "20,150", "20,0", "classes.csv:2:16: field 'max_rtt_ms' is '0': must be a finite number > 0" },
        { "services.csv", "live,live,live.ex", "live,life,live.ex", "services.csv:2:6: field 'class' is 'life': must be a class of classes.csv" },
        { "services.csv", ",own,", ",owned,", "services.csv:2:43: field 'operators' is 'owned': 'owned' must be an operator of edges.csv" },
        { "services.csv", ",own,,", ",own,own-par;own-nyc,", "services.csv:2:47: field 'edges' is 'own-par;own-nyc': 'own-nyc' must be an edge of edges.csv" },
        { "services.csv", ",20,1,", ",4,1,", "services.csv:2:48: field 'ttl_s' is '4': must be a whole number from 5 to 300" },
        { "services.csv", ",300,1,", ",301,1,", "services.csv:3:29: field 'ttl_s' is '301': must be a whole number from 5 to 300" },
        { "services.csv", "live,live.example.net;", "live,live_.example.net;", $"services.csv:2:11: field 'hostnames' is 'live_.example.net;tv.example.net': 'live_.example.net' {HostName.Rule}" },
        { "services.csv", "get.example.net", "TV.example.net", "services.csv:3:11: field 'hostnames' is 'TV.example.net': 'tv.example.net' must be a name of one service: line 2 has it too" },
        { "services.csv", "origin.example.net", "", $"services.csv:3:49: field 'fallback_host' is '': {HostName.Rule}" },
        { "endpoints.csv", "own-par,live,A,", "own-nyc,live,A,", "endpoints.csv:2:1: field 'node_id' is 'own-nyc': must be an edge of edges.csv, a relay of relays.csv or an origin of origins.csv" },
        { "endpoints.csv", "own-par,live,A,", "own-par,vod,A,", "endpoints.csv:2:9: field 'service' is 'vod': must be a service of services.csv" },
        { "endpoints.csv", "own-par,live,A,", "own-par,live,MX,", "endpoints.csv:2:14: field 'type' is 'MX': must be A, AAAA or CNAME" },
        { "endpoints.csv", "198.18.0.1", "198.18.0.01", "endpoints.csv:2:16: field 'value' is '198.18.0.01': must be an IPv4 address" },
        { "endpoints.csv", "2001:db8::1", "::ffff:198.18.0.1", "endpoints.csv:3:19: field 'value' is '::ffff:198.18.0.1': must be an IPv6 address (and not an IPv4-mapped one)" },
        { "endpoints.csv", "par.cdn.example.net", "198.18.0.9", $"endpoints.csv:4:20: field 'value' is '198.18.0.9': {HostName.Rule}" },
        { "endpoints.csv", "AAAA,2001:db8::1", "A,198.18.0.1", "endpoints.csv:3:16: field 'value' is '198.18.0.1': must be unique: line 2 has it too" },
        { "endpoints.csv", "AAAA,2001:db8::1", "CNAME,a.example.net", "endpoints.csv:3:14: field 'type' is 'CNAME': a host name must be the node's only endpoint for the service: line 2 has one too" },

        // Health, law, streams
        { "health.csv", "edge,own-bos", "edge,own-nyc", "health.csv:2:6: field 'id' is 'own-nyc': must be an edge of edges.csv" },
        { "health.csv", "edge,own-bos", "operator,me", "health.csv:2:10: field 'id' is 'me': must be an operator of edges.csv" },
        { "health.csv", "FR:Paris", "FR:Lyon", "health.csv:3:8: field 'id' is 'FR:Lyon': must be the fault domain of some node" },
        { "health.csv", "up,0.5", "up,1.5", "health.csv:2:17: field 'factor' is '1.5': must be a number from 0 to 1" },
        { "health.csv", "up,0.5", "sleepy,0.5", "health.csv:2:14: field 'state' is 'sleepy': must be up, down or drained" },
        { "health.csv", "domain,FR:Paris", "edge,own-bos", "health.csv:3:6: field 'id' is 'own-bos': must be stated once: line 2 has it too" },
        { "allowed.csv", "CN,edge,CN", "BR,edge,CN", "allowed.csv:2:1: field 'jurisdiction' is 'BR': must be the jurisdiction of some region or node" },
        { "allowed.csv", "CN,edge,CN", "CN,edge,CN;Mars", $"allowed.csv:2:9: field 'allowed' is 'CN;Mars': 'Mars' {Jurisdictions.Rule}" },
        { "allowed.csv", "CN,edge,CN", "CN,edge,", "allowed.csv:2:9: field 'allowed' is '': must name at least one jurisdiction" },
        { "allowed.csv", "CN,edge,CN", "CN,sea,CN", "allowed.csv:2:4: field 'hop' is 'sea': must be edge, relay or origin" },
        { "allowed.csv", "CN,origin,CN", "CN,edge,CN", "allowed.csv:4:4: field 'hop' is 'edge': must be ruled once for the jurisdiction: line 2 has it too" },
        { "streams.csv", "og-par", "og-nyc", "streams.csv:2:6: field 'origin_id' is 'og-nyc': must be an origin of origins.csv" },
        { "streams.csv", "8.5", "0", "streams.csv:2:13: field 'bitrate_mbps' is '0': must be a finite number > 0" },

        // Contracts
        { "contracts.csv", "own-all,,own", "own-all,,owned", "contracts.csv:2:10: field 'operator' is 'owned': 'owned' must be an operator of edges.csv" },
        { "contracts.csv", "own-all,,own", "own-all,,", "contracts.csv:2:10: field 'operator' is '': must name at least one operator" },
        { "contracts.csv", "x-par,", "own-eu,", "contracts.csv:5:1: field 'contract_id' is 'own-eu': must be unique: line 3 has it too" },
        { "contracts.csv", "x-par,", ",", $"contracts.csv:5:1: field 'contract_id' is '': {Label}" },
        { "contracts.csv", "own,EU", "own,AF", "contracts.csv:3:20: field 'continents' is 'AF': 'AF' must be a continent of the operator's edges" },
        { "contracts.csv", "BOS", "BOS;PAR", "contracts.csv:4:28: field 'sites' is 'BOS;PAR': 'PAR' must be a site of the operator's edges on the continents named" },
        { "contracts.csv", "cdn-par,", "cdn-nyc,", "contracts.csv:5:21: field 'edges' is 'cdn-nyc': 'cdn-nyc' must be an edge of edges.csv" },
        { "contracts.csv", "cdn-par,", "own-par,", "contracts.csv:5:21: field 'edges' is 'own-par': 'own-par' must be one of the operator's edges on the continents and at the sites named" },
        { "contracts.csv", ",1,14", ",-1,14", $"contracts.csv:2:17: field 'floor_gbps' is '-1': {Finite}" },
        { "contracts.csv", "7.5", "full", $"contracts.csv:3:26: field 'ceiling_gbps' is 'full': {Finite}" },
        { "contracts.csv", "p95", "95", "contracts.csv:3:30: field 'billing' is '95': must be volume or p95" },
        { "contracts.csv", "p95", "", "contracts.csv:3:30: field 'billing' is '': must be volume or p95" },
        { "contracts.csv", "p95,2", "p95,NaN", $"contracts.csv:3:34: field 'commit_gbps' is 'NaN': {Finite}" },
        { "contracts.csv", "0.5,0.02", "0.5,", "contracts.csv:4:45: field 'commit_gbps' is '0.5': must not stand without tiers: nothing says what exceeding it costs" },
        { "contracts.csv", ";*:1.4", "", "contracts.csv:3:36: field 'tiers' is '4:0.7;6:0.9': '6:0.9' must have no end, as USD or *:USD: it is the last tier" },
        { "contracts.csv", "4:0.7", "0.7", "contracts.csv:3:36: field 'tiers' is '0.7;6:0.9;*:1.4': '0.7' must be UPTO:USD: only the last tier has no end" },
        { "contracts.csv", "4:0.7", "*:0.7", "contracts.csv:3:36: field 'tiers' is '*:0.7;6:0.9;*:1.4': '*:0.7' must be UPTO:USD: only the last tier has no end" },
        { "contracts.csv", "4:0.7", "2:0.7", "contracts.csv:3:36: field 'tiers' is '2:0.7;6:0.9;*:1.4': '2:0.7' must end above the commit" },
        { "contracts.csv", "6:0.9", "4:0.9", "contracts.csv:3:36: field 'tiers' is '4:0.7;4:0.9;*:1.4': '4:0.9' must end above the tier before it" },
        { "contracts.csv", "6:0.9", "6:0.6", "contracts.csv:3:36: field 'tiers' is '4:0.7;6:0.6;*:1.4': '6:0.6' must not be cheaper than the tier before it: the solve prices convex tiers only, and a volume discount is not convex" },
        { "contracts.csv", "*:1.4", "1e7", "contracts.csv:3:36: field 'tiers' is '4:0.7;6:0.9;1e7': '1e7' must be at most 1000000" },
        { "contracts.csv", "6:0.9", "x:0.9", "contracts.csv:3:36: field 'tiers' is '4:0.7;x:0.9;*:1.4': 'x:0.9' must be a finite number > 0" },
        { "contracts.csv", "6:0.9", "", "contracts.csv:3:36: field 'tiers' is '4:0.7;;*:1.4': '' must be UPTO:USD: only the last tier has no end" },
        { "contracts.csv", "own-west,own-all", "own-west,own-up", "contracts.csv:4:10: field 'parent' is 'own-up': must be a contract of contracts.csv" },
        { "contracts.csv", "own-west,own-all", "own-west,own-west", "contracts.csv:4:10: field 'parent' is 'own-west': must not lead back to the contract itself: line 4" },
        { "contracts.csv", "own-all,,", "own-all,own-eu,", "contracts.csv:2:9: field 'parent' is 'own-eu': must not lead back to the contract itself: lines 2, 3" },
        { "contracts.csv", "own-all,,own,,", "own-all,,own,EU,", "contracts.csv:4:10: field 'parent' is 'own-all': must hold all edges of this contract: edge 'own-bos' is not in line 2" },
        { "contracts.csv", "own-west,own-all", "own-west,", "contracts.csv:4:10: field 'parent' is '': must nest the contract with line 2: both hold edge 'own-bos'" },
        { "contracts.csv", "1,14,,,", "1,14,p95,,0.5", "contracts.csv:3:36: field 'tiers' is '4:0.7;6:0.9;*:1.4': must be empty: the contract of line 2 around this one has tiers, and traffic is billed once\ncontracts.csv:4:49: field 'tiers' is '0.02': must be empty: the contract of line 2 around this one has tiers, and traffic is billed once" },
        { "contracts.csv", "own,EU", "own,EU;EU", "contracts.csv:3:20: field 'continents' is 'EU;EU': must not list a name twice" },
        { "contracts.csv", "contract_id", "contract", "contracts.csv:1: column 'contract_id' is missing" },

        // Room
        { "link_capacity.csv", "edge_relay,own-par", "edge_edge,own-par", "link_capacity.csv:2:1: field 'kind' is 'edge_edge': must be edge_relay, relay_relay, relay_origin or peering" },
        { "link_capacity.csv", "own-bos,rl-par", "own-nyc,rl-par", "link_capacity.csv:3:12: field 'from' is 'own-nyc': must be an edge of edges.csv" },
        { "link_capacity.csv", "own-bos,rl-par", "own-bos,rl-pek", "link_capacity.csv:3:20: field 'to' is 'rl-pek': must be linked to the node before it in links_edge_relay.csv" },
        { "link_capacity.csv", "own-bos,rl-par", "own-par,rl-par", "link_capacity.csv:3:20: field 'to' is 'rl-par': must be stated once: line 2 has the link too" },
        { "link_capacity.csv", "6,,", "6,,\nrelay_relay,rl-par,rl-pek,1,,", "link_capacity.csv:6:20: field 'to' is 'rl-pek': must be stated once: line 4 has the link too" },
        { "link_capacity.csv", "6,,", ",,", "link_capacity.csv:5:28: field 'capacity_gbps' is '': must be given where neither loss nor jitter_ms is" },
        { "link_capacity.csv", "6,,", "-6,,", $"link_capacity.csv:5:28: field 'capacity_gbps' is '-6': {Finite}" },
        { "link_capacity.csv", "0.002", "1", "link_capacity.csv:3:28: field 'loss' is '1': must be a number from 0 to below 1" },
        { "link_capacity.csv", "9.5", "-9.5", $"link_capacity.csv:4:37: field 'jitter_ms' is '-9.5': {Finite}" },
        { "link_capacity.csv", "country:US", "country:ZZ", "link_capacity.csv:6:9: field 'from' is 'country:ZZ': 'country:ZZ' must name at least one region of regions.csv" },
        { "link_capacity.csv", "country:US", "US", "link_capacity.csv:6:9: field 'from' is 'US': 'US' must be country:, zone: or region: with an ISO 3166-1 code, a latency zone or a region id" },
        { "link_capacity.csv", "country:US", "", "link_capacity.csv:6:9: field 'from' is '': must be country:, zone: or region: with an ISO 3166-1 code, a latency zone or a region id" },
        { "link_capacity.csv", "country:US,own-bos,4", "country:US,own-nyc,4", "link_capacity.csv:6:20: field 'to' is 'own-nyc': must be an edge of edges.csv" },
        { "link_capacity.csv", "country:US,own-bos", "country:FR,cdn-par", "link_capacity.csv:7:9: field 'from' is 'region:FR-01;zone:CHN': must not hold region 'FR-01' under a second cap to the edge: line 6 holds it too" },
        { "link_capacity.csv", "own-bos,4,", "own-bos,,", $"link_capacity.csv:6:28: field 'capacity_gbps' is '': {Finite}" },
        { "link_capacity.csv", "own-bos,4,,", "own-bos,4,0.1,2", "link_capacity.csv:6:30: field 'loss' is '0.1': must be empty for peering\nlink_capacity.csv:6:34: field 'jitter_ms' is '2': must be empty for peering" },

        // Loss and what classes and streams say besides
        { "loss_region_edge.csv", "1.07", "100.1", "loss_region_edge.csv:2:16: field 'own-pek' is '100.1': must be a number from 0 to 100" },
        { "loss_region_edge.csv", "US-01,0.4,0.07,1.2,0.4\n", "", "loss_region_edge.csv: must have a row for region 'US-01'" },
        { "loss_region_edge.csv", "cdn-par", "cdn-nyc", "loss_region_edge.csv:1:35: column 'cdn-nyc' must be an edge of edges.csv\nloss_region_edge.csv:1: must have a column for edge 'cdn-par'" },
        { "classes.csv", "150,400", "150,-1", $"classes.csv:2:20: field 'loss_weight_micro_usd_per_mbps_hour_percent' is '-1': {Finite}" },
        { "classes.csv", "1.07", "107", "classes.csv:2:24: field 'max_loss_percent' is '107': must be a number from 0 to 100" },
        { "classes.csv", ",0.4", ",1.4", "classes.csv:2:29: field 'sticky_share' is '1.4': must be a number from 0 to 1" },
        { "streams.csv", "6;1.5;1", "6;1.5", "streams.csv:2:17: field 'variants_mbps' is '6;1.5': must sum to bitrate_mbps, 8.5; sums to 7.5" },
        { "streams.csv", "6;1.5;1", "6;1.5;1;0", "streams.csv:2:17: field 'variants_mbps' is '6;1.5;1;0': '0' must be a finite number > 0" },
        { "streams.csv", "6;1.5;1", "6;;2.5", "streams.csv:2:17: field 'variants_mbps' is '6;;2.5': '' must be a finite number > 0" },
        { "streams.csv", "2099-12-31T23:59:59Z", "2099-12-31", "streams.csv:2:25: field 'expires_utc' is '2099-12-31': must be a moment in UTC such as 2099-12-31T23:59:59Z" },
        { "streams.csv", "2099-12-31T23:59:59Z", "2099-12-31T23:59:59", "streams.csv:2:25: field 'expires_utc' is '2099-12-31T23:59:59': must be a moment in UTC such as 2099-12-31T23:59:59Z" },
        { "streams.csv", "2099-12-31T23:59:59Z", "2099-12-31T23:59:59+01:00", "streams.csv:2:25: field 'expires_utc' is '2099-12-31T23:59:59+01:00': must be a moment in UTC such as 2099-12-31T23:59:59Z" },
        { "streams.csv", "2099-12-31T23:59:59Z", "2099-02-29T00:00:00Z", "streams.csv:2:25: field 'expires_utc' is '2099-02-29T00:00:00Z': must be a moment in UTC such as 2099-12-31T23:59:59Z" },
        { "streams.csv", "2099-12-31T23:59:59Z", "31/12/2099 23:59:59Z", "streams.csv:2:25: field 'expires_utc' is '31/12/2099 23:59:59Z': must be a moment in UTC such as 2099-12-31T23:59:59Z" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void Load_OneSlip_GivesExactlyThatFault(string file, string from, string to, string fault)
    {
        using TestWorld world = TestWorld.Full().Change(file, from, to);
        WorldLoadResult result = world.Load();
        Assert.Null(result.World);
        Assert.Equal(fault, string.Join('\n', result.Faults));
        Assert.Equal(result.Faults.Length, result.FaultCount);
    }

    [Theory]
    [InlineData("regions.csv")]
    [InlineData("edges.csv")]
    [InlineData("rtt_region_edge.csv")]
    [InlineData("diurnal.csv")]
    public void Load_RequiredFileAbsent_NamesItAndNothingElse(string file)
    {
        using TestWorld world = TestWorld.Small().Without(file);
        Assert.Equal([$"{file}: must be there: the file is required"], world.Load().Faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Load_EdgeMissingFromTheMatrix_NamesBothSides()
    {
        using TestWorld world = TestWorld.Small().Change("rtt_region_edge.csv", "own-bos", "own-nyc");
        Assert.Equal(
            ["rtt_region_edge.csv:1:19: column 'own-nyc' must be an edge of edges.csv", "rtt_region_edge.csv:1: must have a column for edge 'own-bos'"],
            world.Load().Faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Load_SlipsInManyFiles_ReportsThemTogether()
    {
        using TestWorld world = TestWorld.Small()
            .Change("regions.csv", "EU,,10", "EU,,-3").Change("regions.csv", "Shanghai,8.0", "Shanghai,80")
            .Change("edges.csv", ",8,per_mbps", ",x,per_mbps").Change("rtt_region_edge.csv", "92,7", "NaN,7")
            .Change("streams.csv", "og-par", "og-nyc").Change("health.csv", "up,0.5", "up,2").Without("diurnal.csv");
        WorldLoadResult result = world.Load();
        Assert.Null(result.World);
        Assert.Equal(7, result.FaultCount);
        Assert.Equal(
            ["regions.csv", "regions.csv", "edges.csv", "rtt_region_edge.csv", "diurnal.csv", "health.csv", "streams.csv"],
            result.Faults.Select(static f => f.File));
    }

    [Fact]
    public void Load_ThousandsOfFaults_ListsTheFirstAndCountsAll()
    {
        using TestWorld world = TestWorld.Small().With("streams.csv", ["stream,origin_id,bitrate_mbps", .. Enumerable.Range(0, 3000).Select(static i => $"s{i},nowhere,1")]);
        WorldLoadResult result = world.Load();
        Assert.Equal((200, 3000), (result.Faults.Length, result.FaultCount));
    }

    [Fact]
    public void Load_BrokenDefinition_IsNotRepeatedByItsReferences()
    {
        using TestWorld world = TestWorld.Small().Change("edges.csv", "own-par,own,own", "own-par,own");
        Assert.Equal(["edges.csv:2: must have 17 fields, as the header; has 16"], world.Load().Faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Load_LongAndUnprintableValue_IsShownShortAndSafe()
    {
        using TestWorld world = TestWorld.Small().Change("streams.csv", "8.5", "\u001b[31m" + new string('9', 500) + "x");
        WorldFault fault = Assert.Single(world.Load().Faults);
        Assert.Equal("\uFFFD[31m" + new string('9', 75) + "…", fault.Value);
    }

    [Fact]
    public void Load_FolderAbsent_IsAFault() =>
        Assert.Equal(["/nowhere/at/all: must be a folder"], WorldFolder.Load("/nowhere/at/all").Faults.Select(static f => f.ToString()));
}
