using System.Numerics;

namespace TrafficDispatch.Flow;

/// <summary>A sum of products of any size, fast while it fits 128 bits. Only certificates use it.</summary>
internal struct ExactSum
{
    private Int128 _near;
    private BigInteger _far;

    /// <summary>The sum.</summary>
    public readonly BigInteger Value => _far + _near;

    /// <summary>True when 128 bits held the sum all along.</summary>
    public readonly bool Fits => _far.IsZero;

    /// <summary>The sum, or the end of the 128-bit range it lies beyond. Allocates nothing for a sum that stayed within.</summary>
    public readonly Int128 Held => Fits ? _near : Hold(Value);

    /// <summary>The value, or the end of the 128-bit range it lies beyond.</summary>
    public static Int128 Hold(BigInteger value)
        => value > Int128.MaxValue ? Int128.MaxValue : value < Int128.MinValue ? Int128.MinValue : (Int128)value;

    /// <summary>Adds a·b.</summary>
    public void AddProduct(Int128 a, Int128 b)
    {
        if (a == 0 || b == 0) return;
        if (a < long.MinValue || a > long.MaxValue || b < long.MinValue || b > long.MaxValue)
        {
            _far += (BigInteger)a * b;
            return;
        }

        AddProduct((long)a, (long)b);
    }

    /// <summary>Adds a·b.</summary>
    public void AddProduct(long a, long b)
    {
        long upper = (long)(_near >> 64);
        if (upper is >= 1L << 62 or < -(1L << 62)) (_far, _near) = (_far + _near, 0);
        _near = unchecked(_near + Math.BigMul(a, b)); // −2^126 ≤ the sum so far < 2^126, and |product| ≤ 2^126
    }
}
