using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace TrafficDispatch.Service.Access;

/// <summary>Puts the gate before every method of a service, so that none can forget it.</summary>
internal static class GuardedEndpoints
{
    /// <summary>Has each call judged by <see cref="RpcRules"/> before it is read; the service finds its <see cref="Caller"/> among the features of the request.</summary>
    public static GrpcServiceEndpointConventionBuilder RequireRoles(this GrpcServiceEndpointConventionBuilder service, AccessGate gate)
    {
        service.Add(endpoint =>
        {
            RequestDelegate inner = endpoint.RequestDelegate ?? throw new InvalidOperationException("The endpoint has nothing to run.");
            GrpcMethodMetadata? method = endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault();
            // What gRPC maps for unknown methods of a service is answered as unknown to callers with a role alone.
            string name = method is null ? "" : method.Method.FullName.TrimStart('/');
            endpoint.RequestDelegate = http => RunAsync(gate, name, http, inner);
        });
        return service;
    }

    /// <summary>Who makes a call that the gate let in.</summary>
    public static Caller Caller(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Caller>() ?? throw new InvalidOperationException($"{context.Method} is not behind the gate.");

    private static Task RunAsync(AccessGate gate, string method, HttpContext http, RequestDelegate inner)
    {
        Status status = gate.Judge(method, http, out Caller caller);
        if (status.StatusCode != StatusCode.OK)
        {
            new CallRefusal(status).WriteTo(http.Response);
            return Task.CompletedTask;
        }
        http.Features.Set(caller);
        return inner(http);
    }
}
