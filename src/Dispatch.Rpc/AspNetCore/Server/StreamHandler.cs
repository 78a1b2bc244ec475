using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Serves a method with a stream in either direction; <paramref name="run"/> is all that differs between the kinds.</summary>
internal sealed class StreamHandler<TService>(
    IMethod method,
    Func<TService, ServerCall, Task> run,
    ServiceActivator<TService> activator,
    CallSettings settings)
    where TService : class
{
    public async Task HandleAsync(HttpContext http)
    {
        if (RequestGate.Rejects(http))
            return;
        using var call = new ServerCall(http, settings, method);
        try
        {
            call.Begin();
            call.LiftBodyLimits();
            await call.GuardAsync(RunAsync(call)).ConfigureAwait(false);
            call.Finish(call.Status);
        }
        catch (Exception e)
        {
            await call.FailAsync(e).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(ServerCall call)
    {
        TService service = activator.Get(call.Http);
        try
        {
            await run(service, call).ConfigureAwait(false);
        }
        finally
        {
            await activator.ReleaseAsync(service).ConfigureAwait(false);
        }
    }
}
