using System.Globalization;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Announcements over a channel, and the last of each topic in a hash.</summary>
internal sealed class RedisAnnouncements(RedisConnection connection) : IAnnouncements
{
    /// <summary>A topic's name in Redis.</summary>
    public static string Word(Topic topic) => topic switch
    {
        Topic.World => "world",
        Topic.Tables => "tables",
        Topic.Overrides => "overrides",
        Topic.Freeze => "freeze",
        _ => "streams",
    };

    /// <inheritdoc/>
    public async Task<Announcement> LatestAsync(Topic topic, CancellationToken cancellation)
    {
        string word = Word(topic);
        RedisValue[] held = await connection.CallAsync(
            db => db.HashGetAsync(connection.Keys.Announced, [word, word + ".text"]), cancellation).ConfigureAwait(false);
        return new(topic, held[0].IsNull ? 0 : (long)held[0], (string?)held[1] ?? "");
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> SubscribeAsync(Action<Announcement> heard, CancellationToken cancellation)
    {
        RedisChannel channel = connection.Keys.Channel;
        Action<RedisChannel, RedisValue> handler = (_, message) =>
        {
            if (TryRead((string?)message, out Announcement? announcement)) heard(announcement);
        };
        await connection.SubscribeAsync(channel, handler, cancellation).ConfigureAwait(false);
        return new Subscription(connection, channel, handler);
    }

    private static bool TryRead(string? message, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Announcement? announcement)
    {
        announcement = null;
        string[] parts = message?.Split(' ', 3) ?? [];
        if (parts.Length < 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)) return false;
        foreach (Topic topic in Enum.GetValues<Topic>())
            if (Word(topic) == parts[0]) announcement = new(topic, sequence, parts[2]);
        return announcement is not null;
    }

    private sealed class Subscription(RedisConnection connection, RedisChannel channel, Action<RedisChannel, RedisValue> handler) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.UnsubscribeAsync(channel, handler).ConfigureAwait(false);
            }
            catch (Exception e) when (RedisFailure.Is(e))
            {
                // The connection is gone, and the subscription with it: nothing is left to end.
            }
        }
    }
}
