using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server;

/// <summary>Maps each method of a service to an endpoint: POST on the method's path.</summary>
internal sealed class ServiceMethodBinder<TService>(
    IEndpointRouteBuilder endpoints,
    ServiceActivator<TService> activator,
    CallSettings settings,
    RawUnaryMethods<TService> raw,
    DirectCalls? direct) : ServiceBinderBase
    where TService : class
{
    public List<IEndpointConventionBuilder> Mapped { get; } = [];

    public HashSet<string> ServiceNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Has the generated code give its methods.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="TService"/> does not derive from a generated base class.</exception>
    public void BindAll()
    {
        BindServiceMethodAttribute where = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service base class.");
        MethodInfo bind = where.BindType
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(m => m.Name == where.BindMethodName && m.GetParameters() is [{ } binder, { }] && binder.ParameterType == typeof(ServiceBinderBase));
        bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [this, null], null);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Handler<UnaryInvoker<TService, TRequest, TResponse>>(method, typeof(TRequest), typeof(ServerCallContext));
        PayloadDecoder<TRequest> decoder = raw.Take(method.Name) is { } first
            ? RawFirst(method, first)
            : new MarshallerDecoder<TRequest>(method.RequestMarshaller);
        Map(method, new UnaryHandler<TService, TRequest, TResponse>(method, invoke, decoder, activator, settings).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Handler<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        MapStream(method, async (service, call) =>
        {
            var reader = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
            TResponse response = await invoke(service, reader, call).ConfigureAwait(false);
            if (call.Status.StatusCode == StatusCode.OK)
                await new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller).WriteAsync(response).ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Handler<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var decoder = new MarshallerDecoder<TRequest>(method.RequestMarshaller);
        MapStream(method, async (service, call) =>
        {
            TRequest? request = await SingleRequest.ReadAsync(call, decoder).ConfigureAwait(false);
            var writer = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
            await invoke(service, request!, writer, call).ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Handler<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        MapStream(method, (service, call) => invoke(
            service,
            new ServerStreamReader<TRequest>(call, method.RequestMarshaller),
            new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller),
            call));
    }

    // An open delegate: the instance comes with each call, whatever its lifetime.
    private static TDelegate Handler<TDelegate>(IMethod method, params Type[] parameters)
        where TDelegate : Delegate
    {
        MethodInfo handler = typeof(TService).GetMethod(method.Name, BindingFlags.Instance | BindingFlags.Public, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no public method {method.Name} for {method.FullName}.");
        return handler.CreateDelegate<TDelegate>();
    }

    private RawFirstDecoder<TRequest> RawFirst<TRequest, TResponse>(Method<TRequest, TResponse> method, RawUnaryMethod<TService> first)
        where TRequest : class
        where TResponse : class
    {
        DirectAnswer answer = SingletonActivator(method.FullName).Bind(first);
        // A compressed answer is made by the pipeline, which knows what the client accepts.
        if (settings.ResponseCompression is null)
            direct?.Add(new DirectCall(method.FullName, answer, settings.MaxReceiveBytes, settings.MaxSendBytes));
        return new(answer, method.RequestMarshaller);
    }

    private ServiceActivator<TService> SingletonActivator(string path) => activator.IsSingleton
        ? activator
        : throw new InvalidOperationException($"The raw method for {path} needs {typeof(TService)} registered as a singleton.");

    private void MapStream(IMethod method, Func<TService, ServerCall, Task> run) =>
        Map(method, new StreamHandler<TService>(method, run, activator, settings).HandleAsync);

    private void Map(IMethod method, RequestDelegate handle)
    {
        ServiceNames.Add(method.ServiceName);
        IEndpointConventionBuilder endpoint = endpoints.MapMethods(method.FullName, [HttpMethods.Post], handle);
        endpoint.WithMetadata(new GrpcMethodMetadata(typeof(TService), method));
        endpoint.WithDisplayName($"gRPC - {method.FullName}");
        Mapped.Add(endpoint);
    }
}
