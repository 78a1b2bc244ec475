using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Steering;

/// <summary>What a player is told.</summary>
/// <param name="Reason">Why.</param>
/// <param name="TtlSeconds">For how long.</param>
/// <param name="Pathways">Best first; empty where no edge may serve it.</param>
internal sealed record PathwayAnswer(DecisionReason Reason, int TtlSeconds, IReadOnlyList<Pathway> Pathways);

/// <summary>Ranks pathways for a player by the very decision that <c>Resolve</c> makes for its address. Thread-safe; takes no lock.</summary>
internal sealed class PathwayChoice(SteeringSettings settings, DecisionTally tally, DecisionNotes notes)
{
    /// <summary>Pathway of a service's fallback host.</summary>
    public const string Fallback = "fallback";

    private const int MostEdges = 16;

    private PathwayIds? _ids;

    /// <summary>Ranks them.</summary>
    /// <param name="state">What is in force.</param>
    /// <param name="service">Ordinal of the service.</param>
    /// <param name="client">The player's address; null where it is not known: then the default route serves it.</param>
    /// <param name="query">What it says of itself.</param>
    public PathwayAnswer Choose(ServingState state, int service, ClientAddress? client, SteeringQuery query)
    {
        RoutingTable table = state.Table;
        PathwayIds ids = Ids(table);
        Span<byte> key = stackalloc byte[SteeringQuery.LongestSession];
        Encoding.UTF8.TryGetBytes(query.Session, key, out int written);
        DecisionRequest asked = DecisionRequest.ForAddress(service, client ?? default).Under(state.Overlay) with { SessionKey = key[..written] };
        Span<EdgeShare> ranked = stackalloc EdgeShare[MostEdges];
        Decision decision = table.Decide(asked, ranked);
        tally.Of(table.Content.Services[service].Id).Add(decision.Reason);
        notes.Note(state, asked, decision, ranked);
        ranked = ranked[..decision.Count];
        Reorder(state, ranked, ids.EdgeOf(query.Pathway), query);
        List<Pathway> pathways = [];
        foreach (EdgeShare share in ranked[..Math.Min(settings.Pathways, ranked.Length)]) pathways.Add(new(ids[share.Edge], HostOf(table, service, share.Edge)));
        TableService known = table.Content.Services[service];
        if (decision.Reason == DecisionReason.Fallback && known.FallbackHost is { } host) pathways.Add(new(Fallback, host));
        return new(decision.Reason, decision.TtlSeconds, pathways);
    }

    /// <summary>The edge in use comes first while the plan sends some of the group there and it keeps all of its clients; last where the player says that it is slow.</summary>
    private void Reorder(ServingState state, Span<EdgeShare> ranked, int current, SteeringQuery query)
    {
        int at = -1;
        for (int i = 0; i < ranked.Length; i++)
            if (ranked[i].Edge == current) at = i;
        if (at < 0) return;
        bool isSlow = settings.LowMbps > 0 && query.ThroughputBitsPerSecond > 0 && query.ThroughputBitsPerSecond < settings.LowMbps * 1e6;
        bool keepsAll = current >= state.Overlay.Kept.Length || state.Overlay.Kept[current] >= 100;
        EdgeShare own = ranked[at];
        // Last of those that are answered with: it may still be the better one when the others fail.
        int to = isSlow ? Math.Min(settings.Pathways, ranked.Length) - 1 : settings.Keep && own.Weight > 0 && keepsAll ? 0 : at;
        if (to < at) ranked[to..at].CopyTo(ranked[(to + 1)..]);
        else if (to > at) ranked[(at + 1)..(to + 1)].CopyTo(ranked[at..]);
        ranked[to] = own;
    }

    private string HostOf(RoutingTable table, int service, int edge)
    {
        if (!settings.Clones) return "";
        TableContent content = table.Content;
        if (settings.Host.Length > 0)
            return settings.Host.Replace("{edge}", content.Edges[edge].Id, StringComparison.Ordinal).Replace("{service}", content.Services[service].Id, StringComparison.Ordinal);
        TableEndpoint? best = null;
        foreach (TableEndpoint endpoint in table.Endpoints(service, edge))
            if (best is null || (endpoint.Type == EndpointType.A && best.Type == EndpointType.Aaaa)) best = endpoint;
        return best is null ? "" : best.Type == EndpointType.Aaaa ? $"[{best.Value}]" : best.Value;
    }

    private PathwayIds Ids(RoutingTable table)
    {
        PathwayIds? ids = Volatile.Read(ref _ids);
        if (ids is not null && ReferenceEquals(ids.Table, table)) return ids;
        // Two threads may make them at once; either is good.
        ids = new PathwayIds(table, settings.BasePathway);
        Volatile.Write(ref _ids, ids);
        return ids;
    }
}
