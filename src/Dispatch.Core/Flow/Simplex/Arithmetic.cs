using System.Numerics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>What the kernels know of their number type. <c>long</c> is used only under a proven bound; <c>Int128</c> always fits.</summary>
/// <remarks>
/// <para>Prices: a price is the cost of a tree path, at most n real arcs of cost ≤ C and one artificial arc of cost M = nC + 1,
/// so |price| ≤ 2nC + 1 and |reduced cost| ≤ (4n + 1)C + 2. With n ≤ 2^30 and C ≤ 2^63 that is below 2^96.</para>
/// <para>Flows: finite capacities and shifted supplies are below the <see cref="Infinite"/> mark. A flow on an unlimited
/// arc may grow up to the mark, is added to in steps below the mark, hence never wraps; a kernel that reaches the mark stops
/// and says so. In Int128 the mark cannot be reached: m·2^64 + n·2^65·… is below 2^97.</para>
/// </remarks>
internal static class Arithmetic<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>A residual that stands for "no bound": 2^62 for long, 2^126 for Int128.</summary>
    public static readonly T Infinite = T.One << (System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8 - 2);

    /// <summary>Takes from a residual; an infinite one stays infinite.</summary>
    public static T Less(T residual, T amount) => residual == Infinite ? residual : unchecked(residual - amount);

    /// <summary>Adds to a residual; an infinite one stays infinite. The result may reach the mark, which the caller checks.</summary>
    public static T More(T residual, T amount) => residual == Infinite ? residual : unchecked(residual + amount);
}
