namespace TrafficDispatch.State.Redis;

/// <summary>What Redis does with batches and the parts made of them in one step. All keys share the prefix's slot.</summary>
internal static class PartScripts
{
    /// <summary>
    /// KEYS samples, parts, figures; ARGV consumer, part, ms that parts are kept, most bytes, ids. Gives 1, or 0 where a batch is not the consumer's.
    /// </summary>
    /// <remarks>
    /// Parts are numbered, so that a reader sees what it missed. Their age is that of their ids, by the server's clock. Those that are too old leave;
    /// then, while there are too many bytes, the oldest leave too and are counted. In the long run as much leaves as comes, so a call is short.
    /// </remarks>
    public const string Store = """
        for i = 5, #ARGV do
          local owned = redis.pcall('XPENDING', KEYS[1], 'fold', ARGV[i], ARGV[i], 1, ARGV[1])
          if owned.err or #owned == 0 then return 0 end
        end
        redis.call('XADD', KEYS[2], '*', 'n', redis.call('HINCRBY', KEYS[3], 'stored', 1), 'p', ARGV[2])
        local bytes = redis.call('HINCRBY', KEYS[3], 'bytes', #ARGV[2])
        local now = redis.call('TIME')
        local oldest = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000) - tonumber(ARGV[3])
        while true do
          local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
          if not first then break end
          local old = tonumber(string.match(first[1], '^%d+')) < oldest
          if not old and bytes <= tonumber(ARGV[4]) then break end
          redis.call('XDEL', KEYS[2], first[1])
          bytes = redis.call('HINCRBY', KEYS[3], 'bytes', -#first[2][4])
          if not old then redis.call('HINCRBY', KEYS[3], 'dropped', 1) end
        end
        for i = 5, #ARGV, 1000 do
          local last = math.min(i + 999, #ARGV)
          redis.call('XACK', KEYS[1], 'fold', unpack(ARGV, i, last))
          redis.call('XDEL', KEYS[1], unpack(ARGV, i, last))
        end
        return 1
        """;

    /// <summary>KEYS samples; ARGV consumer, id after which, count. Gives id and payload by turns; batches that were trimmed are acknowledged.</summary>
    public const string Own = """
        redis.pcall('XGROUP', 'CREATE', KEYS[1], 'fold', '0', 'MKSTREAM')
        local got = redis.call('XREADGROUP', 'GROUP', 'fold', ARGV[1], 'COUNT', ARGV[3], 'STREAMS', KEYS[1], ARGV[2])
        local flat = {}
        for _, entry in ipairs(got[1][2]) do
          if entry[2] then
            flat[#flat + 1] = entry[1]
            flat[#flat + 1] = entry[2][2]
          else
            redis.call('XACK', KEYS[1], 'fold', entry[1])
          end
        end
        return flat
        """;

    /// <summary>KEYS parts, figures; ARGV id of the last known part or 0-0, count. Gives the newest number, then id, number and part by turns.</summary>
    public const string Read = """
        local stored = tonumber(redis.call('HGET', KEYS[2], 'stored') or '0')
        local flat = {stored}
        for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])) do
          flat[#flat + 1] = entry[1]
          flat[#flat + 1] = tonumber(entry[2][2])
          flat[#flat + 1] = entry[2][4]
        end
        return flat
        """;

    /// <summary>KEYS parts, figures. Gives how many, their bytes, how many were dropped.</summary>
    public const string Report = """
        return {redis.call('XLEN', KEYS[1]), tonumber(redis.call('HGET', KEYS[2], 'bytes') or '0'), tonumber(redis.call('HGET', KEYS[2], 'dropped') or '0')}
        """;
}
