using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>Asks what if, and reads what comes, on a connection of its own.</summary>
internal sealed class WhatIfReader : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private readonly GrpcChannel _channel;
    private readonly AsyncServerStreamingCall<WhatIfUpdate> _call;

    public WhatIfReader(string address, WhatIfRequest request)
    {
        _channel = GrpcChannel.ForAddress(address);
        _call = new Planner.PlannerClient(_channel).WhatIf(request, new CallOptions(cancellationToken: _end.Token));
    }

    /// <summary>The next update; null at the end.</summary>
    public async Task<WhatIfUpdate?> Next() => await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience) ? _call.ResponseStream.Current : null;

    /// <summary>The next update of a kind; those before it are passed over.</summary>
    public async Task<WhatIfUpdate> Until(WhatIfUpdate.UpdateOneofCase kind)
    {
        while (await Next() is { } update)
            if (update.UpdateCase == kind) return update;
        throw new InvalidOperationException($"The stream ended before any {kind}.");
    }

    /// <summary>Everything to the end; the last is <c>done</c>.</summary>
    public async Task<List<WhatIfUpdate>> All()
    {
        List<WhatIfUpdate> all = [];
        while (await Next() is { } update) all.Add(update);
        Assert.Equal(WhatIfEnd.Complete, all[^1].Done?.End);
        return all;
    }

    /// <summary>How it ends, and what came before.</summary>
    public async Task<(RpcException Error, List<WhatIfUpdate> Before)> Failure()
    {
        List<WhatIfUpdate> before = [];
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await Next() is { } update) before.Add(update);
        });
        return (error, before);
    }

    /// <summary>Goes away in the middle.</summary>
    public void Leave() => _call.Dispose();

    public void Dispose()
    {
        _end.Cancel();
        _call.Dispose();
        _channel.Dispose();
        _end.Dispose();
    }
}
