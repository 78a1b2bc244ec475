using System.Numerics;

namespace TrafficDispatch.Table;

/// <summary>Builds a <see cref="PrefixTrie"/> from segments in one pass a level, nodes in address order for locality. No object a node.</summary>
internal sealed class PrefixTrieBuilder
{
    private readonly PrefixSegments _segments;
    private uint[] _nodes;
    private int _used;

    private PrefixTrieBuilder(PrefixSegments segments)
    {
        _segments = segments;
        _nodes = new uint[Math.Max(16, segments.Count * 2)];
    }

    public static PrefixTrie Build(PrefixSegments segments, int width, int rootBits)
    {
        PrefixTrieBuilder builder = new(segments);
        uint[] root = builder.Root(rootBits);
        byte[] uniform = Uniform(root, rootBits);
        return new PrefixTrie(width, rootBits, root, uniform, builder._nodes.AsSpan(0, builder._used).ToArray());
    }

    private uint[] Root(int rootBits)
    {
        uint[] root = new uint[1 << rootBits];
        ReadOnlySpan<UInt128> starts = _segments.Starts;
        int filled = 0;
        for (int at = 0; at < starts.Length;)
        {
            int slot = (int)(starts[at] >> (128 - rootBits));
            bool aligned = starts[at] << rootBits == 0;
            int end = at + 1;
            while (end < starts.Length && (int)(starts[end] >> (128 - rootBits)) == slot) end++;
            // Slots since the last change belong to the segment before this one; the first segment starts at slot 0.
            if (at > 0) root.AsSpan(filled, slot - filled).Fill(_segments.Leaves[at - 1]);
            bool plain = aligned && end == at + 1;
            root[slot] = plain ? _segments.Leaves[at] : Node(aligned ? at : at - 1, end, rootBits);
            filled = slot + 1;
            at = end;
        }
        root.AsSpan(filled).Fill(_segments.Leaves[^1]);
        return root;
    }

    /// <summary>Makes the node below <paramref name="depth"/> bits, in which the segments [first, end) lie; the first may start before it.</summary>
    /// <returns>The entry that leads to the node.</returns>
    private uint Node(int first, int end, int depth)
    {
        Span<uint> entries = stackalloc uint[65];
        Span<(int First, int End)> below = stackalloc (int, int)[64];
        (ulong runs, ulong inner) = Runs(first, end, depth, entries, below);
        int node = Reserve(2 + BitOperations.PopCount(runs));
        _nodes[node] = (uint)(runs & uint.MaxValue);
        _nodes[node + 1] = (uint)(runs >> 32);
        int at = node + 2;
        for (; runs != 0; runs &= runs - 1)
        {
            int slot = BitOperations.TrailingZeroCount(runs);
            bool isInner = (inner >> slot & 1) != 0;
            uint entry = isInner ? Node(below[slot].First, below[slot].End, depth + PrefixTrie.Stride) : entries[slot];
            _nodes[at++] = entry;
        }
        return PrefixTrie.NodeFlag | (uint)node;
    }

    /// <summary>Splits a node's segments by slot: one that begins exactly with its slot begins a run, any other makes the slot an inner one.</summary>
    private (ulong Runs, ulong Inner) Runs(int first, int end, int depth, Span<uint> entries, Span<(int First, int End)> below)
    {
        ReadOnlySpan<UInt128> starts = _segments.Starts;
        ulong runs = 1, inner = 0;
        entries[0] = _segments.Leaves[first];
        // The first segment covers slot 0's start; whether it begins there or earlier makes no difference below.
        for (int at = first + 1; at < end;)
        {
            int slot = Slot(starts[at], depth);
            int next = at + 1;
            while (next < end && Slot(starts[next], depth) == slot) next++;
            bool aligned = starts[at] << depth << PrefixTrie.Stride == 0;
            runs |= 1UL << slot;
            if (aligned && next == at + 1)
            {
                entries[slot] = _segments.Leaves[at];
            }
            else
            {
                inner |= 1UL << slot;
                below[slot] = (aligned ? at : at - 1, next);
                if (slot < 63) runs |= 2UL << slot;
                entries[slot + 1] = _segments.Leaves[next - 1];
            }
            at = next;
        }
        return (runs, inner);
    }

    private static int Slot(UInt128 start, int depth) => (int)(start << depth >> (128 - PrefixTrie.Stride));

    private int Reserve(int count)
    {
        int at = _used;
        _used += count;
        if (_used > _nodes.Length) Array.Resize(ref _nodes, (int)Math.Min(Array.MaxLength, Math.Max(_used, _nodes.Length * 2L)));
        return at;
    }

    /// <summary>For each root slot that is a leaf, the length of the widest block of equal leaves around it.</summary>
    private static byte[] Uniform(uint[] root, int rootBits)
    {
        byte[] uniform = new byte[root.Length];
        for (int start = 0; start < root.Length;)
        {
            int end = start + 1;
            bool isLeaf = root[start] < PrefixTrie.NodeFlag;
            while (isLeaf && end < root.Length && root[end] == root[start]) end++;
            for (int slot = start; slot < end; slot++)
            {
                uniform[slot] = (byte)(rootBits - PrefixTrie.BlockBits(slot, start, end, rootBits));
            }
            start = end;
        }
        return uniform;
    }
}
