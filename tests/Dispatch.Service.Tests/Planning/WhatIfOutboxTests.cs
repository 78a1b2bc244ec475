using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Planning;

namespace TrafficDispatch.Service.Tests.Planning;

public sealed class WhatIfOutboxTests
{
    [Fact]
    public async Task Tell_NotRead_KeepsTheNewestAlone()
    {
        WhatIfOutbox outbox = new();
        outbox.Post(Result(0), CancellationToken.None);
        for (uint i = 1; i <= 1000; i++) outbox.Tell(new() { Done = i });
        outbox.Post(Result(1), CancellationToken.None);
        outbox.Close();
        List<WhatIfUpdate> all = await Read(outbox);
        Assert.Equal([0, 1], all.Where(static u => u.CaseResult is not null).Select(static u => (int)u.CaseResult.Index));
        Assert.Equal(1000u, Assert.Single(all, static u => u.Progress is not null).Progress.Done);
    }

    [Fact]
    public async Task Tell_ChannelIsFull_ComesWithTheNextResult()
    {
        WhatIfOutbox outbox = new();
        for (uint i = 0; i < WhatIfOutbox.Room; i++) outbox.Post(Result(i), CancellationToken.None);
        outbox.Tell(new() { Done = 7 });
        outbox.Close();
        Assert.Equal(7u, (await Read(outbox))[1].Progress.Done);
    }

    [Fact]
    public async Task Post_ChannelIsFull_WaitsForItsReader()
    {
        WhatIfOutbox outbox = new();
        for (uint i = 0; i < WhatIfOutbox.Room; i++) outbox.Post(Result(i), CancellationToken.None);
        using CancellationTokenSource over = new();
        Task<int> first = PlannerThreads.RunAsync(() => Post(over.Token), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Assert.False(first.IsCompleted);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(WhatIfReader.Patience));
        Task<int> second = PlannerThreads.RunAsync(() => Post(CancellationToken.None), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await using IAsyncEnumerator<WhatIfUpdate> reader = outbox.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(1, await second.WaitAsync(WhatIfReader.Patience));

        int Post(CancellationToken run)
        {
            outbox.Post(Result(999), run);
            return 1;
        }
    }

    private static WhatIfUpdate Result(uint index) => new() { CaseResult = new() { Index = index } };

    private static async Task<List<WhatIfUpdate>> Read(WhatIfOutbox outbox)
    {
        List<WhatIfUpdate> all = [];
        await foreach (WhatIfUpdate update in outbox.ReadAsync(CancellationToken.None)) all.Add(update);
        return all;
    }
}
