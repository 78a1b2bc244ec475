using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>Asks services where the table has no answer. Thread-safe.</summary>
internal sealed class RemoteAnswers(ServiceList services, DispatchClientOptions options)
{
    /// <summary>Asks the service in use, and the one after it where that cannot answer.</summary>
    /// <returns>The answer, or with <see cref="AnswerSource.None"/> why there is none.</returns>
    public async Task<ClientAnswer> AskAsync(ClientQuestion question, TableState state, TimeSpan? age, CancellationToken cancellation)
    {
        ResolveRequest request = RequestOf(question);
        DateTime deadline = options.Time.GetUtcNow().UtcDateTime + options.ResolveTimeout;
        string fault = "";
        for (int attempt = 0; attempt < Math.Min(2, services.Count); attempt++)
        {
            try
            {
                CallOptions call = new(deadline: deadline, cancellationToken: cancellation);
                return AnswerOf(await services.Routing(attempt).ResolveAsync(request, call)) with { State = state, Age = age };
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                fault = $"{services.Address(attempt)} says {e.StatusCode}: {e.Status.Detail}";
                if (e.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound) break;
            }
        }
        cancellation.ThrowIfCancellationRequested();
        return new() { Source = AnswerSource.None, State = state, Age = age, Fault = fault };
    }

    private static ResolveRequest RequestOf(ClientQuestion question)
    {
        ResolveRequest request = new() { Service = question.Service, SessionKey = question.SessionKey, Count = (uint)question.Count, Exclude = { question.Exclude } };
        if (question.Form == ClientForm.Region) request.RegionId = question.RegionId;
        else if (question.Form == ClientForm.Subnet) request.ClientSubnet = question.Subnet.ToString();
        else request.ClientIp = question.Subnet.Address.ToString();
        return request;
    }

    private static ClientAnswer AnswerOf(ResolveReply reply) => new()
    {
        Source = AnswerSource.Service,
        State = TableState.Empty,
        Age = null,
        Version = new(unchecked((long)reply.TableEpoch), unchecked((long)reply.TableVersion)),
        OverlayVersion = reply.OverlayVersion,
        Edges = [.. reply.Edges.Select(static e => new AnswerEdge(e.Id, (int)Math.Min(e.Weight, int.MaxValue), [.. e.Endpoints.Select(EndpointOf)]))],
        TtlSeconds = (int)Math.Min(reply.Ttl, int.MaxValue),
        ScopeLength = (int)Math.Min(reply.ScopePrefixLen, 128),
        RegionId = reply.RegionId,
        Reason = (DecisionReason)(int)reply.ReasonCode,
        Why = reply.Reason,
        Service = reply.Service,
        Network = reply.Network,
        FallbackHost = reply.FallbackHost,
    };

    private static TableEndpoint EndpointOf(NodeEndpoint endpoint) => new(
        endpoint.Type switch { Protocol.V1.EndpointType.A => Model.EndpointType.A, Protocol.V1.EndpointType.Aaaa => Model.EndpointType.Aaaa, _ => Model.EndpointType.Cname },
        endpoint.Value);
}
