using System.Collections.Immutable;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// The log as a Redis stream with one consumer group. Batches leave the stream when they are acknowledged, so its length is what waits; a
/// name is remembered by a key that runs out. Nothing blocks the shared connection: readers poll. Thread-safe.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="cap">Most batches that are not acknowledged, at least 1.</param>
/// <param name="memory">How long a name is remembered.</param>
/// <param name="time">The clock that polling goes by.</param>
public sealed class RedisSampleLog(RedisConnection connection, int cap, TimeSpan memory, TimeProvider time) : ISampleLog
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200), ConsumerMemory = TimeSpan.FromHours(1);

    private long _dropped;

    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public async Task<SampleAppend> AppendAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        string word = (string)(await connection.EvaluateAsync(
            SampleScripts.Append, [Keys.Samples, Keys.SampleName(name)], [cap, (long)memory.TotalMilliseconds, payload.ToArray()], cancellation).ConfigureAwait(false))!;
        return word switch
        {
            "known" => SampleAppend.Known,
            "full" => SampleAppend.Full,
            _ => SampleAppend.Stored,
        };
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SampleEntry>> ReadAsync(string consumer, int most, CancellationToken cancellation) =>
        Entries((RedisResult[])(await connection.EvaluateAsync(SampleScripts.Read, [Keys.Samples], [consumer, most], cancellation).ConfigureAwait(false))!, 0);

    /// <inheritdoc/>
    public async Task<ImmutableArray<SampleEntry>> ClaimAsync(string consumer, TimeSpan idle, int most, CancellationToken cancellation)
    {
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(
            SampleScripts.Claim, [Keys.Samples], [consumer, (long)idle.TotalMilliseconds, most, (long)ConsumerMemory.TotalMilliseconds], cancellation).ConfigureAwait(false))!;
        Interlocked.Add(ref _dropped, (long)answer[0]);
        return Entries(answer, 1);
    }

    /// <inheritdoc/>
    public async Task AcknowledgeAsync(ImmutableArray<string> ids, CancellationToken cancellation)
    {
        if (ids.IsEmpty) return;
        RedisValue[] values = [.. ids.Select(static id => (RedisValue)id)];
        await connection.EvaluateAsync(SampleScripts.Acknowledge, [Keys.Samples], values, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellation) => Task.Delay(longest < PollInterval ? longest : PollInterval, time, cancellation);

    /// <inheritdoc/>
    public async Task<SampleLogReport> ReportAsync(CancellationToken cancellation)
    {
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(SampleScripts.Report, [Keys.Samples], [], cancellation).ConfigureAwait(false))!;
        return new((long)answer[0], (long)answer[1], Volatile.Read(ref _dropped), TimeSpan.FromMilliseconds((long)answer[2]));
    }

    private static ImmutableArray<SampleEntry> Entries(RedisResult[] answer, int first)
    {
        ImmutableArray<SampleEntry>.Builder entries = ImmutableArray.CreateBuilder<SampleEntry>();
        for (int i = first; i + 1 < answer.Length; i += 2) entries.Add(new((string)answer[i]!, (byte[])answer[i + 1]!));
        return entries.ToImmutable();
    }
}
