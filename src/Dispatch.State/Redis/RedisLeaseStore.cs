using System.Globalization;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>The lease as a key that Redis itself lets run out.</summary>
internal sealed class RedisLeaseStore(RedisConnection connection) : ILeaseStore
{
    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public async Task<LeaseGrant> AcquireAsync(string holder, TimeSpan length, CancellationToken cancellation)
    {
        LeaseRules.Check(holder, length);
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(
            RedisScripts.Acquire, [Keys.Lease, Keys.LeaseToken], [holder, (long)length.TotalMilliseconds, (long)Math.Max(LeaseRules.Longest.TotalMilliseconds, length.TotalMilliseconds)],
            cancellation).ConfigureAwait(false))!;
        long token = long.Parse((string)answer[0]!, CultureInfo.InvariantCulture);
        string held = (string)answer[1]!;
        return new(token > 0 ? new(token, held) : null, held, TimeSpan.FromMilliseconds(Math.Max(0, (long)answer[2])));
    }

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(FencingToken token, TimeSpan length, CancellationToken cancellation)
    {
        LeaseRules.Check(token.Holder, length);
        return (int)await connection.EvaluateAsync(
            RedisScripts.Renew, [Keys.Lease], [token.Number, token.Holder, (long)length.TotalMilliseconds], cancellation).ConfigureAwait(false) == 1;
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(FencingToken token, CancellationToken cancellation) =>
        (int)await connection.EvaluateAsync(RedisScripts.Release, [Keys.Lease], [token.Number, token.Holder], cancellation).ConfigureAwait(false) == 1;
}
