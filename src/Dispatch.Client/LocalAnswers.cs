using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>Answers questions from a table.</summary>
internal static class LocalAnswers
{
    /// <summary>The answer of a table.</summary>
    /// <returns>Null where a service must be asked: a name that the table does not hold, or a client outside of its part.</returns>
    public static ClientAnswer? Of(DispatchTable table, ClientQuestion question, TableState state, TimeSpan? age)
    {
        int service = table.ServiceOrdinal(question.Service), region = -1;
        if (service < 0) return null;
        if (question.Form == ClientForm.Region && (region = table.RegionOrdinal(question.RegionId)) < 0) return null;
        Span<ushort> excluded = stackalloc ushort[question.Exclude.Length];
        for (int i = 0; i < excluded.Length; i++)
        {
            int edge = table.Routing.EdgeOrdinal(question.Exclude[i]);
            if (edge < 0) return null;
            excluded[i] = (ushort)edge;
        }
        Span<byte> key = stackalloc byte[Encoding.UTF8.GetByteCount(question.SessionKey)];
        Encoding.UTF8.GetBytes(question.SessionKey, key);
        DecisionRequest client = question.Form switch
        {
            ClientForm.Address => DecisionRequest.ForAddress(service, question.Subnet.Address),
            ClientForm.Subnet => DecisionRequest.ForSubnet(service, question.Subnet),
            _ => DecisionRequest.ForRegion(service, region),
        };
        Span<EdgeShare> ranked = stackalloc EdgeShare[question.Count];
        if (!table.TryDecide(client with { SessionKey = key, Excluded = excluded }, ranked, out Decision decision)) return null;
        return Of(table, question, decision, ranked) with { State = state, Age = age };
    }

    private static ClientAnswer Of(DispatchTable table, ClientQuestion question, in Decision decision, ReadOnlySpan<EdgeShare> ranked)
    {
        TableContent content = table.Routing.Content;
        TableService service = content.Services[decision.Service];
        ImmutableArray<AnswerEdge>.Builder edges = ImmutableArray.CreateBuilder<AnswerEdge>(decision.Count);
        foreach (EdgeShare share in ranked[..decision.Count])
            edges.Add(new(content.Edges[share.Edge].Id, share.Weight, [.. table.Routing.Endpoints(decision.Service, share.Edge)]));
        // A subnet of length 0 asks not to be told apart (RFC 7871 §7.1.2).
        bool asksForAll = question is { Form: ClientForm.Subnet, Subnet.Length: 0 };
        return new()
        {
            Source = AnswerSource.Table,
            State = TableState.Fresh,
            Age = null,
            Version = table.Version,
            OverlayVersion = table.OverlayVersion,
            Edges = edges.DrainToImmutable(),
            TtlSeconds = decision.TtlSeconds,
            ScopeLength = asksForAll ? 0 : decision.ScopeLength,
            RegionId = decision.Region >= 0 ? content.Regions[decision.Region].Id : "",
            Reason = decision.Reason,
            Why = table.Routing.Explain(decision, ranked),
            Service = service.Id,
            Network = decision.Network,
            FallbackHost = decision.Reason == DecisionReason.Fallback ? service.FallbackHost ?? "" : "",
        };
    }
}
