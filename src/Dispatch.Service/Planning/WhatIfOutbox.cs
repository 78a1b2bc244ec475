using System.Runtime.CompilerServices;
using System.Threading.Channels;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.State;

namespace TrafficDispatch.Service.Planning;

/// <summary>
/// What a run has to say, between its threads and the caller's stream: results wait in order, of how far it is only the newest is kept. Thread-safe.
/// </summary>
internal sealed class WhatIfOutbox
{
    /// <summary>Results that may wait; beyond, the run waits for its reader.</summary>
    public const int Room = 256;

    // Stands in the channel for the progress beside it, so that a quiet reader wakes.
    private static readonly WhatIfUpdate Newest = new();

    private readonly Channel<WhatIfUpdate> _results = Channel.CreateBounded<WhatIfUpdate>(new BoundedChannelOptions(Room) { SingleReader = true });
    private WhatIfProgress? _progress;

    /// <summary>Sends a result; waits while too many do.</summary>
    /// <exception cref="OperationCanceledException">The run is over.</exception>
    public void Post(WhatIfUpdate result, CancellationToken run)
    {
        if (_results.Writer.TryWrite(result)) return;
        _results.Writer.WriteAsync(result, run).AsTask().Awaited();
    }

    /// <summary>Tells how far the run is; what was told before and not sent yet is dropped.</summary>
    public void Tell(WhatIfProgress progress)
    {
        // Where the channel is full its reader looks here after the next result.
        if (Interlocked.Exchange(ref _progress, progress) is null) _results.Writer.TryWrite(Newest);
    }

    /// <summary>Nothing more comes; what waits is still read.</summary>
    public void Close() => _results.Writer.TryComplete();

    /// <summary>Everything as it comes, until it is closed.</summary>
    public async IAsyncEnumerable<WhatIfUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (WhatIfUpdate result in _results.Reader.ReadAllAsync(cancellation))
        {
            if (!ReferenceEquals(result, Newest)) yield return result;
            if (Interlocked.Exchange(ref _progress, null) is { } progress) yield return new() { Progress = progress };
        }
    }
}
