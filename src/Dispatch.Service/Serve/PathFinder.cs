using System.Text;
using Google.Protobuf.Collections;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;
using HopPair = TrafficDispatch.Table.HopPair;
using Paths = TrafficDispatch.Table.UpstreamPath;

namespace TrafficDispatch.Service.Serve;

/// <summary>Turns a route request into ranked upstream paths of the table in force. Thread-safe; takes no lock.</summary>
internal sealed class PathFinder(AnswerCache cache, DecisionTally tally, DecisionNotes notes, PathSettings settings, StreamDirectory streams, TimeProvider time)
{
    /// <summary>Most paths that may be asked for, and how many there are where nobody says.</summary>
    public const int MostPaths = 3;

    /// <summary>Most nodes that may be excluded.</summary>
    public const int MostExcluded = 64;

    /// <summary>Most hops of a path: three relays and the origin.</summary>
    public const int MostHops = 4;

    /// <summary>Longest stream key, bytes of UTF-8.</summary>
    public const int LongestStreamKey = 512;

    /// <summary>The label under which paths are counted; they belong to no service.</summary>
    private const string RelayService = "relay";

    /// <summary>Relays are reached alike for every service; where a world says so per service, the first that knows the node answers.</summary>
    private readonly ServiceTally _tally = tally.Of(RelayService);

    /// <summary>Answers a request.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT, NOT_FOUND or UNAVAILABLE, as <c>relay.proto</c> says.</exception>
    public RouteReply Route(RouteRequest request)
    {
        Captured captured = cache.Capture();
        (ServingState state, TableAnswers answers) = (captured.State, captured.Answers);
        RoutingTable table = state.Table;
        int node = NodeOf(table, request.NodeId);
        CheckKey(request.StreamKey);
        int count = request.Count switch
        {
            0 => MostPaths,
            <= MostPaths => (int)request.Count,
            _ => throw Refusal.Invalid("count", Refusal.Number(request.Count), "must be 1 to 3, or 0 for 3"),
        };
        DateTimeOffset now = time.GetUtcNow();
        LiveStream? live = streams.Find(request.StreamKey, now);
        Span<int> room = stackalloc int[MostExcluded], hops = stackalloc int[MostHops];
        Span<HopPair> pairs = stackalloc HopPair[MostExcluded];
        PathRequest asked = new(node, request.StreamKey)
        {
            Excluded = Excluded(table, request.Exclude, room),
            ExcludedHops = ExcludedHops(table, request.ExcludeHops, pairs),
            Down = state.Overlay.Down,
            Avoided = state.Paths.Avoided,
            Current = Current(table, request.Current, hops),
            Keep = settings.Keep,
            OriginNumber = live is null ? 0 : OriginNumber(table, live.OriginId),
            NowUnixMilliseconds = now.ToUnixTimeMilliseconds(),
        };
        Span<RankedPath> ranked = stackalloc RankedPath[MostPaths];
        ranked = ranked[..count];
        RouteDecision decision = table.Route(asked, ranked);
        _tally.Add(decision.Reason);
        notes.Note(state, RelayService, decision.Reason);
        RouteReply reply = Reply(state, answers, decision, ranked);
        if (decision.Stream < 0 && decision.StreamOrigin >= 0 && live is not null) AddTerms(reply, live, now);
        return reply;
    }

    /// <summary>Registered since the table was made: no path of it is planned yet, but where it comes from is known.</summary>
    private static void AddTerms(RouteReply reply, LiveStream live, DateTimeOffset now)
    {
        reply.BitrateKbps = (ulong)Math.Round(live.BitrateMbps * 1000);
        if (live.Expires is not { } end) return;
        reply.ExpiresUnixMs = (ulong)end.ToUnixTimeMilliseconds();
        reply.Ttl = (uint)Math.Clamp((end - now).TotalSeconds, 1, reply.Ttl);
    }

    /// <summary>One more than the origin's ordinal; 0 where the table does not know it.</summary>
    private static int OriginNumber(RoutingTable table, string id) => Math.Max(0, table.NodeOrdinal(id) - table.NodeOfOrigin(0) + 1);

    private static RouteReply Reply(ServingState state, TableAnswers answers, in RouteDecision decision, ReadOnlySpan<RankedPath> ranked)
    {
        RoutingTable table = state.Table;
        RouteReply reply = new()
        {
            TableEpoch = (ulong)table.Version.Epoch,
            TableVersion = (ulong)table.Version.Number,
            OverlayVersion = state.OverlayVersion,
            PathVersion = state.Paths.Version,
            Ttl = (uint)decision.TtlSeconds,
            ReasonCode = (ReasonCode)decision.Reason,
            Reason = table.Explain(decision, ranked),
        };
        for (int i = 0; i < decision.Count; i++) reply.Paths.Add(PathOf(answers, ranked[i]));
        if (decision.LastResort is { } lastResort) reply.LastResort = PathOf(answers, lastResort);
        if (decision.Stream < 0) return reply;
        TableStream stream = table.Content.Streams[decision.Stream];
        reply.BitrateKbps = (ulong)stream.BitrateKbps;
        reply.ExpiresUnixMs = stream.ExpiresUnixMilliseconds == TableStream.Never ? 0 : (ulong)stream.ExpiresUnixMilliseconds;
        return reply;
    }

    private static Protocol.V1.UpstreamPath PathOf(TableAnswers answers, RankedPath ranked)
    {
        TableContent content = answers.Table.Content;
        Paths path = answers.Table.Path(ranked.Path);
        Protocol.V1.UpstreamPath made = new()
        {
            OriginId = content.Origins[path.Origin].Id,
            RttUs = path.RttMicroseconds,
            Disjoint = ranked.IsDisjoint,
            WeightUs = path.WeightMicroseconds,
            Depth = (uint)ranked.Depth,
            Planned = ranked.IsPlanned,
            LastResort = ranked.IsLastResort,
            Current = ranked.IsCurrent,
        };
        for (int i = 0; i < path.Relays.Length; i++)
            made.Hops.Add(HopOf(answers, content.Relays[path.Relays[i]].Id, answers.Table.NodeOfRelay(path.Relays[i]), path.HopRttMicroseconds[i]));
        made.Hops.Add(HopOf(answers, made.OriginId, answers.Table.NodeOfOrigin(path.Origin), path.HopRttMicroseconds[^1]));
        return made;
    }

    private static Hop HopOf(TableAnswers answers, string id, int node, uint rttMicroseconds)
    {
        Hop hop = new() { NodeId = id, RttUs = rttMicroseconds };
        for (int service = 0; service < answers.Table.Content.Services.Length && hop.Endpoints.Count == 0; service++)
            foreach (NodeEndpoint endpoint in answers.Endpoints(service, node)) hop.Endpoints.Add(endpoint);
        return hop;
    }

    /// <summary>The edge or relay of this name.</summary>
    internal static int NodeOf(RoutingTable table, string id)
    {
        if (id.Length == 0) throw Refusal.Invalid("node_id", "must be given: the edge or relay that asks");
        int node = table.NodeOrdinal(id);
        if (node < 0) throw Refusal.Unknown("node_id", id, "edge or relay");
        if (node >= table.Content.EdgeCount + table.Content.Relays.Length)
            throw Refusal.Invalid("node_id", id, "must be an edge or a relay; an origin holds its streams and asks nobody");
        return node;
    }

    internal static void CheckKey(string key)
    {
        if (key.Length == 0) throw Refusal.Invalid("stream_key", "must be given");
        int bytes = Encoding.UTF8.GetByteCount(key);
        if (bytes > LongestStreamKey)
            throw Refusal.Invalid("stream_key", $"holds {Refusal.Number(bytes)} bytes: must be at most {Refusal.Number(LongestStreamKey)}");
    }

    /// <summary>The hops of these names.</summary>
    private static ReadOnlySpan<HopPair> ExcludedHops(RoutingTable table, RepeatedField<Protocol.V1.HopPair> exclude, Span<HopPair> room)
    {
        if (exclude.Count > MostExcluded)
            throw Refusal.Invalid("exclude_hops", $"names {Refusal.Number(exclude.Count)} hops: must name at most {Refusal.Number(MostExcluded)}");
        for (int i = 0; i < exclude.Count; i++)
        {
            room[i] = new(table.NodeOrdinal(exclude[i].From), table.NodeOrdinal(exclude[i].To));
            if (room[i].From < 0) throw Refusal.Unknown($"exclude_hops[{Refusal.Number(i)}].from", exclude[i].From, "node");
            if (room[i].To < 0) throw Refusal.Unknown($"exclude_hops[{Refusal.Number(i)}].to", exclude[i].To, "node");
        }
        return room[..exclude.Count];
    }

    /// <summary>The nodes of the path in use. A node that left the table since is −1, which no path has.</summary>
    private static ReadOnlySpan<int> Current(RoutingTable table, RepeatedField<string> current, Span<int> room)
    {
        if (current.Count > MostHops) throw Refusal.Invalid("current", $"names {Refusal.Number(current.Count)} nodes: a path has at most {Refusal.Number(MostHops)}");
        for (int i = 0; i < current.Count; i++) room[i] = table.NodeOrdinal(current[i]);
        return room[..current.Count];
    }

    /// <summary>The nodes of these names.</summary>
    internal static ReadOnlySpan<int> Excluded(RoutingTable table, IReadOnlyList<string> exclude, Span<int> room)
    {
        if (exclude.Count > MostExcluded)
            throw Refusal.Invalid("exclude", $"names {Refusal.Number(exclude.Count)} nodes: must name at most {Refusal.Number(MostExcluded)}");
        for (int i = 0; i < exclude.Count; i++)
        {
            room[i] = table.NodeOrdinal(exclude[i]);
            if (room[i] < 0) throw Refusal.Unknown($"exclude[{Refusal.Number(i)}]", exclude[i], "node");
        }
        return room[..exclude.Count];
    }
}
