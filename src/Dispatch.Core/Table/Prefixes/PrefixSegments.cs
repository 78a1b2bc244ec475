using System.Runtime.InteropServices;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// The address space of one family cut where the answer changes: segment i reaches from <c>starts[i]</c> to before the next start.
/// Invariant: the first start is 0, starts rise strictly, neighbouring leaves differ. So equal tables have equal segments.
/// </summary>
/// <remarks>Addresses stand left-aligned in 128 bits, so that both families share the code.</remarks>
internal sealed class PrefixSegments
{
    private readonly List<UInt128> _starts = [];
    private readonly List<uint> _leaves = [];

    public int Count => _starts.Count;

    public ReadOnlySpan<UInt128> Starts => CollectionsMarshal.AsSpan(_starts);

    public ReadOnlySpan<uint> Leaves => CollectionsMarshal.AsSpan(_leaves);

    /// <summary>Appends a segment. A start equal to the last one replaces its leaf; a leaf equal to the last one continues it.</summary>
    public void Append(UInt128 start, uint leaf)
    {
        int last = _starts.Count - 1;
        if (last >= 0 && _starts[last] == start)
        {
            _starts.RemoveAt(last);
            _leaves.RemoveAt(last);
            last--;
        }
        if (last >= 0 && _leaves[last] == leaf) return;
        _starts.Add(start);
        _leaves.Add(leaf);
    }

    /// <summary>Sweeps over sorted prefixes; nested ones are kept on a stack, so the innermost answers. O(n).</summary>
    public static PrefixSegments Sweep(ReadOnlySpan<PrefixRow> sorted)
    {
        PrefixSegments segments = new();
        segments._starts.EnsureCapacity(sorted.Length + sorted.Length / 2 + 1);
        segments._leaves.EnsureCapacity(sorted.Length + sorted.Length / 2 + 1);
        segments.Append(0, PrefixLeaf.NoMatch);
        Stack<PrefixRow> open = new();
        foreach (ref readonly PrefixRow row in sorted)
        {
            while (open.TryPeek(out PrefixRow top) && top.Last < row.First) segments.Close(open);
            open.Push(row);
            segments.Append(row.First, row.Leaf);
        }
        while (open.Count > 0) segments.Close(open);
        return segments;
    }

    private void Close(Stack<PrefixRow> open)
    {
        UInt128 last = open.Pop().Last;
        if (last != UInt128.MaxValue) Append(last + 1, open.TryPeek(out PrefixRow outer) ? outer.Leaf : PrefixLeaf.NoMatch);
    }
}

/// <summary>A prefix as the builder sees it.</summary>
internal readonly struct PrefixRow(UInt128 first, int length, uint leaf)
{
    public readonly UInt128 First = first;
    public readonly int Length = length;
    public readonly uint Leaf = leaf;

    public UInt128 Last => Length == 128 ? First : First | UInt128.MaxValue >> Length;

    public static PrefixRow From(in PrefixEntry entry)
    {
        IpPrefix prefix = entry.Prefix;
        int width = prefix.Address.Width;
        return new(prefix.Address.Bits << (128 - width), prefix.Length, PrefixLeaf.Pack(entry.Location, prefix.Length));
    }
}

/// <summary>By first address, the shorter prefix first: an outer prefix comes before those nested in it.</summary>
internal readonly struct OuterFirst : IComparer<PrefixRow>
{
    public int Compare(PrefixRow x, PrefixRow y)
    {
        int byFirst = x.First.CompareTo(y.First);
        return byFirst != 0 ? byFirst : x.Length.CompareTo(y.Length);
    }
}
