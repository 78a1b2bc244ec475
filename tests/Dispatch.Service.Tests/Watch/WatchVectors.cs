using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TrafficDispatch.Client;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Watch;

/// <summary>Makes the published vectors: streams of updates, and after each of them decisions of the whole table.</summary>
internal static class WatchVectors
{
    private static readonly JsonFormatter Format = new(JsonFormatter.Settings.Default);

    private static readonly (string Name, DrawnTable Table, TableSelection Selection)[] Streams =
    [
        ("everything", new(3, 3, 6, 2, 3, 12, 3), TableSelection.Everything),
        ("two regions and two services", new(8, 4, 7, 2, 3, 16, 2), new(["R-1", "R-3"], ["s-0", "s-2"], Prefixes: true)),
        ("regions alone", new(21, 3, 5, 1, 2, 6, 2), new(["R-0", "R-2"], [], Prefixes: false)),
    ];

    public static string Make()
    {
        StringBuilder text = new("{\n  \"streams\": [\n");
        text.AppendJoin(",\n", Streams.Select(static s => StreamOf(s.Name, s.Table, s.Selection)));
        return text.Append("\n  ]\n}\n").ToString();
    }

    private static string StreamOf(string name, DrawnTable drawn, TableSelection selection)
    {
        List<string> updates = [];
        DispatchTable? held = null;
        // A full table, the same under another overlay, another version of it, one with another set of edges.
        (int Seed, int Edges, int Overlay)[] steps = [(0, 0, 11), (0, 0, 15), (1, 0, 13), (2, 1, 12)];
        for (int i = 0; i < steps.Length; i++)
        {
            DrawnTable now = drawn with { Seed = drawn.Seed + steps[i].Seed, Edges = drawn.Edges + steps[i].Edges, Prefixes = drawn.Prefixes + i / 3 };
            ServingState state = now.Under(now.Table(new(1, i + 1)), steps[i].Overlay);
            List<TableUpdate> messages = [];
            held = WatchedDecisionProperties.Apply(held, state, selection, messages.Add);
            IEnumerable<string> decisions = Enumerable.Range(0, 30).Select(q => Decision(now, state, selection, new Random(1000 * i + q), q)).OfType<JsonArray>().Select(static d => "            " + d.ToJsonString());
            updates.Add("        {\n          \"messages\": [\n" + string.Join(",\n", messages.Select(static m => "            " + Format.Format(m)))
                + "\n          ],\n          \"decisions\": [\n" + string.Join(",\n", decisions) + "\n          ]\n        }");
        }
        return $"    {{\n      \"name\": \"{name}\",\n      \"updates\": [\n{string.Join(",\n", updates)}\n      ]\n    }}";
    }

    private static JsonArray? Decision(DrawnTable drawn, ServingState state, TableSelection selection, Random dice, int number)
    {
        RoutingTable table = state.Table;
        int service = dice.Next(drawn.Services), region = dice.Next(drawn.Regions), count = dice.Next(1, 6);
        // A few of what is not held; most of what is.
        while (dice.Next(8) > 0 && !Holds(selection.Services, table.Content.Services[service].Id)) service = dice.Next(drawn.Services);
        while (dice.Next(8) > 0 && !Holds(selection.Regions, table.Content.Regions[region].Id)) region = dice.Next(drawn.Regions);
        bool byRegion = dice.Next(selection.Prefixes ? 2 : 10) > 0;
        ClientAddress address = dice.Next(2) == 0
            ? ClientAddress.FromV4((10u << 24) + (uint)dice.Next(1 << 22))
            : ClientAddress.FromV6(((UInt128)0x20010DB8 << 96) + ((UInt128)dice.Next(1 << 30) << 58));
        ushort[] excluded = [.. Enumerable.Range(0, dice.Next(2)).Select(_ => (ushort)dice.Next(drawn.Edges))];
        string session = dice.Next(2) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"user-{number}");
        JsonObject question = new() { ["service"] = table.Content.Services[service].Id, ["count"] = count };
        if (byRegion) question["region"] = table.Content.Regions[region].Id;
        else question["address"] = address.ToString();
        if (session.Length > 0) question["session"] = session;
        if (excluded.Length > 0) question["exclude"] = new JsonArray([.. excluded.Select(e => (JsonNode)table.Content.Edges[e].Id)]);

        EdgeShare[] ranked = new EdgeShare[count];
        DecisionRequest request = byRegion ? DecisionRequest.ForRegion(service, region) : DecisionRequest.ForAddress(service, address);
        Decision decision = table.Decide((request with { SessionKey = Encoding.UTF8.GetBytes(session), Excluded = excluded }).Under(state.Overlay), ranked);
        string at = decision.Region >= 0 ? table.Content.Regions[decision.Region].Id : "";
        bool held = Holds(selection.Services, table.Content.Services[service].Id) && (byRegion || selection.Prefixes) && (at.Length == 0 || Holds(selection.Regions, at));
        return [question, held ? Answer(table, decision, ranked, at) : null];
    }

    private static bool Holds(ImmutableArray<string> selected, string id) => selected.IsEmpty || selected.Contains(id);

    private static JsonObject Answer(RoutingTable table, in Decision decision, ReadOnlySpan<EdgeShare> ranked, string region)
    {
        TableService service = table.Content.Services[decision.Service];
        JsonArray edges = [], endpoints = [];
        foreach (EdgeShare share in ranked[..decision.Count])
        {
            edges.Add((JsonNode)new JsonArray(table.Content.Edges[share.Edge].Id, share.Weight));
            foreach (TableEndpoint endpoint in table.Endpoints(decision.Service, share.Edge)) endpoints.Add((JsonNode)endpoint.Value);
        }
        return new()
        {
            ["reason"] = (int)decision.Reason,
            ["edges"] = edges,
            ["region"] = region,
            ["network"] = decision.Network,
            ["scope"] = decision.ScopeLength,
            ["ttl"] = decision.TtlSeconds,
            ["fallback_host"] = decision.Reason == DecisionReason.Fallback ? service.FallbackHost : "",
            ["endpoints"] = endpoints,
        };
    }
}
