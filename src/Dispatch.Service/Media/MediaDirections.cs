using TrafficDispatch.Model;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Media;

/// <summary>Where a media server sends a stream, and where it is ingested, by the table in force. Thread-safe; takes no lock.</summary>
internal sealed class MediaDirections(PathSettings paths, MediaSettings settings, StreamDirectory directory, TimeProvider time)
{
    /// <summary>Most nodes that a stream is passed down to.</summary>
    public const int MostDown = 64;

    /// <summary>The node to push a stream to that was published at an edge or relay: the first on the way to its origin; −1 where there is none.</summary>
    public int Up(ServingState state, int node, string key)
    {
        DateTimeOffset now = time.GetUtcNow();
        Span<RankedPath> ranked = stackalloc RankedPath[1];
        PathRequest asked = new(node, key)
        {
            Down = state.Overlay.Down,
            Avoided = state.Paths.Avoided,
            Keep = paths.Keep,
            OriginNumber = OriginOf(state.Table, key, now) + 1,
            NowUnixMilliseconds = now.ToUnixTimeMilliseconds(),
        };
        if (state.Table.Route(asked, ranked).Count == 0) return -1;
        UpstreamPath path = state.Table.Path(ranked[0].Path);
        return path.Relays.IsEmpty ? state.Table.NodeOfOrigin(path.Origin) : state.Table.NodeOfRelay(path.Relays[0]);
    }

    /// <summary>The relays that the plan has fetch a stream straight from a node: those it may push the stream to. Without those that are down.</summary>
    public static int[] Down(ServingState state, int node, string key)
    {
        TableContent content = state.Table.Content;
        int stream = state.Table.StreamOrdinal(key);
        if (stream < 0 || content.StreamPaths.Start.IsEmpty) return [];
        List<int> down = [];
        for (int i = content.StreamPaths.Start[stream]; i < content.StreamPaths.Start[stream + 1] && down.Count < MostDown; i++)
        {
            int fetching = content.StreamPaths.Node[i];
            if (fetching < content.EdgeCount || (fetching >> 6 < state.Overlay.Down.Length && (state.Overlay.Down[fetching >> 6] >> (fetching & 63) & 1) != 0)) continue;
            UpstreamPath path = state.Table.Path(content.StreamPaths.Path[i]);
            int from = path.Relays.IsEmpty ? state.Table.NodeOfOrigin(path.Origin) : state.Table.NodeOfRelay(path.Relays[0]);
            if (from == node) down.Add(fetching);
        }
        return [.. down];
    }

    /// <summary>Ordinal of the origin that ingests a stream: as registered at run time, else as the table knows; −1 where it is not registered or its time is over.</summary>
    public int OriginOf(RoutingTable table, string key, DateTimeOffset now)
    {
        if (directory.Find(key, now) is { } live && table.NodeOrdinal(live.OriginId) is int node && node >= table.NodeOfOrigin(0)) return node - table.NodeOfOrigin(0);
        if (table.StreamOrdinal(key) is not (>= 0 and int stream)) return -1;
        TableStream known = table.Content.Streams[stream];
        return known.ExpiresUnixMilliseconds > now.ToUnixTimeMilliseconds() ? known.Origin : -1;
    }

    /// <summary>
    /// The origin for what a node publishes: the one that holds the stream already, so that an encoder which comes back finds its viewers, else the lightest;
    /// lawful and with room. −1 where there is none.
    /// </summary>
    public int Ingest(ServingState state, int node, string key, double mbps)
    {
        Span<IngestChoice> ranked = stackalloc IngestChoice[3];
        IngestRequest asked = IngestRequest.ForNode(node, (long)Math.Ceiling(mbps * 1000)) with { Down = state.Overlay.Down };
        int count = state.Table.Ingest(asked, ranked).Count, held = OriginOf(state.Table, key, time.GetUtcNow());
        foreach (IngestChoice choice in ranked[..count])
            if (choice.Origin == held) return held;
        return count > 0 ? ranked[0].Origin : -1;
    }

    /// <summary>True where the law that binds a publisher forbids the origin, as far as the table knows it: bound traffic stays, and a bound origin takes none from outside.</summary>
    public static bool IsForbidden(RoutingTable table, string publisher, int origin)
    {
        if (!ClientAddress.TryParse(publisher, out ClientAddress address) || table.RegionOf(address) is not (>= 0 and int region)) return false;
        (TableRegion from, TableOrigin to) = (table.Content.Regions[region], table.Content.Origins[origin]);
        if (from.Jurisdiction == to.Jurisdiction || !(from.IsBound || to.IsReserved)) return false;
        // What the plan of ingest ranks for the region is lawful, whatever the jurisdictions are called.
        Span<IngestChoice> ranked = stackalloc IngestChoice[3];
        int count = table.Ingest(IngestRequest.ForRegion(region, 0), ranked).Count;
        foreach (IngestChoice choice in ranked[..count])
            if (choice.Origin == origin) return false;
        return true;
    }

    /// <summary>Host and port where a node is reached: an IPv4 address, else what it has; empty where the world says nothing.</summary>
    public (string Host, int Port) Reach(RoutingTable table, int node)
    {
        for (int service = 0; service < table.Content.Services.Length; service++)
        {
            ReadOnlySpan<TableEndpoint> endpoints = table.Endpoints(service, node);
            if (endpoints.IsEmpty) continue;
            TableEndpoint best = endpoints[0];
            foreach (TableEndpoint endpoint in endpoints)
                if (endpoint.Type == EndpointType.A && best.Type != EndpointType.A) best = endpoint;
            return (best.Value, settings.RtmpPort);
        }
        return ("", settings.RtmpPort);
    }
}
