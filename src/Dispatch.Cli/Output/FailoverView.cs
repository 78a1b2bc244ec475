using System.Globalization;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Table;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes what a table answers a region while a planned failure lasts, beside what it answers now.</summary>
internal static class FailoverView
{
    private const int Wanted = 8;

    /// <summary>Every service's answer, as lines of a table or as JSON.</summary>
    public static void Write(Terminal terminal, RoutingTable table, FailureOutcome outcome, int region, bool asJson)
    {
        ulong[] down = new ulong[(table.Content.EdgeCount + 63) / 64];
        foreach (int e in outcome.Scenario.Edges) down[e >> 6] |= 1UL << (e & 63);
        Answer[] answers = [.. Enumerable.Range(0, table.Content.Services.Length).Select(s => AnswerOf(table, s, region, down))];
        if (asJson) WriteJson(terminal.Output, table, outcome, region, answers);
        else WriteTable(terminal, table, outcome, region, answers);
    }

    private static Answer AnswerOf(RoutingTable table, int service, int region, ulong[] down)
    {
        EdgeShare[] now = new EdgeShare[Wanted], then = new EdgeShare[Wanted];
        int before = table.Decide(DecisionRequest.ForRegion(service, region), now).Count;
        Decision decision = table.Decide(DecisionRequest.ForRegion(service, region) with { Down = down }, then);
        return new(table.Content.Services[service].Id, now[..before], then[..decision.Count], decision.FailoverNumber > 0);
    }

    private static void WriteTable(Terminal terminal, RoutingTable table, FailureOutcome outcome, int region, Answer[] answers)
    {
        Grid grid = PlainTable.New(terminal, $"{table.Content.Regions[region].Id} while {outcome.Scenario.Name} is down", "service", "now", "then", "by");
        foreach (Answer a in answers) grid.Row(a.Service, Text(table, a.Now), Text(table, a.Then), a.ByFailover ? "failover" : "main plan");
        PlainTable.Write(terminal, grid);
    }

    private static void WriteJson(TextWriter output, RoutingTable table, FailureOutcome outcome, int region, Answer[] answers) => JsonLine.WriteObject(output, json =>
    {
        json.WriteString("failure", outcome.Scenario.Name);
        json.WriteString("region_id", table.Content.Regions[region].Id);
        json.WriteStartArray("services");
        foreach (Answer a in answers)
        {
            json.WriteStartObject();
            json.WriteString("service", a.Service);
            json.WriteBoolean("by_failover", a.ByFailover);
            foreach ((string name, EdgeShare[] edges) in new[] { ("now", a.Now), ("then", a.Then) })
            {
                json.WriteStartArray(name);
                foreach (EdgeShare share in edges)
                {
                    json.WriteStartObject();
                    json.WriteString("id", table.Content.Edges[share.Edge].Id);
                    json.WriteNumber("weight", share.Weight);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Text(RoutingTable table, EdgeShare[] edges) => string.Join(", ", edges.Take(4).Select(e => e.Weight == 0
        ? table.Content.Edges[e.Edge].Id
        : string.Create(CultureInfo.InvariantCulture, $"{table.Content.Edges[e.Edge].Id} {100.0 * e.Weight / Shares.Whole:F1} %")));

    private sealed record Answer(string Service, EdgeShare[] Now, EdgeShare[] Then, bool ByFailover);
}
