namespace TrafficDispatch.Table;

/// <summary>Finds registered streams, how long they last and how they come to the nodes that carry them. Allocates nothing after it is made.</summary>
internal sealed class StreamIndex
{
    private readonly TableContent _content;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byKey;

    public StreamIndex(TableContent content)
    {
        _content = content;
        Dictionary<string, int> byKey = new(content.Streams.Length, StringComparer.Ordinal);
        for (int s = 0; s < content.Streams.Length; s++) byKey.Add(content.Streams[s].Key, s);
        _byKey = byKey.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Ordinal of a stream, −1 where it is not registered.</summary>
    public int Find(ReadOnlySpan<char> key) => _byKey.TryGetValue(key, out int stream) ? stream : -1;

    /// <summary>True from the moment of expiry on.</summary>
    public bool HasExpired(int stream, long nowUnixMilliseconds) =>
        stream >= 0 && nowUnixMilliseconds >= _content.Streams[stream].ExpiresUnixMilliseconds;

    /// <summary>Seconds an answer holds: the usual, or until the stream expires; at least 1.</summary>
    public int Ttl(int stream, long nowUnixMilliseconds, int usual)
    {
        if (stream < 0 || nowUnixMilliseconds <= 0 || HasExpired(stream, nowUnixMilliseconds)) return usual;
        long left = (_content.Streams[stream].ExpiresUnixMilliseconds - nowUnixMilliseconds) / 1000;
        return (int)Math.Clamp(left, 1, usual);
    }

    /// <summary>The path that the plan has a node use for a stream; −1 where the node does not carry it.</summary>
    public int PathOf(int stream, int node)
    {
        StreamRows rows = _content.StreamPaths;
        if (stream < 0 || rows.Start.IsEmpty) return -1;
        int from = rows.Start[stream];
        int at = rows.Node.AsSpan(from, rows.Start[stream + 1] - from).BinarySearch(node);
        return at < 0 ? -1 : rows.Path[from + at];
    }

    /// <summary>
    /// Hops from the asking node to the origin as the stream flows: up to the first relay on the path that carries it already, then the way
    /// that relay gets it. Path lookup that forgets this plans two hops and builds four (LiveNet, SIGCOMM'22 §7.1).
    /// </summary>
    public int Depth(int stream, int path, int asking)
    {
        int start = _content.Paths.HopStart[path], hops = _content.Paths.HopStart[path + 1] - start;
        if (PathOf(stream, asking) == path) return hops;
        for (int hop = 1; hop < hops; hop++)
        {
            int relay = _content.Edges.Length + _content.Paths.HopNode[start + hop - 1];
            if (PathOf(stream, relay) is >= 0 and int own) return hop + _content.Paths.HopStart[own + 1] - _content.Paths.HopStart[own];
        }
        return hops;
    }
}
