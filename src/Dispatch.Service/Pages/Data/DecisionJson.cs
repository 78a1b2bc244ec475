using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>Which edges a client gets and why: decided by the table in force under its overlay, as <c>Resolve</c> does, and not counted as one.</summary>
internal static class DecisionJson
{
    private const int MostPassedOver = 4;

    /// <summary>Writes it.</summary>
    /// <param name="moment">The moment; it has a table.</param>
    /// <param name="asked">Who asks for what.</param>
    public static byte[] Of(PageMoment moment, AskedClient asked)
    {
        RoutingTable table = moment.State!.Table;
        EdgeShare[] ranked = new EdgeShare[Resolver.MostEdges];
        Decision decision = table.Decide(asked.Request().Under(moment.State.Overlay) with { SessionKey = asked.Session }, ranked);
        EdgeShare[] edges = ranked[..decision.Count];
        string why = table.Explain(decision, edges);
        return JsonBytes.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", asked.Kind);
            json.WriteString("asked", asked.Text);
            json.WriteString("table", table.Version.ToString());
            json.WriteNumber("overlay", moment.State.OverlayVersion);
            json.WriteString("service", table.Content.Services[decision.Service].Id);
            json.WriteString("code", ReasonNames.Of(decision.Reason));
            json.WriteString("why", why);
            json.WriteNumber("ttl", decision.TtlSeconds);
            WriteClient(json, table, decision, asked);
            int region = moment.World is { } world && decision.Region >= 0 ? world.RegionOrdinal(table.Content.Regions[decision.Region].Id) : -1;
            json.WriteObjects("edges", edges, (j, e) => WriteEdge(j, moment, decision, e, region));
            if (region >= 0) json.WriteObjects("passedOver", PassedOver(moment, decision, edges, region), (j, e) => WritePassedOver(j, moment, e, decision, region));
            json.WriteEndObject();
        });
    }

    private static void WriteClient(Utf8JsonWriter json, RoutingTable table, in Decision decision, AskedClient asked)
    {
        if (decision.Region >= 0) json.WriteNumber("region", decision.Region);
        if (decision.Network.Length > 0) json.WriteString("network", decision.Network);
        if (asked.Somebody is { } somebody)
        {
            if (decision.MatchedLength >= 0) json.WriteString("prefix", IpPrefix.Around(somebody, decision.MatchedLength).ToString());
            json.WriteString("scope", IpPrefix.Around(somebody, decision.ScopeLength).ToString());
            int granule = somebody.IsIPv6 ? table.Content.ClientGranuleV6 : table.Content.ClientGranuleV4;
            json.WriteString("key", decision.IsKeyed ? "session key" : IpPrefix.Around(somebody, granule).ToString());
        }
        else json.WriteString("key", decision.IsKeyed ? "session key" : "the region's id");
        if (decision.FailoverNumber > 0) json.WriteString("failover", table.Content.Failovers.Name[decision.FailoverNumber - 1]);
        if (decision.Reason == DecisionReason.Fallback) json.WriteString("fallbackHost", table.Content.Services[decision.Service].FallbackHost);
    }

    private static void WriteEdge(Utf8JsonWriter json, PageMoment moment, in Decision decision, EdgeShare edge, int region)
    {
        RoutingTable table = moment.State!.Table;
        json.WriteNumber("edge", edge.Edge);
        json.WriteNumber("share", Math.Round((double)edge.Weight / Shares.Whole, 4));
        json.WriteStartArray("endpoints");
        foreach (TableEndpoint endpoint in table.Endpoints(decision.Service, edge.Edge)) json.WriteStringValue($"{endpoint.Type.ToString().ToUpperInvariant()} {endpoint.Value}");
        json.WriteEndArray();
        WriteDistance(json, moment, edge.Edge, region);
    }

    private static void WriteDistance(Utf8JsonWriter json, PageMoment moment, int edge, int region)
    {
        if (region >= 0 && OrdinalNow(moment, edge) is >= 0 and int now) json.WriteNumber("rttUs", moment.World!.Rtt[region, now].ToMicroseconds().Value);
    }

    private static int OrdinalNow(PageMoment moment, int edge) => moment.World?.EdgeOrdinal(moment.State!.Table.Content.Edges[edge].Id) ?? -1;

    /// <summary>Edges nearer than the one answered that are not among those answered, nearest first.</summary>
    private static IEnumerable<int> PassedOver(PageMoment moment, in Decision decision, EdgeShare[] answered, int region)
    {
        World world = moment.World!;
        double best = decision.Count > 0 && OrdinalNow(moment, answered[0].Edge) is >= 0 and int first ? world.Rtt[region, first].Value : double.PositiveInfinity;
        HashSet<int> known = [.. answered.Select(static e => (int)e.Edge)];
        return Enumerable.Range(0, moment.State!.Table.Content.EdgeCount).Where(e => !known.Contains(e)).Select(e => (Edge: e, Now: OrdinalNow(moment, e)))
            .Where(e => e.Now >= 0 && world.Rtt[region, e.Now].Value < best).OrderBy(e => world.Rtt[region, e.Now].Value).Take(MostPassedOver).Select(static e => e.Edge);
    }

    private static void WritePassedOver(Utf8JsonWriter json, PageMoment moment, int edge, in Decision decision, int region)
    {
        json.WriteNumber("edge", edge);
        WriteDistance(json, moment, edge, region);
        json.WriteString("because", Because(moment, edge, decision, region));
    }

    /// <summary>What the facts alone tell; prices and contracts the solve weighs.</summary>
    private static string Because(PageMoment moment, int edge, in Decision decision, int region)
    {
        World world = moment.World!;
        Edge now = world.Edges[OrdinalNow(moment, edge)];
        HealthState state = NodeStates.Of(moment.State!, edge);
        if (state != HealthState.Up) return NodeStates.Word(state);
        if (!world.Law.Allows(world.Regions[region], now)) return "law";
        int service = world.ServiceOrdinal(moment.State!.Table.Content.Services[decision.Service].Id);
        if (service >= 0 && !Admits(world.Services[service], now)) return "service";
        return moment.Traffic.IsKnown && moment.Traffic.EdgeCapacity[edge] >= 0 && moment.Traffic.EdgeLoad[edge] >= moment.Traffic.EdgeCapacity[edge] ? "full" : "dearer";
    }

    private static bool Admits(Model.Service service, Edge edge) =>
        (service.Operators.IsEmpty || service.Operators.Contains(edge.Operator)) && (service.Edges.IsEmpty || service.Edges.Contains(edge.Id));
}
