using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>Puts decisions into replies.</summary>
internal static class ResolveReplies
{
    /// <summary>The reply of a decision.</summary>
    /// <param name="captured">What decided.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="ranked">Its edges.</param>
    /// <param name="asksForAll">True where the client does not want to be told apart: the scope is 0 then (RFC 7871 §7.1.2).</param>
    public static ResolveReply Of(Captured captured, in Decision decision, ReadOnlySpan<EdgeShare> ranked, bool asksForAll)
    {
        RoutingTable table = captured.Table;
        TableService service = table.Content.Services[decision.Service];
        ResolveReply reply = new()
        {
            TableEpoch = (ulong)table.Version.Epoch,
            TableVersion = (ulong)table.Version.Number,
            OverlayVersion = captured.State.OverlayVersion,
            Ttl = (uint)decision.TtlSeconds,
            ScopePrefixLen = asksForAll ? 0 : (uint)decision.ScopeLength,
            RegionId = decision.Region >= 0 ? table.Content.Regions[decision.Region].Id : "",
            ReasonCode = (ReasonCode)decision.Reason,
            Reason = table.Explain(decision, ranked),
            Service = service.Id,
            Network = decision.Network,
            FallbackHost = decision.Reason == DecisionReason.Fallback ? service.FallbackHost ?? "" : "",
        };
        for (int i = 0; i < decision.Count; i++)
        {
            EdgeChoice choice = new() { Id = table.Content.Edges[ranked[i].Edge].Id, Weight = ranked[i].Weight };
            foreach (NodeEndpoint endpoint in captured.Answers.Endpoints(decision.Service, ranked[i].Edge)) choice.Endpoints.Add(endpoint);
            reply.Edges.Add(choice);
        }
        return reply;
    }
}
