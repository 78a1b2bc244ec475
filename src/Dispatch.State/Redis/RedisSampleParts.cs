using System.Collections.Immutable;
using System.Globalization;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Parts as a Redis stream without a group: everybody reads all of it. Nothing blocks the shared connection. Thread-safe.</summary>
/// <param name="connection">The connection.</param>
/// <param name="keep">How long a part is kept, above 0.</param>
/// <param name="mostBytes">Bytes beyond which the oldest parts leave before that.</param>
public sealed class RedisSampleParts(RedisConnection connection, TimeSpan keep, long mostBytes) : ISampleParts
{
    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public async Task<PartStore> StoreAsync(string consumer, ImmutableArray<string> batches, ReadOnlyMemory<byte> part, CancellationToken cancellation)
    {
        if (batches.Length > ISampleParts.MostBatches) throw new ArgumentException($"A part is made of at most {ISampleParts.MostBatches} batches.", nameof(batches));
        if (part.Length > ISampleParts.LongestPart) throw new ArgumentException($"A part has at most {ISampleParts.LongestPart} bytes.", nameof(part));
        RedisValue[] values = [consumer, part.ToArray(), (long)keep.TotalMilliseconds, mostBytes, .. batches.Select(static id => (RedisValue)id)];
        RedisResult answer = await connection.EvaluateAsync(
            PartScripts.Store, [Keys.Samples, Keys.SampleParts, Keys.SamplePartFigures], values, cancellation).ConfigureAwait(false);
        return (int)answer == 1 ? PartStore.Stored : PartStore.NotOwned;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SampleEntry>> OwnAsync(string consumer, string after, int most, CancellationToken cancellation)
    {
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(
            PartScripts.Own, [Keys.Samples], [consumer, after.Length > 0 ? after : "0-0", most], cancellation).ConfigureAwait(false))!;
        ImmutableArray<SampleEntry>.Builder own = ImmutableArray.CreateBuilder<SampleEntry>();
        for (int i = 0; i + 1 < answer.Length; i += 2) own.Add(new((string)answer[i]!, (byte[])answer[i + 1]!));
        return own.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task<PartReading> ReadAsync(string after, int most, CancellationToken cancellation)
    {
        (string id, long known) = Place(after);
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(
            PartScripts.Read, [Keys.SampleParts, Keys.SamplePartFigures], [id, most], cancellation).ConfigureAwait(false))!;
        long newest = (long)answer[0];
        // A store that counts less than was known has lost what it held; what it has after that place is new all the same.
        bool cameBackEmpty = newest < known;
        long last = cameBackEmpty ? 0 : known, first = answer.Length > 1 ? (long)answer[2] : newest + 1;
        // A new reader has nothing to miss: what is kept is all that counts.
        bool lost = after.Length > 0 && !cameBackEmpty && first > last + 1;
        ImmutableArray<SampleEntry>.Builder parts = ImmutableArray.CreateBuilder<SampleEntry>();
        for (int i = 1; i + 2 < answer.Length; i += 3)
        {
            last = (long)answer[i + 1];
            parts.Add(new(string.Create(CultureInfo.InvariantCulture, $"{(string)answer[i]!}/{last}"), (byte[])answer[i + 2]!));
        }
        return new(parts.ToImmutable(), parts.Count > 0 ? newest - last : 0, lost);
    }

    /// <inheritdoc/>
    public bool IsNotAfter(string part, string place) => place.Length > 0 && Moment(part).CompareTo(Moment(place)) <= 0;

    /// <inheritdoc/>
    public async Task<PartReport> ReportAsync(CancellationToken cancellation)
    {
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(
            PartScripts.Report, [Keys.SampleParts, Keys.SamplePartFigures], [], cancellation).ConfigureAwait(false))!;
        return new((long)answer[0], (long)answer[1], (long)answer[2]);
    }

    /// <summary>The server's millisecond and the number within it.</summary>
    private static (ulong, ulong) Moment(string part)
    {
        string[] numbers = Place(part).Id.Split('-');
        return (ulong.Parse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture), ulong.Parse(numbers[^1], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private static (string Id, long Number) Place(string after)
    {
        if (after.Length == 0) return ("0-0", 0);
        int slash = after.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && long.TryParse(after.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return (after[..slash], number);
        throw new ArgumentException($"'{after}' is no id of a part.", nameof(after));
    }
}
