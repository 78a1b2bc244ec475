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
            if (context.Admission?.Judge() is { } refusal)
            {
                refusal.WriteTo(context.Features.Response);
                return Task.CompletedTask;
            }

            DirectOutcome outcome = call.TryAnswer(context.Features);
            if (outcome == DirectOutcome.Answered)
                return Task.CompletedTask;
            if (outcome == DirectOutcome.Waits)
                return AnswerLaterAsync(context, call);
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

    private async Task AnswerLaterAsync(DirectContext<TInner> context, DirectCall call)
    {
        if (await call.TryAnswerLaterAsync(context).ConfigureAwait(false))
            return;
        Enter(context);
        await pipeline.ProcessRequestAsync(context.Inner!).ConfigureAwait(false);
    }

    private void Enter(DirectContext<TInner> context)
    {
        context.Inner = pipeline.CreateContext(context);
        context.InPipeline = true;
    }
}
