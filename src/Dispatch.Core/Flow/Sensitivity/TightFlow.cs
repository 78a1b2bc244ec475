namespace TrafficDispatch.Flow;

/// <summary>The most that can be pushed from one node to another through the arcs of cheapest paths, by blocking flows.</summary>
/// <remarks>
/// <para>Every arc added is on a path of least cost, and its reverse costs exactly as much less: whatever is pushed, all
/// paths of this graph keep that cost, and as long as one exists no cheaper one arises. The greatest flow is therefore the
/// distance to the next change of slope.</para>
/// <para>Invariant: a level is the number of arcs to the target; pushes go down one level an arc, until no such path is left;
/// then levels are counted anew. An arc and its reverse are entries 2i and 2i + 1. E. A. Dinic, Soviet Mathematics
/// Doklady 11 (1970). O(n² m) at worst; scratch grows with the arcs added and is kept.</para>
/// </remarks>
internal sealed class TightFlow
{
    private const int Unlabelled = int.MaxValue;

    private readonly int[] _first;
    private readonly int[] _cursor;
    private readonly int[] _level;
    private readonly Queue<int> _queue = new();
    private readonly List<int> _path = [];
    private Entry[] _entries = new Entry[64];
    private int _count;

    /// <summary>Prepares for graphs of so many nodes.</summary>
    public TightFlow(int nodes) => (_first, _cursor, _level) = (new int[nodes], new int[nodes], new int[nodes]);

    /// <summary>Drops all arcs. O(n).</summary>
    public void Clear()
    {
        _count = 0;
        Array.Fill(_first, -1);
    }

    /// <summary>Adds an arc with room for so many units; <see cref="FlowNetwork.Unlimited"/> for any number.</summary>
    public void Add(int tail, int head, long room)
    {
        if (_count + 2 > _entries.Length) Array.Resize(ref _entries, 2 * _entries.Length);
        Link(tail, head, room);
        Link(head, tail, 0);
    }

    /// <summary>Pushes as much as fits, at most <paramref name="atMost"/>.</summary>
    public long Push(int source, int target, long atMost)
    {
        long pushed = 0;
        while (pushed < atMost && Label(source, target))
        {
            _first.CopyTo(_cursor.AsSpan());
            pushed += Block(source, target, atMost - pushed);
        }

        return pushed;
    }

    private void Link(int from, int to, long room)
    {
        _entries[_count] = new Entry { To = to, Next = _first[from], Room = room };
        _first[from] = _count++;
    }

    private bool Label(int source, int target)
    {
        Array.Fill(_level, Unlabelled);
        _queue.Clear();
        _queue.Enqueue(target);
        _level[target] = 0;
        while (_level[source] == Unlabelled && _queue.TryDequeue(out int node))
        {
            for (int i = _first[node]; i >= 0; i = _entries[i].Next)
            {
                int from = _entries[i].To;
                if (_entries[i ^ 1].Room == 0 || _level[from] != Unlabelled) continue;
                _level[from] = _level[node] + 1;
                _queue.Enqueue(from);
            }
        }

        return _level[source] != Unlabelled;
    }

    // Walks down the levels; a dead end is taken out of them, a full path is pushed along and left at its first full arc.
    private long Block(int source, int target, long atMost)
    {
        long pushed = 0;
        _path.Clear();
        for (int node = source; pushed < atMost;)
        {
            if (node == target)
            {
                pushed += PushPath(atMost - pushed);
                node = Retreat();
                continue;
            }

            int entry = Descend(node);
            if (entry >= 0)
            {
                _path.Add(entry);
                node = _entries[entry].To;
            }
            else if (_path.Count == 0)
            {
                break;
            }
            else
            {
                _level[node] = Unlabelled;
                node = _entries[_path[^1] ^ 1].To;
                _path.RemoveAt(_path.Count - 1);
            }
        }

        return pushed;
    }

    private int Descend(int node)
    {
        ref int entry = ref _cursor[node];
        while (entry >= 0 && (_entries[entry].Room == 0 || _level[_entries[entry].To] != _level[node] - 1)) entry = _entries[entry].Next;
        return entry;
    }

    // Every push crosses an arc at most once, so what an arc carries never passes the total, which is at most 2^63 − 1.
    private long PushPath(long atMost)
    {
        long amount = atMost;
        foreach (int entry in _path) amount = Math.Min(amount, _entries[entry].Room);
        foreach (int entry in _path)
        {
            Take(ref _entries[entry].Room, amount);
            ref long back = ref _entries[entry ^ 1].Room;
            if (back != FlowNetwork.Unlimited) back += amount;
        }

        return amount;
    }

    private static void Take(ref long room, long amount)
    {
        if (room != FlowNetwork.Unlimited) room -= amount;
    }

    private int Retreat()
    {
        int full = 0;
        while (full < _path.Count - 1 && _entries[_path[full]].Room != 0) full++; // none is full: the allowance ended the push
        int node = _entries[_path[full] ^ 1].To;
        _path.RemoveRange(full, _path.Count - full);
        return node;
    }

    private struct Entry
    {
        public int To;
        public int Next;
        public long Room;
    }
}
