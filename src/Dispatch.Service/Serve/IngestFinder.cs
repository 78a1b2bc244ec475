using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;
using Asked = TrafficDispatch.Table.IngestRequest;

namespace TrafficDispatch.Service.Serve;

/// <summary>Turns an ingest request into ranked origins of the table in force. Thread-safe; takes no lock.</summary>
internal sealed class IngestFinder(AnswerCache cache, DecisionTally tally, DecisionNotes notes)
{
    /// <summary>Most origins that may be asked for, and how many there are where nobody says.</summary>
    public const int MostOrigins = 3;

    /// <summary>The greatest bitrate that makes sense, kbit/s: a terabit a second.</summary>
    public const ulong MostKbps = 1_000_000_000;

    /// <summary>The label under which these decisions are counted; they belong to no service.</summary>
    private const string IngestService = "ingest";

    private readonly ServiceTally _tally = tally.Of(IngestService);

    /// <summary>Answers a request.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT, NOT_FOUND or UNAVAILABLE, as <c>relay.proto</c> says.</exception>
    public IngestReply Ingest(Protocol.V1.IngestRequest request)
    {
        ServingState state = cache.Capture().State;
        RoutingTable table = state.Table;
        if (request.BitrateKbps > MostKbps)
            throw Refusal.Invalid("bitrate_kbps", Refusal.Number((long)Math.Min(long.MaxValue, request.BitrateKbps)), $"must be at most {Refusal.Number((long)MostKbps)}");
        int count = request.Count switch
        {
            0 => MostOrigins,
            <= MostOrigins => (int)request.Count,
            _ => throw Refusal.Invalid("count", Refusal.Number(request.Count), "must be 1 to 3, or 0 for 3"),
        };
        Span<int> room = stackalloc int[PathFinder.MostExcluded];
        ReadOnlySpan<int> excluded = PathFinder.Excluded(table, request.Exclude, room);
        if (!TryPublisher(table, request, out Asked asked)) return Nowhere(state);
        Asked question = asked.Region >= 0
            ? Asked.ForRegion(asked.Region, (long)request.BitrateKbps) with { Excluded = excluded, Down = state.Overlay.Down }
            : Asked.ForNode(asked.Node, (long)request.BitrateKbps) with { Excluded = excluded, Down = state.Overlay.Down };
        Span<IngestChoice> ranked = stackalloc IngestChoice[MostOrigins];
        ranked = ranked[..count];
        IngestDecision decision = table.Ingest(question, ranked);
        _tally.Add(decision.Reason);
        notes.Note(state, IngestService, decision.Reason);
        return Reply(state, question, decision, ranked);
    }

    private static IngestReply Reply(ServingState state, in Asked asked, in IngestDecision decision, ReadOnlySpan<IngestChoice> ranked)
    {
        TableContent content = state.Table.Content;
        IngestReply reply = NewReply(state, decision.TtlSeconds, decision.Reason, state.Table.Explain(asked, decision, ranked));
        reply.RegionId = asked.Region >= 0 ? content.Regions[asked.Region].Id : "";
        foreach (IngestChoice choice in ranked[..decision.Count])
        {
            reply.Origins.Add(new IngestOrigin
            {
                Id = content.Origins[choice.Origin].Id,
                WeightUs = choice.WeightMicroseconds,
                RttUs = choice.RttMicroseconds,
                RoomKbps = (ulong)content.Ingest.RoomKbps[choice.Origin],
            });
        }
        return reply;
    }

    /// <summary>An address in no region stands under no known law: it is not told any origin, where a viewer would get the default route.</summary>
    private IngestReply Nowhere(ServingState state)
    {
        _tally.Add(DecisionReason.NoOrigin);
        notes.Note(state, IngestService, DecisionReason.NoOrigin);
        return NewReply(state, state.Table.Content.RouteTtlSeconds, DecisionReason.NoOrigin,
            "The publisher's address is in no region, so the law that binds its stream is not known; name its region or a node.");
    }

    private static IngestReply NewReply(ServingState state, int ttl, DecisionReason code, string reason) => new()
    {
        TableEpoch = (ulong)state.Table.Version.Epoch,
        TableVersion = (ulong)state.Table.Version.Number,
        OverlayVersion = state.OverlayVersion,
        Ttl = (uint)ttl,
        ReasonCode = (ReasonCode)code,
        Reason = reason,
    };

    /// <summary>False for an address in no region.</summary>
    private static bool TryPublisher(RoutingTable table, Protocol.V1.IngestRequest request, out Asked asked)
    {
        int region;
        switch (request.PublisherCase)
        {
            case Protocol.V1.IngestRequest.PublisherOneofCase.ClientIp:
                if (!ClientAddress.TryParse(request.ClientIp, out ClientAddress address))
                    throw Refusal.Invalid("client_ip", request.ClientIp, "must be one IPv4 or IPv6 address, for instance 203.0.113.7 or 2001:db8::1");
                region = table.RegionOf(address);
                break;
            case Protocol.V1.IngestRequest.PublisherOneofCase.RegionId:
                region = table.RegionOrdinal(request.RegionId);
                if (region < 0) throw Refusal.Unknown("region_id", request.RegionId, "region");
                break;
            case Protocol.V1.IngestRequest.PublisherOneofCase.NodeId:
                asked = Asked.ForNode(PathFinder.NodeOf(table, request.NodeId), 0);
                return true;
            default:
                throw Refusal.Invalid("publisher", "must be given: one of client_ip, region_id or node_id");
        }
        asked = Asked.ForRegion(region, 0);
        return region >= 0;
    }
}
