using System.Text;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>Turns a resolve request into a decision of the table in force, and that into words. Thread-safe; takes no lock.</summary>
internal sealed class Resolver(AnswerCache cache, DispatchMeter meter, DecisionNotes notes, TelemetryBoard board)
{
    /// <summary>Edges in an answer where nobody says.</summary>
    public const int DefaultCount = 3;

    /// <summary>Most edges that may be asked for.</summary>
    public const int MostEdges = 16;

    /// <summary>Most edges that may be excluded.</summary>
    public const int MostExcluded = 64;

    /// <summary>Most requests in one batch.</summary>
    public const int MostRequests = 256;

    /// <summary>Longest session key, bytes of UTF-8.</summary>
    public const int LongestSessionKey = 256;

    /// <summary>Answers a request.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, NOT_FOUND or UNAVAILABLE, as <c>routing.proto</c> says.</exception>
    public ResolveReply Resolve(ResolveRequest request) => Resolve(cache.Capture(), request);

    /// <summary>Answers many requests from one table and overlay, each by itself.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: too many; UNAVAILABLE.</exception>
    public ResolveBatchReply ResolveBatch(ResolveBatchRequest batch)
    {
        if (batch.Requests.Count > MostRequests)
            throw Refusal.Invalid("requests", $"holds {Refusal.Number(batch.Requests.Count)} requests: must hold at most {Refusal.Number(MostRequests)}");
        Captured captured = cache.Capture();
        ResolveBatchReply reply = new();
        foreach (ResolveRequest request in batch.Requests) reply.Outcomes.Add(Outcome(captured, request));
        return reply;
    }

    private ResolveOutcome Outcome(Captured captured, ResolveRequest request)
    {
        try
        {
            return new() { Reply = Resolve(captured, request) };
        }
        catch (RpcException e)
        {
            return new() { Refusal = new() { Code = (int)e.StatusCode, Message = e.Status.Detail } };
        }
    }

    private ResolveReply Resolve(Captured captured, ResolveRequest request)
    {
        long begun = DispatchMeter.Begin();
        RoutingTable table = captured.Table;
        int service = ServiceOf(table, request.Service);
        int count = Count(request.Count);
        Span<byte> key = stackalloc byte[LongestSessionKey];
        Span<ushort> excluded = stackalloc ushort[MostExcluded];
        DecisionRequest client = ClientOf(table, request, service).Under(captured.State.Overlay);
        DecisionRequest asked = client with { SessionKey = SessionKey(request.SessionKey, key), Excluded = Excluded(table, request, excluded) };
        Span<EdgeShare> ranked = stackalloc EdgeShare[MostEdges];
        ranked = ranked[..count];
        Decision decision = table.Decide(asked, ranked);
        ResolveReply reply = ResolveReplies.Of(captured, decision, ranked, AsksForAll(request));
        meter.Decided(captured.Answers.Tally(service), decision.Reason, begun);
        notes.Note(captured.State, asked, decision, ranked, begun);
        return reply;
    }

    /// <summary>A source prefix of length 0 asks not to be told apart.</summary>
    private static bool AsksForAll(ResolveRequest request) =>
        request.ClientCase == ResolveRequest.ClientOneofCase.ClientSubnet && IpPrefix.TryParse(request.ClientSubnet, out IpPrefix subnet, out _) && subnet.Length == 0;

    private DecisionRequest ClientOf(RoutingTable table, ResolveRequest request, int service)
    {
        switch (request.ClientCase)
        {
            case ResolveRequest.ClientOneofCase.ClientIp:
                if (ClientAddress.TryParse(request.ClientIp, out ClientAddress address)) return DecisionRequest.ForAddress(service, address);
                throw Refusal.Invalid("client_ip", request.ClientIp, "must be one IPv4 or IPv6 address, for instance 203.0.113.7 or 2001:db8::1");
            case ResolveRequest.ClientOneofCase.ClientSubnet:
                if (IpPrefix.TryParse(request.ClientSubnet, out IpPrefix subnet, out string fault)) return DecisionRequest.ForSubnet(service, subnet);
                throw Refusal.Invalid("client_subnet", request.ClientSubnet, fault);
            case ResolveRequest.ClientOneofCase.RegionId:
                int region = table.RegionOrdinal(request.RegionId);
                return region >= 0 ? DecisionRequest.ForRegion(service, region) : throw Refusal.Unknown("region_id", request.RegionId, "region");
            case ResolveRequest.ClientOneofCase.ClientIpBytes:
                return DecisionRequest.ForAddress(service, AddressOf(request.ClientIpBytes));
            case ResolveRequest.ClientOneofCase.ResolverIp:
                if (ClientAddress.TryParse(request.ResolverIp, out ClientAddress resolver)) return ClientsOf(table, resolver, service);
                throw Refusal.Invalid("resolver_ip", request.ResolverIp, "must be one IPv4 or IPv6 address");
            default:
                throw Refusal.Invalid("client", "must be given: one of client_ip, client_subnet, region_id, client_ip_bytes or resolver_ip");
        }
    }

    /// <summary>One answer serves all clients of a resolver: the one for the region that most of them are from, as far as telemetry knows.</summary>
    private DecisionRequest ClientsOf(RoutingTable table, ClientAddress resolver, int service)
    {
        // By id: the mix may have been learned with another world than the table in force was made from.
        int region = board.MainRegionOf(resolver) is { } id ? table.RegionOrdinal(id) : -1;
        return region >= 0 ? DecisionRequest.ForRegion(service, region) : DecisionRequest.ForAddress(service, resolver);
    }

    private static ClientAddress AddressOf(ByteString bytes) => ClientAddress.TryFromBytes(bytes.Span, out ClientAddress address)
        ? address
        : throw Refusal.Invalid("client_ip_bytes", $"holds {Refusal.Number(bytes.Length)} bytes: must be 4 or 16, in network order");

    /// <summary>By id, else by host name, with or without the dot of the root; the first service where none is named.</summary>
    private static int ServiceOf(RoutingTable table, string service)
    {
        int ordinal = service.Length > 0 ? ServiceOf(table, service.AsSpan()) : 0;
        return ordinal >= 0 ? ordinal : throw Refusal.Unknown("service", service, "service or host");
    }

    /// <summary>By id, else by host name, with or without the dot of the root; −1 where there is none such.</summary>
    public static int ServiceOf(RoutingTable table, ReadOnlySpan<char> service)
    {
        int ordinal = table.ServiceOrdinal(service);
        return ordinal >= 0 ? ordinal : table.ServiceOrdinalOfHost(service is [.., '.'] ? service[..^1] : service);
    }

    private static int Count(uint asked) => asked switch
    {
        0 => DefaultCount,
        <= MostEdges => (int)asked,
        _ => throw Refusal.Invalid("count", Refusal.Number(asked), $"must be 1 to {Refusal.Number(MostEdges)}, or 0 for {Refusal.Number(DefaultCount)}"),
    };

    private static ReadOnlySpan<byte> SessionKey(string key, Span<byte> room)
    {
        if (Encoding.UTF8.TryGetBytes(key, room, out int written)) return room[..written];
        throw Refusal.Invalid("session_key", $"holds {Refusal.Number(Encoding.UTF8.GetByteCount(key))} bytes: must be at most {Refusal.Number(LongestSessionKey)}");
    }

    private static ReadOnlySpan<ushort> Excluded(RoutingTable table, ResolveRequest request, Span<ushort> room)
    {
        if (request.Exclude.Count > MostExcluded)
            throw Refusal.Invalid("exclude", $"names {Refusal.Number(request.Exclude.Count)} edges: must name at most {Refusal.Number(MostExcluded)}");
        for (int i = 0; i < request.Exclude.Count; i++)
        {
            int edge = table.EdgeOrdinal(request.Exclude[i]);
            if (edge < 0) throw Refusal.Unknown($"exclude[{Refusal.Number(i)}]", request.Exclude[i], "edge");
            room[i] = (ushort)edge;
        }
        return room[..request.Exclude.Count];
    }
}
