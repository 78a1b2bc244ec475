using System.Text.Json;
using TrafficDispatch.Solve.Failure;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch n1</c> as one JSON object.</summary>
internal static class FailureJson
{
    /// <summary>The summary and the worst failures.</summary>
    public static void Write(TextWriter output, FailureReport report, ReserveReport? reserve, long failoverBytes, int top) => JsonLine.WriteObject(output, json =>
    {
        json.WriteInteger("objective", report.Main.Trace.Objective);
        json.WriteString("world_version", report.Main.Snapshot.World.Version);
        json.WriteNumber("utc_hour", report.Main.Snapshot.UtcHour);
        json.WriteNumber("failures", report.Outcomes.Length);
        json.WriteNumber("absorbed", report.Absorbed);
        json.WriteBoolean("certified", report.Outcomes.All(static o => o.Certified));
        json.WriteString("optimal_over", report.OverAllEdges ? "all-edges" : "candidates");
        json.WriteNumber("rounds", report.Rounds);
        json.WriteNumber("added_candidates", report.AddedCandidates);
        json.WriteNumber("priced_groups", report.PricedGroups);
        json.WriteNumber("pivots", report.Outcomes.Sum(static o => o.Pivots));
        json.WriteNumber("changed_groups", report.Outcomes.Sum(static o => o.Diff.Groups.Length));
        json.WriteNumber("failover_bytes", failoverBytes);
        json.WriteMilliseconds("n1_ms", report.Elapsed);
        if (reserve is not null) WriteReserve(json, reserve);
        json.WriteStartArray("worst");
        foreach (FailureOutcome outcome in report.WorstFirst().Take(top)) WriteOutcome(json, report, outcome);
        json.WriteEndArray();
    });

    private static void WriteReserve(Utf8JsonWriter json, ReserveReport reserve)
    {
        json.WriteStartObject("reserve");
        json.WriteNumber("groups", reserve.Groups.Length);
        json.WriteNumber("best_round", reserve.Best);
        json.WriteInteger("price", reserve.Price);
        json.WriteStartArray("rounds");
        foreach (ReserveRound round in reserve.Rounds)
        {
            json.WriteStartObject();
            json.WriteNumber("tightened", round.Tightened);
            json.WriteNumber("violations", round.Violations);
            json.WriteNumber("unserved_gbps", round.Unserved.Gbps);
            json.WriteInteger("objective", round.Objective);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, FailureReport report, FailureOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("failure", outcome.Scenario.Name);
        json.WriteStartArray("same_as");
        foreach (string name in outcome.Scenario.Names.Skip(1)) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteBoolean("absorbed", outcome.IsAbsorbed);
        json.WriteInteger("objective", outcome.Objective);
        json.WriteInteger("served_cost", outcome.ServedCost);
        json.WriteNumber("lost_gbps", outcome.Lost.Gbps);
        json.WriteNumber("moved_gbps", outcome.Moved.Gbps);
        json.WriteNumber("ripple_gbps", outcome.Ripple.Gbps);
        json.WriteNumber("unserved_gbps", outcome.Unserved.Gbps);
        json.WriteNumber("changed_groups", outcome.Diff.Groups.Length);
        json.WriteBoolean("certified", outcome.Certified);
        WriteUnserved(json, report, outcome);
        WriteFix(json, report, outcome);
        json.WriteEndObject();
    }

    private static void WriteUnserved(Utf8JsonWriter json, FailureReport report, FailureOutcome outcome)
    {
        json.WriteStartArray("unserved_by_class");
        foreach (UnservedClass part in FailureView.ByClass(report, outcome))
        {
            json.WriteStartObject();
            json.WriteTextOrNull("class", part.Class);
            json.WriteNumber("priority", part.Priority);
            json.WriteNumber("more_gbps", Math.Round(part.MoreGbps, 6));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("unserved");
        foreach (UnservedChange change in outcome.UnservedMore)
        {
            (string region, string cls) = FailureView.NameOf(report, change.Group);
            json.WriteStartObject();
            json.WriteString("region_id", region);
            json.WriteTextOrNull("class", cls);
            json.WriteNumber("before_gbps", change.Before.Gbps);
            json.WriteNumber("after_gbps", change.After.Gbps);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFix(Utf8JsonWriter json, FailureReport report, FailureOutcome outcome)
    {
        if (outcome.Fix is not { } fix)
        {
            json.WriteNull("fix");
            return;
        }
        json.WriteStartObject("fix");
        json.WriteStartArray("add");
        foreach (CapacityAddition addition in fix.Additions)
        {
            json.WriteStartObject();
            json.WriteString("kind", addition.Kind);
            json.WriteString("id", addition.Id);
            json.WriteNumber("add_mbps", addition.Added.Value);
            json.WriteInteger("saves_micro_usd_per_gbps_hour", addition.MicroUsdPerGbpsHour);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("unserved_after_gbps", fix.UnservedAfter.Gbps);
        json.WriteInteger("saves", fix.Saves);
        json.WriteStartArray("beyond_capacity");
        foreach (int group in fix.Beyond)
        {
            (string region, string cls) = FailureView.NameOf(report, group);
            json.WriteStringValue(cls.Length == 0 ? region : $"{region} {cls}");
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
