using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>The arcs of all rows that can carry all their row has to send: for each row, blocks of eight costs and eight heads.</summary>
/// <remarks>
/// <para>Costs are <em>rebased</em>: the arc's cost plus a base price of its head, so that prices in the kernel are
/// differences from the base and a row sorted by rebased cost is nearly sorted by what its arcs promise.</para>
/// <para>Invariant: each row ascends by rebased cost, equals in the network's order. Rows are padded with entries to the root of
/// cost <see cref="PadCost"/>, which never improve a basis.</para>
/// <para>One block of 32-bit costs is one cache line. Never written after building: any number of kernels may read it.</para>
/// </remarks>
internal sealed unsafe class RowBlocks<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Entries in a block.</summary>
    public const int Width = 8;

    private const int CacheLine = 64;

    private readonly Pinned<byte> _memory;
    private readonly Pinned<int> _starts;

    /// <summary>Allocates blocks for at most the given number of entries in each row.</summary>
    public RowBlocks(ReadOnlySpan<int> entries)
    {
        Count = entries.Length;
        _starts = new(Count + 1);
        for (int r = 0; r < Count; r++) Starts[r + 1] = Starts[r] + (entries[r] + Width - 1) / Width;
        _memory = new Pinned<byte>(checked((int)(Starts[Count] * (long)BlockBytes + CacheLine)));
        Blocks = (byte*)(((nint)_memory.At + CacheLine - 1) & ~(nint)(CacheLine - 1));
    }

    /// <summary>Cost of a padding entry: above all others, and such that sums with prices stay in range.</summary>
    public static T PadCost
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.One << (sizeof(T) * 8 - 2);
    }

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes => Width * (sizeof(T) + sizeof(int));

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>The first block.</summary>
    public byte* Blocks { get; }

    /// <summary>Each row's first block; the next row's is its end.</summary>
    public int* Starts => _starts.At;

    /// <summary>The eight costs of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Costs(int block) => (T*)(Blocks + (nint)block * BlockBytes);

    /// <summary>The eight heads of a block, as core indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Heads(int block) => (int*)(Blocks + (nint)block * BlockBytes + Width * sizeof(T));

    /// <summary>Writes a row in order, padded to its end.</summary>
    /// <param name="row">The row.</param>
    /// <param name="entries">Its entries, sorted by <see cref="EntrySort{T}"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(int row, EntrySort<T> entries)
    {
        byte* blocks = Blocks + (nint)Starts[row] * BlockBytes;
        T* cost = entries.Costs, place = entries.Places;
        int* head = entries.Heads;
        int room = (Starts[row + 1] - Starts[row]) * Width, count = entries.Count;
        for (int i = 0; i < count; i++) Write(blocks, int.CreateTruncating(place[i]), cost[i], head[i]);
        for (int i = count; i < room; i++) Write(blocks, i, PadCost, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(byte* blocks, int place, T cost, int head)
    {
        byte* block = blocks + (nint)(place / (uint)Width * (uint)BlockBytes);
        ((T*)block)[place % (uint)Width] = cost;
        ((int*)(block + Width * sizeof(T)))[place % (uint)Width] = head;
    }
}
