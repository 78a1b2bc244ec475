using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TrafficDispatch.Cli.Commands;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Explain;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch explain</c>.</summary>
internal sealed class ExplainReport(Assignment assignment, ExplainQuestion question, int group, ImmutableArray<EdgeExplanation> edges)
{
    private World World => assignment.Snapshot.World;

    /// <summary>For people: a sentence why and a sentence what would change it, an edge each.</summary>
    public void Write(Terminal terminal)
    {
        ClientRegion region = World.Regions[question.Region];
        terminal.Output.Write(Text(
            $"{World.Services[question.Service].Id} in {region.Id} ({region.Place.City}, {region.Country}) at {assignment.Snapshot.UtcHour:D2}:00 UTC: {Gbps(assignment.Model.Groups[group].Demand):F3} Gbit/s asked for, {Gbps(assignment.Optimum.Unserved(group)):F3} unserved; one more Mbit/s would cost {assignment.GroupPrices[group] / 1e6:0.######} USD an hour\n\n"));
        foreach (EdgeExplanation e in edges)
        {
            string cheaper = e.ReducedCost is { } reduced ? Text($", reduced cost {reduced}") : "";
            terminal.Output.Write(Text(
                $"{World.Edges[e.Edge].Id}: {Code(e.Verdict)}, {Gbps(e.Volume):F3} Gbit/s, {e.RttMs:0.#} ms{cheaper}\n  why     {e.Why}\n  change  {e.Change}\n"));
        }
    }

    /// <summary>As one line of JSON.</summary>
    public void WriteJson(TextWriter output) => JsonLine.WriteObject(output, json =>
    {
        json.WriteString("region_id", World.Regions[question.Region].Id);
        json.WriteString("service", World.Services[question.Service].Id);
        json.WriteNumber("utc_hour", assignment.Snapshot.UtcHour);
        json.WriteNumber("demand_gbps", Gbps(assignment.Model.Groups[group].Demand));
        json.WriteNumber("unserved_gbps", Gbps(assignment.Optimum.Unserved(group)));
        json.WriteNumber("group_price_micro_usd_per_mbps_hour", assignment.GroupPrices[group]);
        json.WriteStartArray("edges");
        foreach (EdgeExplanation e in edges) WriteEdge(json, e);
        json.WriteEndArray();
    });

    private void WriteEdge(Utf8JsonWriter json, EdgeExplanation e)
    {
        json.WriteStartObject();
        json.WriteString("edge", World.Edges[e.Edge].Id);
        json.WriteString("reason", Code(e.Verdict));
        json.WriteNumber("gbps", Gbps(e.Volume));
        json.WriteNumber("rtt_ms", e.RttMs);
        if (e.ReducedCost is { } reduced) json.WriteNumber("reduced_cost_micro_usd_per_mbps_hour", reduced);
        else json.WriteNull("reduced_cost_micro_usd_per_mbps_hour");
        WriteCost(json, e.Cost);
        json.WriteStartArray("bounds");
        foreach (BindingBound bound in e.Bounds)
        {
            json.WriteStartObject();
            json.WriteString("kind", bound.Kind);
            json.WriteString("id", bound.Id);
            json.WriteNumber("room_gbps", Gbps(bound.Room));
            json.WriteNumber("value_micro_usd_per_mbps_hour", bound.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("why", e.Why);
        json.WriteString("change", e.Change);
        json.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter json, UnitCost? cost)
    {
        if (cost is null)
        {
            json.WriteNull("unit_cost");
            return;
        }
        json.WriteStartObject("unit_cost");
        json.WriteNumber("money", cost.Money);
        json.WriteNumber("latency", cost.Latency);
        json.WriteNumber("loss", cost.Loss);
        json.WriteNumber("move", cost.Move);
        json.WriteNumber("door", cost.Door);
        json.WriteNumber("total", cost.Total);
        json.WriteEndObject();
    }

    private double Gbps(long units) => units / (double)assignment.Model.UnitsPerGbps;

    /// <summary>A verdict as programs know it: words in lower case with underscores.</summary>
    private static string Code(EdgeVerdict verdict)
    {
        StringBuilder code = new();
        foreach (char c in verdict.ToString())
        {
            if (char.IsUpper(c) && code.Length > 0) code.Append('_');
            code.Append(char.ToLowerInvariant(c));
        }
        return code.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
