using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>What <c>dispatch streams</c> answers.</summary>
internal sealed record StreamsAnswer(
    Snapshot Snapshot, AudienceOptions Audience, StreamPlan Plan, TimeSpan DrawTime, TimeSpan PlanTime, StreamFigures Ours, StreamFigures Nearest,
    StreamFigures Hierarchy, StreamFigures Spilling);

/// <summary>Writes a stream plan beside the fixed rules.</summary>
internal static class StreamsReport
{
    /// <summary>One JSON object; rates in Gbit/s, times in milliseconds.</summary>
    public static void WriteJson(TextWriter output, StreamsAnswer answer) => JsonLine.WriteObject(output, json =>
    {
        json.WriteNumber("streams", answer.Plan.Audience.Registry.Streams.Length);
        json.WriteNumber("zipf", answer.Audience.Zipf);
        json.WriteNumber("seed", answer.Audience.Seed);
        json.WriteNumber("viewers", answer.Ours.Viewers);
        json.WriteNumber("wants", answer.Ours.Wants);
        WriteFigures(json, "plan", answer.Ours);
        WriteFigures(json, "nearest_relay", answer.Nearest);
        WriteFigures(json, "hierarchy", answer.Hierarchy);
        WriteFigures(json, "hierarchy_with_spill", answer.Spilling);
        WriteStage(json, "edge_stage", answer.Plan.EdgeStage!);
        WriteStage(json, "trunk_stage", answer.Plan.TrunkStage!);
        json.WriteNumber("relay_copies", answer.Plan.Feeds.Length);
        json.WriteNumber("copies_for_law", answer.Plan.CopiesForLaw);
        json.WriteMilliseconds("audience_ms", answer.DrawTime);
        json.WriteMilliseconds("plan_ms", answer.PlanTime);
        json.WriteString("world_version", answer.Snapshot.World.Version);
        json.WriteNumber("utc_hour", answer.Snapshot.UtcHour);
    });

    /// <summary>The four side by side, and how the plan was made.</summary>
    public static void WriteText(Terminal terminal, StreamsAnswer answer)
    {
        Grid table = PlainTable.New(terminal, string.Create(CultureInfo.InvariantCulture,
            $"{answer.Plan.Audience.Registry.Streams.Length} streams, Zipf {answer.Audience.Zipf}, at {answer.Snapshot.UtcHour:D2}:00 UTC"),
            "", "plan>", "nearest relay>", "hierarchy>", "with spill>");
        Row(table, answer, "from origins, Gbit/s", static f => f.FromOrigins.Gbps);
        Row(table, answer, "between relays, Gbit/s", static f => f.BetweenRelays.Gbps);
        Row(table, answer, "to edges, Gbit/s", static f => f.ToEdges.Gbps);
        Row(table, answer, "beyond capacity, Gbit/s", static f => f.Overload.Gbps);
        Row(table, answer, "overloaded nodes and links", static f => f.Overloaded, "F0");
        Row(table, answer, "round trip, mean ms", static f => f.MeanRtt.Milliseconds);
        Row(table, answer, "round trip, 95 % ms", static f => f.P95Rtt.Milliseconds);
        Row(table, answer, "weight, mean ms", static f => f.MeanWeight.Milliseconds);
        Row(table, answer, "weight, 95 % ms", static f => f.P95Weight.Milliseconds);
        Row(table, answer, "most hops", static f => f.MaxDepth, "F0");
        Row(table, answer, "edge-stream pairs unreached", static f => f.Unreached, "F0");
        PlainTable.Write(terminal, table);
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{answer.Ours.Viewers} viewers watch {answer.Ours.Wants} pairs of an edge and a stream; planned in {answer.PlanTime.TotalMilliseconds:F0} ms\n"));
        WriteStage(terminal, "edges to relays", answer.Plan.EdgeStage!);
        WriteStage(terminal, "relays to origins", answer.Plan.TrunkStage!);
    }

    private static void Row(Grid table, StreamsAnswer answer, string name, Func<StreamFigures, double> figure, string format = "F1") => table.Row(
        name, figure(answer.Ours).ToString(format, CultureInfo.InvariantCulture), figure(answer.Nearest).ToString(format, CultureInfo.InvariantCulture),
        figure(answer.Hierarchy).ToString(format, CultureInfo.InvariantCulture), figure(answer.Spilling).ToString(format, CultureInfo.InvariantCulture));

    private static void WriteStage(Terminal terminal, string name, StreamStage stage) => terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
        $"{name}: {stage.Bundles} whole streams in {stage.Classes} classes, {stage.Arcs} arcs, {stage.Kernel}; at most {100 * stage.Gap:F3} % above the certified bound\n"));

    private static void WriteFigures(Utf8JsonWriter json, string name, StreamFigures figures)
    {
        json.WriteStartObject(name);
        json.WriteNumber("from_origins_gbps", figures.FromOrigins.Gbps);
        json.WriteNumber("between_relays_gbps", figures.BetweenRelays.Gbps);
        json.WriteNumber("to_edges_gbps", figures.ToEdges.Gbps);
        json.WriteNumber("overload_gbps", figures.Overload.Gbps);
        json.WriteNumber("overloaded", figures.Overloaded);
        json.WriteNumber("mean_rtt_ms", figures.MeanRtt.Milliseconds);
        json.WriteNumber("p95_rtt_ms", figures.P95Rtt.Milliseconds);
        json.WriteNumber("mean_weight_ms", figures.MeanWeight.Milliseconds);
        json.WriteNumber("p95_weight_ms", figures.P95Weight.Milliseconds);
        json.WriteNumber("unreached", figures.Unreached);
        json.WriteNumber("max_depth", figures.MaxDepth);
        json.WriteStartArray("by_depth");
        foreach (int pairs in figures.ByDepth) json.WriteNumberValue(pairs);
        json.WriteEndArray();
        json.WriteStartArray("streams_by_depth");
        foreach (int streams in figures.StreamsByDepth) json.WriteNumberValue(streams);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStage(Utf8JsonWriter json, string name, StreamStage stage)
    {
        json.WriteStartObject(name);
        json.WriteNumber("classes", stage.Classes);
        json.WriteNumber("bundles", stage.Bundles);
        json.WriteNumber("arcs", stage.Arcs);
        json.WriteString("kernel", stage.Kernel);
        json.WriteInteger("lower_bound", stage.LowerBound);
        json.WriteInteger("cost", stage.Cost);
        json.WriteNumber("gap", Math.Round(stage.Gap, 9));
        json.WriteBoolean("certificate_valid", stage.CertificateValid);
        json.WriteEndObject();
    }
}
