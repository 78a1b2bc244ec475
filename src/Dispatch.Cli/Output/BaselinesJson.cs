using System.Collections.Immutable;
using System.Text.Json;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the baselines beside an optimum as the array <c>baselines</c>.</summary>
internal static class BaselinesJson
{
    /// <summary>Each with its rule, its figures overall and by class, and what the optimum saves beside it.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<BaselineReport> baselines)
    {
        json.WriteStartArray("baselines");
        foreach (BaselineReport baseline in baselines)
        {
            json.WriteStartObject();
            json.WriteString("name", baseline.Name);
            json.WriteString("rule", baseline.Rule);
            json.WriteInteger("objective", baseline.Plan.Objective);
            SolveJson.WriteFigures(json, baseline.Plan.Overall);
            SolveJson.WriteByClass(json, baseline.Plan);
            WriteWorth(json, baseline.Worth);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteWorth(Utf8JsonWriter json, PlanWorth worth)
    {
        json.WriteStartObject("optimum_saves");
        json.WriteInteger("objective", worth.ObjectiveSaved);
        json.WriteNumber("cost_usd_per_hour", (double)worth.CostSavedMicroUsdPerHour / 1e6);
        json.WriteInteger("cost_micro_usd_per_hour", worth.CostSavedMicroUsdPerHour);
        json.WriteNumber("cost_at_equal_volume_usd_per_hour", (double)worth.CostSavedAtEqualVolumeMicroUsdPerHour / 1e6);
        json.WriteNumber("mean_rtt_ms", worth.MeanRttSavedMicroseconds / 1000.0);
        json.WriteNumber("p50_rtt_ms", worth.P50RttSavedMicroseconds / 1000.0);
        json.WriteNumber("p95_rtt_ms", worth.P95RttSavedMicroseconds / 1000.0);
        json.WriteNumber("unserved_gbps", worth.UnservedSavedMbps / 1000.0);
        json.WriteStartArray("by_class");
        foreach (ClassWorth of in worth.ByClass)
        {
            json.WriteStartObject();
            json.WriteString("class", of.ClassId);
            json.WriteNumber("priority", of.Priority);
            json.WriteNumber("unserved_gbps", of.UnservedSavedMbps / 1000.0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
