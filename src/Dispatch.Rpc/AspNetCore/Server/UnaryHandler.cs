using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>A unary method of a service type, with the instance as its first argument.</summary>
internal delegate Task<TResponse> UnaryInvoker<in TService, in TRequest, TResponse>(
    TService service,
    TRequest request,
    ServerCallContext context);

/// <summary>Serves a unary method. A call whose request is there and whose handler ends at once runs without awaiting anything.</summary>
internal sealed class UnaryHandler<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    UnaryInvoker<TService, TRequest, TResponse> invoke,
    PayloadDecoder<TRequest> decoder,
    ServiceActivator<TService> activator,
    CallSettings settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public Task HandleAsync(HttpContext http)
    {
        if (RequestGate.Rejects(http))
            return Task.CompletedTask;
        var call = new ServerCall(http, settings, method);
        try
        {
            call.Begin();
            ValueTask<TRequest?> reading = SingleRequest.ReadAsync(call, decoder);
            if (!reading.IsCompletedSuccessfully || !activator.IsSingleton)
                return AwaitAsync(call, ReadAndInvokeAsync(call, reading));
            TRequest? request = reading.Result;
            if (request is not null)
            {
                Task<TResponse> handling = invoke(activator.Get(http), request, call);
                if (!handling.IsCompletedSuccessfully)
                    return AwaitAsync(call, handling!);
                Answer(call, handling.Result);
            }
            else
            {
                Answer(call, null);
            }

            call.Dispose();
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            call.Dispose();
            return call.FailAsync(e);
        }
    }

    private async Task<TResponse?> ReadAndInvokeAsync(ServerCall call, ValueTask<TRequest?> reading)
    {
        TRequest? request = await reading.ConfigureAwait(false);
        if (request is null)
            return null;
        TService service = activator.Get(call.Http);
        try
        {
            return await invoke(service, request, call).ConfigureAwait(false);
        }
        finally
        {
            await activator.ReleaseAsync(service).ConfigureAwait(false);
        }
    }

    private async Task AwaitAsync(ServerCall call, Task<TResponse?> handling)
    {
        try
        {
            await call.GuardAsync(handling).ConfigureAwait(false);
            Answer(call, await handling.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            await call.FailAsync(e).ConfigureAwait(false);
        }
        finally
        {
            call.Dispose();
        }
    }

    private void Answer(ServerCall call, TResponse? response)
    {
        Status status = call.Status;
        if (status.StatusCode == StatusCode.OK)
            WriteMessage(call, response);
        call.Finish(status);
    }

    private void WriteMessage(ServerCall call, TResponse? response)
    {
        if (call.RawResponse is { } raw)
        {
            call.WritePayload(raw.Written);
            raw.Return();
            return;
        }

        if (response is null)
            throw new RpcException(new Status(StatusCode.Internal, "The method gave no message."));
        call.Write(method.ResponseMarshaller, response, call.WriteOptions);
    }
}
