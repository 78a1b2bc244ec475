namespace TrafficDispatch.State.Redis;

/// <summary>What Redis does with the stream of samples in one step. KEYS[1] is the stream; its group is <c>fold</c>.</summary>
internal static class SampleScripts
{
    /// <summary>KEYS stream, name; ARGV cap, ms that a name is remembered, payload. Gives known, full or stored.</summary>
    /// <remarks>The trimming is a second bound, for a stream that others write to: the cap is refused at, long before.</remarks>
    public const string Append = """
        if redis.call('EXISTS', KEYS[2]) == 1 then return 'known' end
        local cap = tonumber(ARGV[1])
        if redis.call('XLEN', KEYS[1]) >= cap then return 'full' end
        redis.call('XADD', KEYS[1], 'MAXLEN', '~', 2 * cap + 1000, '*', 'b', ARGV[3])
        redis.call('SET', KEYS[2], '', 'PX', ARGV[2])
        return 'stored'
        """;

    /// <summary>ARGV consumer, count. Gives id and payload by turns.</summary>
    public const string Read = Group + """
        local got = redis.call('XREADGROUP', 'GROUP', 'fold', ARGV[1], 'COUNT', ARGV[2], 'STREAMS', KEYS[1], '>')
        local flat = {}
        if got then
          for _, entry in ipairs(got[1][2]) do
            flat[#flat + 1] = entry[1]
            flat[#flat + 1] = entry[2][2]
          end
        end
        return flat
        """;

    /// <summary>ARGV consumer, ms idle, count, ms after which an idle consumer is forgotten. Gives how many were trimmed unfolded, then id and payload by turns.</summary>
    public const string Claim = Group + """
        local got = redis.call('XAUTOCLAIM', KEYS[1], 'fold', ARGV[1], ARGV[2], '0-0', 'COUNT', ARGV[3])
        local flat = {#got[3]}
        for _, entry in ipairs(got[2]) do
          flat[#flat + 1] = entry[1]
          flat[#flat + 1] = entry[2][2]
        end
        for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], 'fold')) do
          local name, pending, idle = consumer[2], consumer[4], consumer[6]
          if pending == 0 and idle > tonumber(ARGV[4]) and name ~= ARGV[1] then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], 'fold', name) end
        end
        return flat
        """;

    /// <summary>ARGV ids. What is folded leaves the stream.</summary>
    public const string Acknowledge = """
        redis.call('XACK', KEYS[1], 'fold', unpack(ARGV))
        redis.call('XDEL', KEYS[1], unpack(ARGV))
        return 1
        """;

    /// <summary>Gives the stream's length, how many of it are given to consumers, and the age of the oldest in ms by the server's clock.</summary>
    public const string Report = Group + """
        local age, first = 0, redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
        if first then
          local now = redis.call('TIME')
          age = math.max(0, tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000) - tonumber(string.match(first[1], '^%d+')))
        end
        return {redis.call('XLEN', KEYS[1]), redis.call('XPENDING', KEYS[1], 'fold')[1], age}
        """;

    // A store that came back empty has lost the group too; an error means that it is there.
    private const string Group = """
        redis.pcall('XGROUP', 'CREATE', KEYS[1], 'fold', '0', 'MKSTREAM')

        """;
}
