namespace TrafficDispatch.State.Redis;

/// <summary>
/// What Redis does in one step. A script runs alone, so what it checks still holds when it writes; all its keys share the prefix's slot.
/// </summary>
internal static class RedisScripts
{
    /// <summary>KEYS lease, counter; ARGV holder, ms, ms of the longest lease there may be. Gives token, holder, ms left; token 0 where another holds it.</summary>
    /// <remarks>
    /// A token is at least the server's clock in µs: a store that lost its data does not give out old tokens again. A lease that has longer left
    /// than any may be given is one whose server's clock was set back: without being shortened it would keep everybody from leading for as long.
    /// </remarks>
    public const string Acquire = """
        local holder = redis.call('HGET', KEYS[1], 'holder')
        if holder then
          if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
          return {'0', holder, redis.call('PTTL', KEYS[1])}
        end
        local now = redis.call('TIME')
        local token = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, tonumber(now[1]) * 1000000 + tonumber(now[2]))
        local text = string.format('%.0f', token)
        redis.call('SET', KEYS[2], text)
        redis.call('HSET', KEYS[1], 'token', text, 'holder', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return {text, ARGV[1], tonumber(ARGV[2])}
        """;

    /// <summary>KEYS lease; ARGV token, holder, ms. Gives 1 where the token is that of the lease in force.</summary>
    public const string Renew = Fence + """
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>KEYS lease; ARGV token, holder.</summary>
    public const string Release = Fence + """
        redis.call('DEL', KEYS[1])
        return 1
        """;

    /// <summary>KEYS hash; ARGV ms, then fields and values by turns, some thousand at most.</summary>
    /// <remarks>The rows and the draft's end go together: a writer that dies between them would leave rows for ever.</remarks>
    public const string DraftRows = """
        redis.call('HSET', KEYS[1], unpack(ARGV, 2))
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        return 1
        """;

    /// <summary>
    /// KEYS stamp, schema, announced, then a key a table; ARGV schema, generation, basis or '', stamp, ms of grace, start of table keys,
    /// channel, then rows a table. Gives a word: stored, schema, changed, newer, or missing and the key.
    /// </summary>
    /// <remarks>
    /// The keys of the world before are named by its stamp, not declared: they have the same tag, hence the same slot. They live on for a
    /// while, for readers that are at them.
    /// </remarks>
    public const string PublishWorld = Announce + """
        if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {'schema'} end
        local before, old = 0, {}
        local text = redis.call('GET', KEYS[1])
        if text then
          local sound, stamp = pcall(cjson.decode, text)
          if sound and type(stamp) == 'table' and stamp.tables then before, old = stamp.generation, stamp.tables end
        end
        if ARGV[3] ~= '' and tonumber(ARGV[3]) ~= before then return {'changed', string.format('%.0f', before)} end
        if before >= tonumber(ARGV[2]) then return {'newer', string.format('%.0f', before)} end
        local kept = {}
        for i = 4, #KEYS do
          kept[KEYS[i]] = true
          if redis.call('HLEN', KEYS[i]) ~= tonumber(ARGV[4 + i]) then return {'missing', KEYS[i]} end
        end
        for i = 4, #KEYS do redis.call('PERSIST', KEYS[i]) end
        redis.call('SET', KEYS[1], ARGV[4])
        for _, t in ipairs(old) do
          local key = ARGV[6] .. string.format('%.0f', t.generation) .. ':' .. t.name
          if not kept[key] then redis.call('PEXPIRE', key, ARGV[5]) end
        end
        if ARGV[7] ~= '' then announce(KEYS[3], ARGV[7], 'world', ARGV[2]) end
        return {'stored'}
        """;

    /// <summary>
    /// KEYS lease, index, highest, content, announced, run; ARGV token, holder, version, rows, entry, kept, ms of grace, start of content keys,
    /// channel or '', announced text. Gives a word: stored, notnewer, or missing; 0 where the token is stale.
    /// </summary>
    /// <remarks>
    /// Versions are written with as many digits each, so that they compare as texts. A server that runs since after the highest was written may
    /// have forgotten versions (an older file, a replica that lagged): it takes a version of a new epoch only.
    /// </remarks>
    public const string PublishArchived = Announce + Run + Fence + """
        local highest = redis.call('GET', KEYS[3])
        if highest and highest >= ARGV[3] then return 'notnewer' end
        if highest and redis.call('GET', KEYS[6]) ~= run() and string.sub(highest, 1, 19) >= string.sub(ARGV[3], 1, 19) then return 'notnewer' end
        if redis.call('HLEN', KEYS[4]) ~= tonumber(ARGV[4]) then return 'missing' end
        redis.call('PERSIST', KEYS[4])
        redis.call('HSET', KEYS[2], ARGV[3], ARGV[5])
        redis.call('SET', KEYS[3], ARGV[3])
        redis.call('SET', KEYS[6], run())
        local versions = redis.call('HKEYS', KEYS[2])
        table.sort(versions, function(a, b) return a > b end)
        for i = tonumber(ARGV[6]) + 1, #versions do
          local token = string.match(redis.call('HGET', KEYS[2], versions[i]), '^%d+') or ''
          redis.call('PEXPIRE', ARGV[8] .. versions[i] .. ':' .. token, ARGV[7])
          redis.call('HDEL', KEYS[2], versions[i])
        end
        if ARGV[9] ~= '' then announce(KEYS[5], ARGV[9], 'tables', ARGV[10]) end
        return 'stored'
        """;

    /// <summary>KEYS lease, books; ARGV token, holder, month, text, SHA-256, kept months. The month's book before becomes the copy.</summary>
    public const string SaveBilling = Fence + """
        local month = ARGV[3]
        local book, sum = unpack(redis.call('HMGET', KEYS[2], month, month .. ':sha256'))
        if book and sum then redis.call('HSET', KEYS[2], month .. ':before', book, month .. ':before.sha256', sum) end
        redis.call('HSET', KEYS[2], month, ARGV[4], month .. ':sha256', ARGV[5])
        local months = {}
        for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
          if #field == 7 then table.insert(months, field) end
        end
        table.sort(months, function(a, b) return a > b end)
        for i = tonumber(ARGV[6]) + 1, #months do
          local old = months[i]
          redis.call('HDEL', KEYS[2], old, old .. ':sha256', old .. ':before', old .. ':before.sha256')
        end
        return 1
        """;

    /// <summary>KEYS highest, run. Gives 1 where the server runs since after the highest version was written.</summary>
    public const string MayHaveForgotten = Run + """
        return redis.call('EXISTS', KEYS[1]) == 1 and redis.call('GET', KEYS[2]) ~= run() and 1 or 0
        """;

    /// <summary>
    /// KEYS lease, confirmed, highest; ARGV token, holder, version. Remembers that the leader holds the table to be right now, by the server's
    /// clock; 2 where the table is not the highest here: the server has forgotten it.
    /// </summary>
    public const string Confirm = Fence + """
        if redis.call('GET', KEYS[3]) ~= ARGV[3] then return 2 end
        local now = redis.call('TIME')
        redis.call('SET', KEYS[2], ARGV[3] .. ' ' .. string.format('%.0f', tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)))
        return 1
        """;

    /// <summary>KEYS highest, confirmed, lease. Gives the highest version or '', the confirmation or '', the server's time in ms, the leader or ''.</summary>
    public const string Standing = """
        local now = redis.call('TIME')
        return {redis.call('GET', KEYS[1]) or '', redis.call('GET', KEYS[2]) or '',
          string.format('%.0f', tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)), redis.call('HGET', KEYS[3], 'holder') or ''}
        """;

    /// <summary>KEYS entries, announced, taken; ARGV channel, topic, field, value. Gives the new revision.</summary>
    public const string PutEntry = Announce + """
        redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
        redis.call('SREM', KEYS[3], ARGV[3])
        return announce(KEYS[2], ARGV[1], ARGV[2], nil)
        """;

    /// <summary>KEYS entries, announced, taken; ARGV channel, topic, field, value. Gives the new revision, 0 where the entry is there or was taken out.</summary>
    public const string GiveBackEntry = Announce + """
        if redis.call('SISMEMBER', KEYS[3], ARGV[3]) == 1 or redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[4]) == 0 then return 0 end
        return announce(KEYS[2], ARGV[1], ARGV[2], nil)
        """;

    /// <summary>KEYS entries, announced, taken; ARGV channel, topic, field. Gives the new revision, 0 where there was no such entry.</summary>
    /// <remarks>What was taken out is remembered for a day: who has not heard of that must not give it back.</remarks>
    public const string RemoveEntry = Announce + """
        if redis.call('HDEL', KEYS[1], ARGV[3]) == 0 then return 0 end
        redis.call('SADD', KEYS[3], ARGV[3])
        redis.call('EXPIRE', KEYS[3], 86400)
        return announce(KEYS[2], ARGV[1], ARGV[2], nil)
        """;

    /// <summary>KEYS entries, announced; ARGV topic. Gives the revision, then fields and values by turns, all of one moment.</summary>
    public const string ListEntries = """
        local entries = redis.call('HGETALL', KEYS[1])
        table.insert(entries, 1, redis.call('HGET', KEYS[2], ARGV[1]) or '0')
        return entries
        """;

    /// <summary>Every write of the leader begins with this: without the lease in force there is no write.</summary>
    private const string Fence = """
        local held = redis.call('HMGET', KEYS[1], 'token', 'holder')
        if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return 0 end

        """;

    /// <summary>Names the run of the server: another one after every restart, and on every other server.</summary>
    private const string Run = """
        local function run() return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') end

        """;

    /// <summary>The last announcement is kept for those who poll, and sent to those who listen.</summary>
    private const string Announce = """
        local function announce(key, channel, topic, text)
          local sequence = redis.call('HINCRBY', key, topic, 1)
          text = text or string.format('%.0f', sequence)
          redis.call('HSET', key, topic .. '.text', text)
          redis.call('PUBLISH', channel, topic .. ' ' .. string.format('%.0f', sequence) .. ' ' .. text)
          return sequence
        end

        """;
}
