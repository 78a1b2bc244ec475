namespace TrafficDispatch.Flow.Dimacs;

/// <summary>Arc columns that grow with what arrives, never beyond what was declared: a boastful header costs nothing.</summary>
internal sealed class ArcColumns(int declared)
{
    private const int FirstCapacity = 1 << 16;

    private int[] _tails = new int[Math.Min(declared, FirstCapacity)];
    private int[] _heads = new int[Math.Min(declared, FirstCapacity)];
    private long[] _lower = new long[Math.Min(declared, FirstCapacity)];
    private long[] _upper = new long[Math.Min(declared, FirstCapacity)];
    private long[] _costs = new long[Math.Min(declared, FirstCapacity)];

    /// <summary>Arcs so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an arc. The caller keeps the count within what was declared.</summary>
    public void Add(int tail, int head, long lower, long upper, long cost)
    {
        if (Count == _tails.Length) Grow();
        int arc = Count++;
        (_tails[arc], _heads[arc], _lower[arc], _upper[arc], _costs[arc]) = (tail, head, lower, upper, cost);
    }

    /// <summary>The columns, exactly as long as the arcs that arrived.</summary>
    public FlowArcs Take()
    {
        if (_tails.Length != Count) Resize(Count);
        return new FlowArcs(_tails, _heads, _lower, _upper, _costs);
    }

    private void Grow() => Resize((int)Math.Min(declared, 4L * _tails.Length));

    private void Resize(int size)
    {
        Array.Resize(ref _tails, size);
        Array.Resize(ref _heads, size);
        Array.Resize(ref _lower, size);
        Array.Resize(ref _upper, size);
        Array.Resize(ref _costs, size);
    }
}
