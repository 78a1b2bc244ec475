namespace TrafficDispatch.Model.Files;

/// <summary>The links that one table defines, by the nodes they join.</summary>
/// <param name="file">The file that defines them.</param>
/// <param name="from">What the first column names.</param>
/// <param name="to">What the second column names; the same index where either end may stand first.</param>
internal sealed class LinkIndex(string file, IdIndex from, IdIndex to)
{
    private readonly Dictionary<(int, int), (int At, int Line)> _byPair = [];

    public string File => file;

    public IdIndex From => from;

    public IdIndex To => to;

    /// <summary>True where a link between two relays is the same link from either end.</summary>
    public bool IsSymmetric => ReferenceEquals(from, to);

    /// <summary>True where an unknown link is certainly unknown; false after a defect of the defining table.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>Takes a link.</summary>
    /// <param name="a">Ordinal of the first node.</param>
    /// <param name="b">Ordinal of the second node.</param>
    /// <param name="at">Ordinal of the link.</param>
    /// <param name="line">Its line.</param>
    /// <returns>0, or the line that has the pair already.</returns>
    public int Add(int a, int b, int at, int line) => _byPair.TryAdd(Pair(a, b), (at, line)) ? 0 : _byPair[Pair(a, b)].Line;

    /// <summary>Ordinal of the link between two nodes, or −1.</summary>
    public int Find(int a, int b) => _byPair.TryGetValue(Pair(a, b), out (int At, int Line) link) ? link.At : -1;

    private (int, int) Pair(int a, int b) => IsSymmetric && a > b ? (b, a) : (a, b);
}
