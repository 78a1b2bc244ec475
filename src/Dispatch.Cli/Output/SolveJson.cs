using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.Solve.Loops;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch solve</c> as one JSON object.</summary>
internal static class SolveJson
{
    /// <summary>An optimum.</summary>
    public static void Write(TextWriter output, Assignment assignment) => JsonLine.WriteObject(output, json =>
    {
        SolveTrace trace = assignment.Trace;
        OptimumReport report = OptimumReport.Of(assignment);
        json.WriteInteger("objective", trace.Objective);
        WriteFigures(json, report.Optimum.Overall);
        json.WriteString("status", "optimal");
        json.WriteString("kernel", trace.Kernel);
        json.WriteMilliseconds("solve_ms", trace.SolveTime);
        CertificateJson.Write(json, trace.Certificate);
        WriteGreedy(json, report);
        WriteByClass(json, report.Optimum);
        BaselinesJson.Write(json, report.Baselines);
        WriteContradictions(json, assignment);
        WriteLoops(json, assignment);
        WriteInput(json, assignment.Snapshot);
        json.WriteString("objective_kind", Kind(assignment));
        json.WriteNumber("flow_unit_gbps", 1.0 / assignment.Model.UnitsPerGbps);
        json.WriteNumber("arcs", trace.Arcs);
        json.WriteNumber("rounds", trace.Rounds);
        json.WriteNumber("pivots", trace.Pivots);
        WriteUnserved(json, assignment);
        WriteEdges(json, assignment);
    });

    /// <summary>No optimum: the same first fields, and why.</summary>
    public static void WriteFailure(TextWriter output, Snapshot snapshot, SolveResult result) => JsonLine.WriteObject(output, json =>
    {
        json.WriteNull("objective");
        json.WriteString("status", result.Status.Word());
        json.WriteTextOrNull("cause", result.Cause);
        json.WriteTextOrNull("remedy", result.Remedy);
        WriteInput(json, snapshot);
    });

    /// <summary>The word for the objective that was solved.</summary>
    public static string Kind(Assignment assignment) => assignment.Model.Options.Objective == Objective.Reference ? "reference" : "full";

    private static void WriteLoops(Utf8JsonWriter json, Assignment assignment)
    {
        if (assignment.Loops is not { } loops) return;
        json.WriteStartObject("loops");
        json.WriteNumber("solves", loops.Solves);
        json.WriteInteger("bound", loops.Bound);
        json.WriteInteger("gap", loops.Gap);
        if (loops.LeastUtilisationPermille is { } least) json.WriteNumber("least_utilisation", least / 1000.0);
        json.WriteStartArray("caps");
        foreach (CapPrice cap in loops.Caps)
        {
            json.WriteStartObject();
            json.WriteString("name", cap.Name);
            json.WriteNumber("cap_gbps", cap.Cap / 1000.0);
            json.WriteNumber("load_gbps", cap.Load / 1000.0);
            json.WriteNumber("price_micro_usd_per_mbps_hour", cap.Price);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, Snapshot snapshot)
    {
        json.WriteString("world_version", snapshot.World.Version);
        json.WriteNumber("utc_hour", snapshot.UtcHour);
    }

    private static void WriteGreedy(Utf8JsonWriter json, OptimumReport report)
    {
        PlanReport greedy = report.Baselines.Single(static b => b.Name == GreedyBaseline.Name).Plan;
        json.WriteStartObject("greedy");
        json.WriteInteger("objective", greedy.Objective);
        WriteFigures(json, greedy.Overall);
        json.WriteEndObject();
    }

    /// <summary>A plan's figures as fields of the object that is open.</summary>
    internal static void WriteFigures(Utf8JsonWriter json, PlanFigures figures)
    {
        json.WriteNumber("unserved_gbps", figures.Unserved.Gbps);
        json.WriteNumber("demand_gbps", figures.Demand.Gbps);
        json.WriteNumber("cost_usd_per_hour", (double)figures.CostMicroUsdPerHour / 1e6);
        json.WriteInteger("cost_micro_usd_per_hour", figures.CostMicroUsdPerHour);
        json.WriteNumber("mean_rtt_ms", figures.MeanRtt.Milliseconds);
        json.WriteNumber("p50_rtt_ms", figures.P50Rtt.Milliseconds);
        json.WriteNumber("p95_rtt_ms", figures.P95Rtt.Milliseconds);
        json.WriteNumber("p99_rtt_ms", figures.P99Rtt.Milliseconds);
    }

    /// <summary>A plan's figures by class as the array <c>by_class</c>.</summary>
    internal static void WriteByClass(Utf8JsonWriter json, PlanReport plan)
    {
        json.WriteStartArray("by_class");
        foreach (ClassFigures of in plan.ByClass)
        {
            json.WriteStartObject();
            json.WriteString("class", of.ClassId);
            json.WriteNumber("priority", of.Priority);
            WriteFigures(json, of.Figures);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteContradictions(Utf8JsonWriter json, Assignment assignment)
    {
        json.WriteStartArray("contradictions");
        foreach (Contradiction found in assignment.Contradictions)
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

    private static void WriteUnserved(Utf8JsonWriter json, Assignment assignment)
    {
        json.WriteStartArray("unserved");
        foreach (UnservedGroup group in AssignmentView.Unserved(assignment))
        {
            json.WriteStartObject();
            json.WriteString("region_id", group.RegionId);
            json.WriteTextOrNull("class", group.Class);
            json.WriteNumber("unserved_gbps", group.Gbps);
            json.WriteNumber("demand_gbps", group.DemandGbps);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteEdges(Utf8JsonWriter json, Assignment assignment)
    {
        json.WriteStartArray("edges");
        foreach (EdgeLoad load in AssignmentView.Edges(assignment))
        {
            json.WriteStartObject();
            json.WriteString("id", load.Edge.Id);
            json.WriteString("operator", load.Edge.Operator);
            json.WriteNumber("load_gbps", load.LoadGbps);
            json.WriteNumber("capacity_gbps", load.CapacityGbps);
            json.WriteNumber("shadow_price", load.ShadowPrice);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
