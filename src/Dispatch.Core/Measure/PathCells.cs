using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Measure;

/// <summary>What one reporter said of one network of a region and one edge, aged. Counts are in sixteenths of a sample.</summary>
internal struct PathCell
{
    public PathKey Key;
    public int Next;

    /// <summary>Half-lives since 1970 up to which the counts are aged.</summary>
    public int Epoch;

    /// <summary>Least round trip that light allows, microseconds.</summary>
    public int FloorMicroseconds;
    public long Sent16, Lost16, KbpsSum16;
    public int KbpsCount16;
}

/// <summary>
/// The path cells: a hash table with chains over flat arrays that grow up to a cap. Beyond it the least fresh of a few cells makes room.
/// Not thread-safe.
/// </summary>
/// <remarks>
/// A sample counts sixteen units and every passing half-life halves all counts, so counts stay exact, in whatever order samples come and
/// cells are merged, as long as they are within four half-lives; what is older is off by less than a sixteenth of a sample a bucket, then gone.
/// </remarks>
internal sealed class PathCells
{
    /// <summary>Units of one fresh sample.</summary>
    public const int Unit = 16;

    /// <summary>Half-lives after which a sample has no unit left.</summary>
    public const int Lifetimes = 5;

    // Two of these still add up without overflow.
    private const long MostSum = long.MaxValue / 4;

    private const int ChunkCells = 1024, ChunkBits = 10, FewestHeads = 1024, EvictionTries = 16, Free = -1;

    private readonly int _cap;
    private readonly Action<int> _evicted;
    private int[] _heads = NewHeads(FewestHeads);
    private PathCell[] _cells = new PathCell[ChunkCells];
    private readonly List<ushort[]> _bins = [];
    private int _hand;

    /// <param name="cap">Most cells, at least 1.</param>
    /// <param name="evicted">Told the reporter of each cell that makes room.</param>
    public PathCells(int cap, Action<int> evicted) => (_cap, _evicted) = (cap, evicted);

    /// <summary>Cells in use; they are numbered from 0.</summary>
    public int Count { get; private set; }

    /// <summary>Cells that made room for others.</summary>
    public long Evictions { get; private set; }

    /// <summary>A cell, valid until the next <see cref="Take"/>.</summary>
    public ref PathCell this[int cell] => ref _cells[cell];

    /// <summary>The cell's counts by bucket.</summary>
    public Span<ushort> Bins(int cell) => _bins[cell >> ChunkBits].AsSpan((cell & (ChunkCells - 1)) * LogBuckets.Count, LogBuckets.Count);

    /// <summary>The cell of a key, or −1.</summary>
    public int Find(PathKey key)
    {
        for (int i = _heads[Slot(key)]; i != Free; i = _cells[i].Next)
            if (_cells[i].Key == key) return i;
        return -1;
    }

    /// <summary>Makes a cell for a key that has none; empty, at an epoch. Allocates only while the table grows.</summary>
    public int Take(PathKey key, int epoch)
    {
        int cell = Count < _cap ? Append() : Evict();
        Bins(cell).Clear();
        int slot = Slot(key);
        _cells[cell] = new PathCell { Key = key, Next = _heads[slot], Epoch = epoch };
        _heads[slot] = cell;
        return cell;
    }

    /// <summary>Empties a cell and sets its epoch, whatever it was.</summary>
    public void Restart(int cell, int epoch)
    {
        ref PathCell c = ref _cells[cell];
        Bins(cell).Clear();
        c.Sent16 = c.Lost16 = c.KbpsSum16 = c.KbpsCount16 = 0;
        c.Epoch = epoch;
    }

    /// <summary>Ages a cell to an epoch that is not before its own.</summary>
    public void Age(int cell, int epoch)
    {
        ref PathCell c = ref _cells[cell];
        int passed = Math.Min(epoch - c.Epoch, Lifetimes);
        if (passed <= 0) return;
        c.Epoch = epoch;
        Span<ushort> bins = Bins(cell);
        if (passed == Lifetimes)
        {
            bins.Clear();
            c.Sent16 = c.Lost16 = c.KbpsSum16 = c.KbpsCount16 = 0;
            return;
        }
        foreach (ref ushort bin in bins) bin >>= passed;
        c.Sent16 >>= passed;
        c.Lost16 >>= passed;
        c.KbpsSum16 >>= passed;
        c.KbpsCount16 >>= passed;
    }

    /// <summary>Adds counts that another table has of the same path. The later epoch of the two holds; sums saturate.</summary>
    public void Add(int cell, in PathCell other, ReadOnlySpan<ushort> bins)
    {
        Age(cell, other.Epoch);
        ref PathCell c = ref _cells[cell];
        int behind = c.Epoch - other.Epoch;
        if (behind >= Lifetimes) return;
        Span<ushort> own = Bins(cell);
        for (int b = 0; b < own.Length; b++) own[b] = (ushort)Math.Min(ushort.MaxValue, own[b] + (bins[b] >> behind));
        c.Sent16 = Math.Min(MostSum, c.Sent16 + (other.Sent16 >> behind));
        c.Lost16 = Math.Min(MostSum, c.Lost16 + (other.Lost16 >> behind));
        c.KbpsSum16 = Math.Min(MostSum, c.KbpsSum16 + (other.KbpsSum16 >> behind));
        c.KbpsCount16 = (int)Math.Min(int.MaxValue / 2, (long)c.KbpsCount16 + (other.KbpsCount16 >> behind));
    }

    /// <summary>Forgets all cells; the memory stays.</summary>
    public void Clear()
    {
        Array.Fill(_heads, Free);
        (Count, _hand) = (0, 0);
    }

    /// <summary>Moves the cells to a world with other ordinals; cells of what is gone are dropped. Floors stay: the places are the same.</summary>
    /// <param name="regions">Old ordinal to new, −1 for gone.</param>
    /// <param name="edges">Likewise.</param>
    public void Renumber(int[] regions, int[] edges)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            PathKey key = _cells[i].Key;
            if (regions[key.Region] < 0 || edges[key.Edge] < 0)
            {
                _evicted(key.Reporter);
                continue;
            }
            Bins(i).CopyTo(Bins(kept));
            _cells[kept] = _cells[i] with { Key = PathKey.Of(regions[key.Region], edges[key.Edge], key.Reporter, key.Network) };
            kept++;
        }
        (Count, _hand) = (kept, 0);
        Rehash(NewHeads(_heads.Length));
    }

    private int Append()
    {
        if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, (int)Math.Min(_cap, 2L * Count));
            Rehash(NewHeads(2 * _heads.Length));
        }
        if (Count >> ChunkBits == _bins.Count) _bins.Add(new ushort[ChunkCells * LogBuckets.Count]);
        return Count++;
    }

    /// <summary>Takes the least fresh of the next few cells out of its chain.</summary>
    private int Evict()
    {
        int victim = _hand;
        for (int i = 0; i < EvictionTries; i++, _hand = (_hand + 1) % Count)
            if (_cells[_hand].Epoch < _cells[victim].Epoch) victim = _hand;
        ref int link = ref _heads[Slot(_cells[victim].Key)];
        while (link != victim) link = ref _cells[link].Next;
        link = _cells[victim].Next;
        Evictions++;
        _evicted(_cells[victim].Key.Reporter);
        return victim;
    }

    private void Rehash(int[] heads)
    {
        _heads = heads;
        for (int i = 0; i < Count; i++)
        {
            int slot = Slot(_cells[i].Key);
            _cells[i].Next = heads[slot];
            heads[slot] = i;
        }
    }

    // Fibonacci hashing (Knuth 6.4): the high bits of the product; overflow is the point.
    [SuppressMessage("Style", "IDE0004", Justification = "The width of the product is the statement.")]
    private int Slot(PathKey key) => unchecked((int)((key.Packed * 0x9E3779B97F4A7C15UL) >> 32)) & (_heads.Length - 1);

    private static int[] NewHeads(int count)
    {
        int[] heads = new int[count];
        Array.Fill(heads, Free);
        return heads;
    }
}
