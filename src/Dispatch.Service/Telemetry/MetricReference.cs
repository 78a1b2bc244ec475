using System.Text;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>The page that lists every metric, made from the instruments themselves. What an instrument does not know of itself, its labels, stands here.</summary>
internal static class MetricReference
{
    private static readonly Dictionary<string, string[]> Labelled = new(StringComparer.Ordinal)
    {
        ["dispatch_access_refused_total"] = ["cause"],
        ["dispatch_billing_billed_mbps"] = ["contract"],
        ["dispatch_billing_bursts_left"] = ["contract"],
        ["dispatch_billing_month_bytes"] = ["contract"],
        ["dispatch_billing_month_usd"] = ["contract"],
        ["dispatch_billing_paid_mbps"] = ["contract"],
        ["dispatch_build_info"] = ["version"],
        ["dispatch_call_errors_total"] = ["rpc", "code"],
        ["dispatch_calls_in_flight"] = ["shape"],
        ["dispatch_certificate_expiry_seconds"] = ["endpoint"],
        ["dispatch_class_unserved_mbps"] = ["class", "priority"],
        ["dispatch_connections"] = ["endpoint"],
        ["dispatch_connections_refused_total"] = ["endpoint"],
        ["dispatch_contract_utilization_ratio"] = ["contract"],
        ["dispatch_decision_log_total"] = ["result"],
        ["dispatch_decisions_total"] = ["service", "reason"],
        ["dispatch_dns_answers_total"] = ["connector", "rcode"],
        ["dispatch_edge_utilization_ratio"] = ["edge"],
        ["dispatch_gc_collections_total"] = ["generation"],
        ["dispatch_guard_refused_total"] = ["rule"],
        ["dispatch_otlp_exports_total"] = ["signal", "result"],
        ["dispatch_path_hops"] = ["state"],
        ["dispatch_path_reports_refused_total"] = ["why"],
        ["dispatch_path_reports_total"] = ["trouble"],
        ["dispatch_probes_total"] = ["heard"],
        ["dispatch_shed_total"] = ["reason"],
        ["dispatch_steering_requests_total"] = ["format", "outcome"],
        ["dispatch_telemetry_at_table_seconds"] = ["of"],
        ["dispatch_telemetry_coverage_ratio"] = ["of"],
        ["dispatch_telemetry_entries"] = ["kind"],
        ["dispatch_telemetry_evicted_total"] = ["kind"],
        ["dispatch_telemetry_parts_total"] = ["result"],
        ["dispatch_telemetry_paths"] = ["level"],
        ["dispatch_telemetry_samples_total"] = ["result"],
        ["dispatch_unserved_mbps"] = ["priority"],
        ["dispatch_watch_updates_total"] = ["kind"],
        ["dispatch_whatif_refused_total"] = ["why"],
        ["dispatch_whatif_runs_total"] = ["result"],
    };

    /// <summary>The labels of a metric, in the order in which they are written; empty for a metric without any.</summary>
    public static IReadOnlyList<string> LabelsOf(string name) => Labelled.GetValueOrDefault(name, []);

    /// <summary>Metrics that are said to have labels.</summary>
    public static IEnumerable<string> Names => Labelled.Keys;

    /// <summary>Makes the page.</summary>
    /// <param name="instruments">What <see cref="PrometheusExporter.Describe"/> gives.</param>
    public static string Render(IReadOnlyList<(string Name, string Type, string Unit, string Description)> instruments)
    {
        StringBuilder page = new();
        page.Append("# Metrics\n\n")
            .Append("Everything that `/metrics` and OTLP can give, made from the program itself ([how to use it](../observability.md)). A metric without a value is left out of the\n")
            .Append("text: those of a shared store without Redis, of certificates without TLS, of a plan before the first solve. No label holds a client's address.\n\n")
            .Append("| metric | kind | unit | |\n| --- | --- | --- | --- |\n");
        foreach ((string name, string type, string unit, string description) in instruments)
        {
            string labels = LabelsOf(name) is { Count: > 0 } known ? "{" + string.Join(',', known) + "}" : "";
            page.Append("| `").Append(name).Append(labels).Append("` | ").Append(type).Append(" | ").Append(unit.StartsWith('{') ? "" : unit).Append(" | ")
                .Append(description.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }
        return page.ToString();
    }
}
