using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>Puts decisions into words.</summary>
internal static class Explanation
{
    public static string Of(TableContent content, in Decision decision, ReadOnlySpan<EdgeShare> ranked)
    {
        string who = Client(content, decision);
        string key = decision.IsKeyed ? "the session key" : decision.IsByRegion ? "the region's key" : "this client's key";
        string first = decision.Count > 0 ? content.Edges[ranked[0].Edge].Id : "";
        TableService service = content.Services[decision.Service];
        return decision.Reason switch
        {
            DecisionReason.Assigned =>
                $"{who}: the plan sends {Percent(decision.Share)} of its {service.Id} traffic to {first}; {key} falls to it.",
            DecisionReason.DefaultRoute =>
                $"{who}: the default route of service {service.Id} sends {Percent(decision.Share)} of such clients to {first}; {key} falls to it.",
            DecisionReason.Failover =>
                $"{who}: while {content.Failovers.Name[decision.FailoverNumber - 1]} is down, the plan made for that sends {Percent(decision.Share)} of its "
                + $"{service.Id} traffic to {first}; {key} falls to it.",
            DecisionReason.LoadShed =>
                $"{who}: {key} falls to {content.Edges[decision.ShedFromNumber - 1].Id}, which keeps {Number(decision.KeptPercent)} % of its clients for now "
                + $"(it is over its ceiling, or coming back); {first} is the next allowed edge with room.",
            DecisionReason.OverCapacity =>
                $"{who}: demand exceeds what may serve it by {Percent(decision.Share)} and {key} falls into that part; "
                + $"service {service.Id} spills, so the best allowed edge {first} serves it all the same.",
            DecisionReason.Shed =>
                $"{who}: demand exceeds what may serve it by {Percent(decision.Share)} and {key} falls into that part; "
                + $"service {service.Id} turns it away.",
            DecisionReason.Backup =>
                $"{who}: every edge that the plan chose is down, drained or excluded; {first} is the next best allowed edge.",
            DecisionReason.LastGood =>
                $"{who}: every allowed edge is down or excluded; service {service.Id} answers with edges that are down all the same, first {first}.",
            DecisionReason.Fallback =>
                $"{who}: every allowed edge is down, drained or excluded; service {service.Id} falls back to {service.FallbackHost}.",
            DecisionReason.NoEdge => NoEdge(content, decision, who, service),
            _ => "Not decided.",
        };
    }

    private static string NoEdge(TableContent content, in Decision decision, string who, TableService service)
    {
        int regions = content.Regions.Length;
        int entry = service.Profile * (regions + 1) + (decision.Region < 0 ? regions : decision.Region);
        return content.Entries.Start[entry] == content.Entries.Start[entry + 1]
            ? $"{who}: no edge is allowed to serve service {service.Id} here."
            : $"{who}: every edge that is allowed to serve service {service.Id} here is down, drained or excluded"
                + (service.AllDown == AllDownPolicy.Fallback ? ", and the law that binds the region allows no fallback host." : ".");
    }

    public static string Of(RoutingTable table, in RouteDecision decision, ReadOnlySpan<RankedPath> ranked)
    {
        TableContent content = table.Content;
        string node = decision.Node < content.EdgeCount
            ? content.Edges[decision.Node].Id
            : content.Relays[decision.Node - content.EdgeCount].Id;
        string held = decision.StreamOrigin >= 0
            ? $"The stream is registered at origin {content.Origins[decision.StreamOrigin].Id}"
            : "The stream is not registered";
        if (decision.Reason == DecisionReason.StreamExpired)
        {
            DateTimeOffset end = DateTimeOffset.FromUnixTimeMilliseconds(content.Streams[decision.Stream].ExpiresUnixMilliseconds);
            return string.Create(CultureInfo.InvariantCulture, $"{held}, but expired at {end.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: it is not routed.");
        }
        if (decision.Count == 0)
        {
            return decision.Planned == 0
                ? $"{held}; no path that the law and the links allow leads there from {node}."
                : $"{held}; all {Number(decision.Planned)} paths from {node} are down or excluded.";
        }
        if (decision.Reason == DecisionReason.LastResort) return $"{held}; {LastResort(table, decision, node, ranked[0])}";
        int disjoint = 0;
        foreach (RankedPath path in ranked[..decision.Count]) disjoint += path.IsDisjoint ? 1 : 0;
        UpstreamPath best = table.Path(ranked[0].Path);
        string nearest = decision.StreamOrigin >= 0 ? "" : $", so the nearest origin by path, {content.Origins[best.Origin].Id}, comes first";
        return $"{held}{nearest}: {Number(decision.Count)} of {Number(decision.Planned)} paths from {node}, the best {Via(content, best)} in "
            + $"{Milliseconds(best.RttMicroseconds)} ms; {Number(disjoint)} without a common point of failure.{Depths(decision, ranked)}{Reported(decision)}{Kept(table, decision, ranked)}";
    }

    private static string LastResort(RoutingTable table, in RouteDecision decision, string node, RankedPath ranked)
    {
        UpstreamPath only = table.Path(ranked.Path);
        string way = $"{Via(table.Content, only)} takes {Milliseconds(only.RttMicroseconds)} ms.";
        if (decision.IsAvoidedToo) return $"every path from {node} that is up has a hop that is reported to fail; the last resort {way} It may fail, too.";
        string reported = decision.Avoided > 0 ? ", or have a hop that is reported to fail" : "";
        return $"all {Number(decision.Planned)} paths from {node} are down or excluded{reported}, the last resort {way}";
    }

    private static string Reported(in RouteDecision decision) =>
        decision.Avoided > 0 ? $" {Number(decision.Avoided)} left out: a hop on them is reported to fail." : "";

    private static string Kept(RoutingTable table, in RouteDecision decision, ReadOnlySpan<RankedPath> ranked) => decision.Kept switch
    {
        KeptPath.Best => " The first is the one in use.",
        KeptPath.Kept when decision.Count > 1 && table.Path(ranked[1].Path).WeightMicroseconds is uint other && table.Path(ranked[0].Path).WeightMicroseconds is uint own =>
            $" The first is kept, since it is in use: it weighs {Milliseconds(own)} ms, the next one {Milliseconds(other)} ms.",
        KeptPath.Kept => " The first is kept, since it is in use.",
        KeptPath.TooHeavy => " The one in use is not kept: it weighs more than the margin lets it.",
        KeptPath.Gone => " The one in use is not kept: it is down, excluded, reported to fail, or no longer among those that the law and the plan leave.",
        _ => "",
    };

    /// <summary>What is out of the ordinary about the chains: planned by stream, longer than they look, or left out for that.</summary>
    private static string Depths(in RouteDecision decision, ReadOnlySpan<RankedPath> ranked)
    {
        string planned = ranked[0].IsPlanned ? $" The plan has it fetch this stream over the first, {Number(ranked[0].Depth)} hops from the origin." : "";
        string deep = decision.TooDeep > 0
            ? $" {Number(decision.TooDeep)} left out: joining relays that carry the stream would make more than {Number(PathDecider.MaxDepth)} hops."
            : "";
        return planned + deep;
    }

    public static string Of(TableContent content, in IngestRequest request, in IngestDecision decision, ReadOnlySpan<IngestChoice> ranked)
    {
        string who = request.Region >= 0
            ? $"A publisher in region {content.Regions[request.Region].Id}"
            : $"A publisher at {(request.Node < content.EdgeCount ? content.Edges[request.Node].Id : content.Relays[request.Node - content.EdgeCount].Id)}";
        if (decision.Count > 0)
        {
            string full = decision.WithoutRoom > 0 ? $" {Number(decision.WithoutRoom)} without room left out." : "";
            return $"{who} sends to origin {content.Origins[ranked[0].Origin].Id}, {Milliseconds(ranked[0].RttMicroseconds)} ms away: the lightest way "
                + $"that the law and the links allow, {Number(decision.Lawful)} kept.{full}";
        }
        if (decision.Lawful == 0) return $"{who}: no origin that is up may take its stream by the law and the links.";
        return decision.WithoutRoom == decision.Lawful
            ? $"{who}: none of the {Number(decision.Lawful)} origins kept for it has room for the stream."
            : $"{who}: the {Number(decision.Lawful)} origins kept for it are down, excluded or without room.";
    }

    private static string Via(TableContent content, in UpstreamPath path)
    {
        if (path.Relays.IsEmpty) return "straight to the origin";
        List<string> relays = [];
        foreach (ushort relay in path.Relays) relays.Add(content.Relays[relay].Id);
        return "over " + string.Join(" and ", relays);
    }

    private static string Client(TableContent content, in Decision decision)
    {
        if (decision.Region >= 0)
        {
            TableRegion region = content.Regions[decision.Region];
            return region.Name.Length > 0 ? $"Region {region.Id} ({region.Name})" : $"Region {region.Id}";
        }
        return decision.MatchedLength < 0
            ? "The client's address is in no known prefix"
            : $"The client's address is in a /{Number(decision.MatchedLength)} that belongs to no region";
    }

    /// <summary>A share in percent with at most one decimal, rounded half up, so that 1/16384 reads as less than 0.1 %.</summary>
    private static string Percent(int share)
    {
        int permille = (share * 1000 + Shares.Whole / 2) / Shares.Whole;
        if (permille == 0 && share > 0) return "less than 0.1 %";
        if (permille == 1000 && share < Shares.Whole) return "more than 99.9 %";
        string tenth = permille % 10 == 0 ? "" : "." + Number(permille % 10);
        return Number(permille / 10) + tenth + " %";
    }

    private static string Milliseconds(uint microseconds) =>
        ((double)microseconds / 1000).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
