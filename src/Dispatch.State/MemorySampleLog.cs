using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.State;

/// <summary>A log of samples in this process, for a service without a shared store. What it holds dies with the process. Thread-safe.</summary>
/// <param name="cap">Most batches that are not acknowledged, at least 1.</param>
/// <param name="memory">How long a name is remembered.</param>
/// <param name="time">The clock.</param>
public sealed class MemorySampleLog(int cap, TimeSpan memory, TimeProvider time) : ISampleLog
{
    private readonly Lock _gate = new();
    private readonly Queue<Given> _waiting = new();
    private readonly SortedDictionary<long, Given> _given = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, DateTimeOffset At)> _named = new();
    private TaskCompletionSource _arrived = NewSignal();
    private long _last;

    /// <inheritdoc/>
    public Task<SampleAppend> AppendAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Forget();
            if (_names.Contains(name)) return Task.FromResult(SampleAppend.Known);
            if (_waiting.Count + _given.Count >= cap) return Task.FromResult(SampleAppend.Full);
            _names.Add(name);
            _named.Enqueue((name, time.GetUtcNow()));
            DateTimeOffset now = time.GetUtcNow();
            _waiting.Enqueue(new(new((++_last).ToString(CultureInfo.InvariantCulture), payload), now, now));
            _arrived.TrySetResult();
            return Task.FromResult(SampleAppend.Stored);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SampleEntry>> ReadAsync(string consumer, int most, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ImmutableArray<SampleEntry>.Builder read = ImmutableArray.CreateBuilder<SampleEntry>();
            while (read.Count < most && _waiting.TryDequeue(out Given next))
            {
                _given.Add(long.Parse(next.Entry.Id, CultureInfo.InvariantCulture), next with { At = time.GetUtcNow() });
                read.Add(next.Entry);
            }
            if (_waiting.Count == 0 && _arrived.Task.IsCompleted) _arrived = NewSignal();
            return Task.FromResult(read.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SampleEntry>> ClaimAsync(string consumer, TimeSpan idle, int most, CancellationToken cancellation)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            long[] stale = [.. _given.Where(g => now - g.Value.At >= idle).Take(most).Select(static g => g.Key)];
            foreach (long id in stale) _given[id] = _given[id] with { At = now };
            return Task.FromResult(stale.Select(id => _given[id].Entry).ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(ImmutableArray<string> ids, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (string id in ids)
                if (long.TryParse(id, CultureInfo.InvariantCulture, out long number)) _given.Remove(number);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        Task arrived;
        lock (_gate) arrived = _arrived.Task;
        using CancellationTokenSource over = new(longest, time), either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        await arrived.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public Task<SampleLogReport> ReportAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow(), oldest = _waiting.TryPeek(out Given first) ? first.Stored : now;
            foreach (Given given in _given.Values) oldest = given.Stored < oldest ? given.Stored : oldest;
            return Task.FromResult(new SampleLogReport(_waiting.Count + _given.Count, _given.Count, 0, now - oldest));
        }
    }

    private void Forget()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (_named.TryPeek(out (string Name, DateTimeOffset At) first) && now - first.At > memory) _names.Remove(_named.Dequeue().Name);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly record struct Given(SampleEntry Entry, DateTimeOffset Stored, DateTimeOffset At);
}
