using System.Numerics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>The pivot rule: block search. Arcs are looked at in blocks, in a ring; the arc that promises most of the first
/// block with any promise enters the basis.</summary>
/// <remarks>Invariant: <see cref="FindEntering"/> returns −1 only after a whole ring without a promising arc under unchanged
/// prices, which is optimality. Basic arcs have reduced cost zero and need no mark. Block size by measurement, see
/// <see cref="BlockSize"/>. Block search: Király and Kovács 2012, section 4.2.</remarks>
internal sealed unsafe class BlockPricing<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly int[] _tails;
    private readonly int[] _heads;
    private readonly long[] _costs;
    private readonly T[] _prices;
    private readonly sbyte[] _atUpper;
    private readonly int _block;
    private int _next;

    /// <summary>Prices the given arcs; the arrays are shared with the kernel and read at each call.</summary>
    /// <param name="tails">Tail of each arc.</param>
    /// <param name="heads">Head of each arc.</param>
    /// <param name="costs">Cost of each arc.</param>
    /// <param name="prices">Price of each node.</param>
    /// <param name="atUpper">−1 for arcs out of the basis at their upper bound, else 0.</param>
    public BlockPricing(int[] tails, int[] heads, long[] costs, T[] prices, sbyte[] atUpper)
    {
        (_tails, _heads, _costs, _prices, _atUpper) = (tails, heads, costs, prices, atUpper);
        _block = BlockSize(tails.Length);
    }

    /// <summary>Arcs a block.</summary>
    public static int BlockSize(int arcs) => Math.Max(32, (int)Math.Sqrt(arcs));

    /// <summary>The next arc to enter the basis, or −1 when the basis is optimal. O(m) at worst.</summary>
    public int FindEntering()
    {
        int arcs = _tails.Length;
        fixed (int* tails = _tails, heads = _heads)
        fixed (long* costs = _costs)
        fixed (T* prices = _prices)
        fixed (sbyte* atUpper = _atUpper)
        {
            int e = _next;
            for (int left = arcs; left > 0;)
            {
                if (e == arcs) e = 0;
                int end = (int)Math.Min((long)arcs, (long)e + Math.Min(_block, left));
                left -= end - e;
                int best = -1;
                T least = T.Zero;
                unchecked // bounds: Arithmetic<T>
                {
                    for (; e < end; e++)
                    {
                        T reduced = T.CreateTruncating(costs[e]) + prices[tails[e]] - prices[heads[e]];
                        T sign = T.CreateTruncating(atUpper[e]);
                        reduced = (reduced ^ sign) - sign;
                        if (reduced < least) (least, best) = (reduced, e);
                    }
                }

                if (best < 0) continue;
                _next = e;
                return best;
            }
        }

        return -1;
    }
}
