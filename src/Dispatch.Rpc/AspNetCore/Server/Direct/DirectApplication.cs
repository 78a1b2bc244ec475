using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Stands between the server and the request pipeline and answers what can be answered directly.</summary>
internal sealed class DirectApplication<TInner>(IHttpApplication<TInner> pipeline, DirectCalls calls) : IHttpApplication<DirectContext<TInner>>
    where TInner : notnull
{
    public DirectContext<TInner> CreateContext(IFeatureCollection contextFeatures)
    {
        DirectContext<TInner> context = contextFeatures is IHostContextContainer<DirectContext<TInner>> container
            ? container.HostContext ??= new(contextFeatures)
            : new(contextFeatures);
        context.Call = context.Features.Request is { } request ? calls.Find(request.Path) : null;
        if (context.Call is null)
            Enter(context);
        return context;
    }

    public Task ProcessRequestAsync(DirectContext<TInner> context)
    {
        if (context.Call is { } call)
        {
            if (call.TryAnswer(context.Features))
                return Task.CompletedTask;
            Enter(context);
        }

        return pipeline.ProcessRequestAsync(context.Inner!);
    }

    public void DisposeContext(DirectContext<TInner> context, Exception? exception)
    {
        if (context.InPipeline)
            pipeline.DisposeContext(context.Inner!, exception);
        (context.Call, context.InPipeline, context.Inner) = (null, false, default);
    }

    private void Enter(DirectContext<TInner> context)
    {
        context.Inner = pipeline.CreateContext(context);
        context.InPipeline = true;
    }
}
