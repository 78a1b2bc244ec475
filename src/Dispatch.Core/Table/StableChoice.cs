using System.Runtime.CompilerServices;
using System.Text;

namespace TrafficDispatch.Table;

/// <summary>
/// Weighted rendezvous hashing in integers: every candidate runs its own race against the key, and the smallest
/// <c>−log2(hash) / weight</c> wins. Each candidate wins its weight's share of the keys; raising one weight moves keys only towards it,
/// removing a candidate moves only its own keys. Everyone who holds the same weights decides alike.
/// </summary>
/// <remarks>
/// <para>
/// D. Thaler, C. V. Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM ToN 6(1), 1998, for the method; weights as
/// competing exponential clocks after M. Mosko's and J. Resch's weighted forms. For two sets of weights at total variation distance d,
/// at most 2d / (1 + d) of the keys move (M. Bavarian et al., "Optimality of correlated sampling strategies", 2016): no method that
/// looks at one set of weights at a time can promise less.
/// </para>
/// <para>The exact steps and test vectors are published in <c>docs/reference/stable-choice.md</c>. Thread-safe; allocates nothing.</para>
/// </remarks>
public static class StableChoice
{
    /// <summary>The seed of the candidate that stands for unserved demand: that of the single byte 0, which no id contains.</summary>
    public const ulong OverflowSeed = 0xAF63BD4C8601B7DF;

    // Any constant parts the draw from the race; this is the seed of the single byte 1, which no id contains.
    private const ulong KeepSeed = 0xAF63BC4C8601B62C;

    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x00000100000001B3;

    /// <summary>The 64-bit key of a split key's bytes: FNV-1a, then <see cref="Mix"/>. O(bytes).</summary>
    public static ulong Key(ReadOnlySpan<byte> splitKey) => Mix(Fnv1a(splitKey));

    /// <summary>The seed of a candidate, FNV-1a of its id's bytes, so that it keeps its clients whatever ordinal it has.</summary>
    public static ulong Seed(ReadOnlySpan<byte> id) => Fnv1a(id);

    /// <summary>The seed of a candidate, from its id in UTF-8.</summary>
    public static ulong Seed(string id) => Fnv1a(Encoding.UTF8.GetBytes(id));

    /// <summary>How far a candidate is from a key before its weight counts: −log2 of a uniform hash, with 31 fraction bits, 1 to 2^37.</summary>
    public static ulong Distance(ulong key, ulong seed) => BinaryLogarithm.NegativeLog2(Mix(key ^ seed));

    /// <summary>
    /// True where the first candidate stands before the second: distance / weight is the smaller, compared without rounding; then the seed is.
    /// </summary>
    /// <param name="distance">First candidate's distance, at most 2^37.</param>
    /// <param name="weight">First candidate's weight, 1 to 65,535.</param>
    /// <param name="seed">First candidate's seed.</param>
    /// <param name="otherDistance">Second candidate's distance.</param>
    /// <param name="otherWeight">Second candidate's weight.</param>
    /// <param name="otherSeed">Second candidate's seed.</param>
    public static bool IsBefore(ulong distance, ushort weight, ulong seed, ulong otherDistance, ushort otherWeight, ulong otherSeed)
    {
        // 2^37 × 2^16 = 2^53: the products fit.
        ulong left = distance * otherWeight, right = otherDistance * weight;
        return left != right ? left < right : seed < otherSeed;
    }

    /// <summary>
    /// True where a candidate that keeps only part of what falls to it keeps this key. Independent of the race; whoever is kept at some percentage is
    /// kept at every greater one, so that a change of it moves only the difference.
    /// </summary>
    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="seed">The candidate's seed.</param>
    /// <param name="percent">What it keeps, 0 to 100.</param>
    public static bool Keeps(ulong key, ulong seed, byte percent) => Math.BigMul(Mix(key ^ seed ^ KeepSeed), 100UL, out _) < percent;

    /// <summary>The candidate that wins a key. O(candidates).</summary>
    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="seeds">A seed per candidate.</param>
    /// <param name="weights">A weight per candidate; 0 never wins.</param>
    /// <returns>Its position; −1 where no weight is above 0.</returns>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static int Choose(ulong key, ReadOnlySpan<ulong> seeds, ReadOnlySpan<ushort> weights)
    {
        if (seeds.Length != weights.Length) throw new ArgumentException("Every candidate needs a seed and a weight.", nameof(weights));
        int best = -1;
        ulong bestDistance = 0;
        for (int i = 0; i < seeds.Length; i++)
        {
            if (weights[i] == 0) continue;
            ulong distance = Distance(key, seeds[i]);
            if (best >= 0 && !IsBefore(distance, weights[i], seeds[i], bestDistance, weights[best], seeds[best])) continue;
            best = i;
            bestDistance = distance;
        }
        return best;
    }

    /// <summary>Spreads every bit of a word over all of it: the finaliser of SplitMix64 (G. Steele et al., OOPSLA 2014). A bijection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong x)
    {
        unchecked
        {
            x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
            x = (x ^ x >> 27) * 0x94D049BB133111EB;
            return x ^ x >> 31;
        }
    }

    private static ulong Fnv1a(ReadOnlySpan<byte> bytes)
    {
        ulong hash = FnvOffset;
        unchecked
        {
            foreach (byte b in bytes) hash = (hash ^ b) * FnvPrime;
        }
        return hash;
    }
}
