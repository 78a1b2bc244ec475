namespace TrafficDispatch.State;

/// <summary>What every medium of broadcasts asks of its callers.</summary>
internal static class BroadcastRules
{
    private const int LongestChannel = 64;

    /// <summary>Checks a channel's name. No character of it means anything to a store, so that it is never taken for a pattern.</summary>
    /// <exception cref="ArgumentException">It breaks its rule.</exception>
    public static void Check(string channel)
    {
        if (channel.Length is 0 or > LongestChannel || !channel.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            throw new ArgumentException($"'{channel}': a channel's name has 1 to {LongestChannel} letters, digits, '.', '_' and '-'.", nameof(channel));
    }

    /// <summary>Checks a message.</summary>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    public static void Check(string channel, ReadOnlyMemory<byte> message)
    {
        Check(channel);
        if (message.Length > IBroadcasts.MostBytes) throw new ArgumentException($"A message has at most {IBroadcasts.MostBytes} bytes; this one has {message.Length}.", nameof(message));
    }
}
