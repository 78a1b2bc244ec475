using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Table;

/// <summary>
/// Longest-prefix match of one family: a table on the first bits, below it a trie of 6 bits a step.
/// </summary>
/// <remarks>
/// <para>
/// After Poptrie (Asai, Ohara: "Poptrie: A Compressed Trie with Population Count for Fast and Scalable Software IP Routing Table
/// Lookup", SIGCOMM 2015), with one change. There a node holds two bit vectors and two bases into separate arrays of nodes and leaves.
/// Here a node holds one: bit i is set where slot i begins a new run, and the runs' entries follow the vector at once, so that a step
/// costs one cache line more often than two, and the widest block of equal answers around an address can be read off the vector.
/// </para>
/// <para>
/// Invariant: an entry is a <see cref="PrefixLeaf"/>, or, with bit 31 set, the place of a node in <c>_nodes</c>. A node is the vector's
/// low half, its high half, then an entry a set bit; bit 0 is always set; a slot that leads to a node is a run of its own. Nodes are only
/// ever made by <see cref="PrefixTrieBuilder"/> from <see cref="PrefixSegments"/>, never read from bytes: no index is out of bounds.
/// </para>
/// </remarks>
internal sealed class PrefixTrie
{
    public const uint NodeFlag = 1u << 31;
    public const int Stride = 6;
    private const int TopSlotShift = 64 - Stride;

    private readonly uint[] _root;
    private readonly byte[] _rootUniform;
    private readonly uint[] _nodes;
    private readonly int _rootBits;
    private readonly int _width;

    public PrefixTrie(int width, int rootBits, uint[] root, byte[] rootUniform, uint[] nodes)
    {
        (_width, _rootBits, _root, _rootUniform, _nodes) = (width, rootBits, root, rootUniform, nodes);
    }

    public long SizeBytes => 4L * _root.Length + _rootUniform.Length + 4L * _nodes.Length;

    /// <summary>Answers for an address whose first 64 bits are <paramref name="high"/> and whose rest is <paramref name="low"/>.</summary>
    /// <remarks>
    /// Root bits + a multiple of 6 meets 64 exactly (10 or 16 for IPv6; IPv4 never gets there), so no step straddles the two halves.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PrefixMatch Find(ulong high, ulong low)
    {
        // Shifts and masks only: nothing here can overflow, every cast keeps its value.
        unchecked
        {
            int slot = (int)(high >> (64 - _rootBits));
            uint entry = _root[slot];
            if ((int)entry >= 0) return Match(entry, _rootUniform[slot]);
            uint[] nodes = _nodes;
            int depth = _rootBits;
            ulong key = high;
            ulong runs;
            do
            {
                if (depth == 64) key = low;
                int node = (int)(entry & ~NodeFlag);
                runs = nodes[node] | (ulong)nodes[node + 1] << 32;
                slot = (int)(key << (depth & 63) >> TopSlotShift);
                entry = nodes[node + 1 + BitOperations.PopCount(runs << (63 - slot))];
                depth += Stride;
            }
            while ((int)entry < 0);
            return Match(entry, Math.Min(_width, depth - UniformBits(runs, slot)));
        }
    }

    /// <summary>The last so many of a node's 6 bits do not matter for the answer of this slot.</summary>
    /// <remarks>
    /// A block of 2^k slots around slot i is uniform where it holds neither the last slot before i's run nor the first one after it;
    /// it holds slot j exactly where i and j differ in no bit from k on. No wider block is uniform, for a node is never uniform as a whole.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int UniformBits(ulong runs, int slot)
    {
        unchecked
        {
            int runStart = slot - BitOperations.LeadingZeroCount(runs << (63 - slot));
            int next = BitOperations.TrailingZeroCount(runs & (~1UL << slot));
            return BlockBits(slot, runStart, next, Stride);
        }
    }

    /// <summary>log2 of the widest aligned block around <paramref name="slot"/> inside the run [start, end), at most <paramref name="limit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BlockBits(int slot, int start, int end, int limit)
    {
        unchecked
        {
            int before = BitOperations.Log2((uint)(slot ^ (start - 1)));
            int after = BitOperations.Log2((uint)(slot ^ end));
            return Math.Min(limit, Math.Min(before, after));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PrefixMatch Match(uint leaf, int uniformLength) => new(PrefixLeaf.Location(leaf), PrefixLeaf.Length(leaf), uniformLength);

    /// <summary>The segments that the trie was built from, in order.</summary>
    public PrefixSegments ToSegments()
    {
        PrefixSegments segments = new();
        for (int slot = 0; slot < _root.Length; slot++)
        {
            Collect(_root[slot], (UInt128)(uint)slot << (128 - _rootBits), _rootBits, segments);
        }
        return segments;
    }

    private void Collect(uint entry, UInt128 start, int depth, PrefixSegments into)
    {
        if (entry < NodeFlag)
        {
            into.Append(start, entry);
            return;
        }
        int node = (int)(entry & ~NodeFlag);
        int at = node + 2;
        for (ulong runs = _nodes[node] | (ulong)_nodes[node + 1] << 32; runs != 0; runs &= runs - 1)
        {
            UInt128 slot = (UInt128)(uint)BitOperations.TrailingZeroCount(runs) << (128 - Stride) >> depth;
            Collect(_nodes[at++], start | slot, depth + Stride, into);
        }
    }
}
