using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Tells which rows can have an improving entry, from what was true at an optimum: a re-solve then prices a few hundred
/// rows instead of all.</summary>
/// <remarks>
/// <para>The base prices are those of the optimum, so there all prices in the kernel were zero, each row rested on its cheapest
/// entry, and its second cheapest cost <c>threshold</c>. Now let L be the least price of any head. A row that still rests on
/// its cheapest entry can gain by another entry only if threshold + L is below the row's price. All other rows are priced.</para>
/// <para>Bounded arcs are not covered: they are priced apart, all of them.</para>
/// <para>Eight rows at a time where AVX2 is there; the scalar twin finds the same rows.</para>
/// </remarks>
internal sealed unsafe class RowWatch<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network; // keeps what the addresses below point to
    private readonly T* _cheapest, _thresholds;
    private readonly RowBasis<T> _rows;
    private readonly CoreTree<T> _tree;
    private readonly bool _vectors;

    /// <summary>Watches the rows of a network whose base prices are those of an optimum.</summary>
    public RowWatch(CompactNetwork<T> network, CompactBasis<T> basis, bool vectors)
    {
        (_rows, _tree) = (basis.Rows, basis.Tree);
        _cheapest = network.CheapestEntries.At;
        _thresholds = network.SecondEntries.At;
        _network = network;
        _vectors = vectors && Avx2.IsSupported && typeof(T) == typeof(int);
    }

    /// <summary>The first row from here on that can have an improving entry, or the number of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(int row)
    {
        T least = _tree.LeastPrice;
        T* prices = _tree.Prices, offsets = _rows.Offsets, cheapest = _cheapest, thresholds = _thresholds;
        int* anchors = _rows.Anchors;
        int count = _network.Rows.Count;
        if (_vectors)
        {
            Vector256<int> lowest = Vector256.Create(int.CreateTruncating(least));
            for (; row + Vector256<int>.Count <= count; row += Vector256<int>.Count)
            {
                Vector256<int> offset = Avx.LoadVector256((int*)offsets + row);
                Vector256<int> price = Avx2.Add(offset, Avx2.GatherVector256((int*)prices, Avx.LoadVector256(anchors + row), sizeof(int)));
                Vector256<int> risen = Avx2.CompareGreaterThan(Avx2.Subtract(price, lowest), Avx.LoadVector256((int*)thresholds + row));
                Vector256<int> moved = Avx2.Xor(Avx2.CompareEqual(offset, Avx.LoadVector256((int*)cheapest + row)), Vector256<int>.AllBitsSet);
                int lanes = Avx.MoveMask(Avx2.Or(risen, moved).AsSingle());
                if (lanes != 0) return row + BitOperations.TrailingZeroCount(lanes);
            }
        }

        for (; row < count; row++)
        {
            T price = unchecked(offsets[row] + prices[anchors[row]]);
            if (unchecked(price - least) > thresholds[row] || offsets[row] != cheapest[row]) return row;
        }

        return count;
    }
}
