using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes what the service has in force.</summary>
internal static class StatusReport
{
    /// <summary>One JSON object, fields named as in the protocol; plans in the units of <c>dispatch solve</c>.</summary>
    public static void WriteJson(TextWriter output, StatusReply reply) => JsonLine.WriteObject(output, json =>
    {
        json.WriteString("state", reply.State);
        ReplyJson.WriteVersions(json, reply.TableEpoch, reply.TableVersion, reply.OverlayVersion);
        json.WriteTextOrNull("content_hash", reply.ContentHash);
        json.WriteTextOrNull("world_version", reply.WorldVersion);
        json.WriteNumber("utc_hour", reply.UtcHour);
        if (Published(reply) is { } time) json.WriteString("published_at", time);
        else json.WriteNull("published_at");
        json.WriteNumber("table_age_seconds", double.IsFinite(reply.TableAgeSeconds) ? reply.TableAgeSeconds : 0);
        json.WriteTextOrNull("solve_status", reply.SolveStatus);
        json.WriteTextOrNull("kernel", reply.Kernel);
        json.WriteNumber("solve_ms", double.IsFinite(reply.SolveMs) ? reply.SolveMs : 0);
        json.WriteBoolean("certificate_valid", reply.CertificateValid);
        WritePlan(json, "optimum", reply.Optimum);
        WritePlan(json, "greedy", reply.Greedy);
        WriteBaselines(json, reply);
        StatusOutlook.WriteJson(json, reply);
        StatusReplica.WriteJson(json, reply);
        WriteCounts(json, reply);
        json.WriteTextOrNull("last_error", reply.LastError);
        json.WriteTextOrNull("program_version", reply.ProgramVersion);
    });

    /// <summary>A table of what matters to an operator.</summary>
    public static void WriteText(Terminal terminal, StatusReply reply)
    {
        Grid table = PlainTable.New(terminal, "service", "", "");
        table.Row("state", reply.State);
        if (reply.TableVersion > 0) AddTable(table, reply);
        if (reply.Optimum is { } best) table.Row("optimum", Plan(best));
        if (reply.Greedy is { } greedy) table.Row("greedy", Plan(greedy));
        foreach (Baseline baseline in reply.Baselines) table.Row("saves beside " + baseline.Name, Saves(baseline.OptimumSaves ?? new()));
        foreach (Contradiction found in reply.Contradictions) table.Row("contradiction", $"{found.Subject}: {found.Rule}; remedy: {found.Remedy}");
        StatusReplica.Add(table, reply);
        StatusOutlook.Add(table, reply);
        table.Row("knows", Text($"{reply.Regions} regions, {reply.Edges} edges, {reply.Relays} relays, {reply.Origins} origins, {reply.Services} services, {reply.Prefixes} prefixes"));
        table.Row("publishes", Text($"{reply.PublishesTotal}, failures {reply.PublishFailuresTotal}"));
        if (reply.LastError.Length > 0) table.Row("last error", reply.LastError);
        table.Row("program", reply.ProgramVersion);
        table.ShowHeaders = false;
        PlainTable.Write(terminal, table);
    }

    private static void AddTable(Grid table, StatusReply reply)
    {
        table.Row("table", Text($"{reply.TableEpoch}.{reply.TableVersion}, overlay {reply.OverlayVersion}"));
        table.Row("content", reply.ContentHash);
        table.Row("world", Text($"{reply.WorldVersion} at {reply.UtcHour:D2}:00 UTC"));
        table.Row("published", Text($"{Published(reply) ?? "never"}, {reply.TableAgeSeconds:F1} s ago"));
        table.Row("solve", Text($"{reply.SolveStatus}, {reply.Kernel}, {reply.SolveMs:F1} ms, {(reply.CertificateValid ? "proved" : "not proved")}"));
    }

    private static string? Published(StatusReply reply) => reply.PublishedAt is { } time
        ? time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : null;

    private static string Plan(PlanFigures plan) => Text(
        $"unserved {plan.UnservedMbps / 1000.0:F3} of {plan.DemandMbps / 1000.0:F3} Gbit/s, {plan.CostMicroUsdPerHour / 1e6:F2} USD an hour, mean {plan.MeanRttUs / 1000.0:F1} ms");

    private static string Saves(PlanWorth worth) => Text(
        $"unserved {worth.UnservedMbps / 1000.0:F3} Gbit/s, {worth.CostMicroUsdPerHour / 1e6:F2} USD an hour ({worth.CostAtEqualVolumeMicroUsdPerHour / 1e6:F2} at equal volume), median {worth.P50RttUs / 1000.0:F1} ms, 95 % {worth.P95RttUs / 1000.0:F1} ms");

    private static void WriteBaselines(Utf8JsonWriter json, StatusReply reply)
    {
        json.WriteStartArray("baselines");
        foreach (Baseline baseline in reply.Baselines)
        {
            PlanWorth worth = baseline.OptimumSaves ?? new();
            json.WriteStartObject();
            json.WriteString("name", baseline.Name);
            json.WriteString("rule", baseline.Rule);
            WritePlan(json, "figures", baseline.Figures);
            json.WriteStartObject("optimum_saves");
            json.WriteNumber("unserved_gbps", worth.UnservedMbps / 1000.0);
            json.WriteNumber("cost_usd_per_hour", worth.CostMicroUsdPerHour / 1e6);
            json.WriteNumber("cost_at_equal_volume_usd_per_hour", worth.CostAtEqualVolumeMicroUsdPerHour / 1e6);
            json.WriteNumber("mean_rtt_ms", worth.MeanRttUs / 1000.0);
            json.WriteNumber("p50_rtt_ms", worth.P50RttUs / 1000.0);
            json.WriteNumber("p95_rtt_ms", worth.P95RttUs / 1000.0);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("contradictions");
        foreach (Contradiction found in reply.Contradictions)
        {
            json.WriteStartObject();
            json.WriteString("kind", found.Kind);
            json.WriteString("subject", found.Subject);
            json.WriteString("rule", found.Rule);
            json.WriteString("remedy", found.Remedy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePlan(Utf8JsonWriter json, string name, PlanFigures? plan)
    {
        if (plan is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("unserved_gbps", plan.UnservedMbps / 1000.0);
        json.WriteNumber("demand_gbps", plan.DemandMbps / 1000.0);
        json.WriteNumber("cost_usd_per_hour", plan.CostMicroUsdPerHour / 1e6);
        json.WriteNumber("mean_rtt_ms", plan.MeanRttUs / 1000.0);
        json.WriteNumber("p50_rtt_ms", plan.P50RttUs / 1000.0);
        json.WriteNumber("p95_rtt_ms", plan.P95RttUs / 1000.0);
        json.WriteNumber("p99_rtt_ms", plan.P99RttUs / 1000.0);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, StatusReply reply)
    {
        json.WriteNumber("regions", reply.Regions);
        json.WriteNumber("edges", reply.Edges);
        json.WriteNumber("relays", reply.Relays);
        json.WriteNumber("origins", reply.Origins);
        json.WriteNumber("services", reply.Services);
        json.WriteNumber("prefixes", reply.Prefixes);
        json.WriteNumber("publishes_total", reply.PublishesTotal);
        json.WriteNumber("publish_failures_total", reply.PublishFailuresTotal);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
