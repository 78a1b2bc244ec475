using System.Numerics;

namespace TrafficDispatch.Flow;

/// <summary>A sum of products of any size, fast while it fits 128 bits. Only the certificate uses it.</summary>
internal struct ExactSum
{
    private static readonly Int128 Spill = (Int128.One << 126) - 1;

    private Int128 _near;
    private BigInteger _far;

    /// <summary>The sum.</summary>
    public readonly BigInteger Value => _far + _near;

    /// <summary>Adds a·b.</summary>
    public void AddProduct(Int128 a, Int128 b)
    {
        if (a == 0 || b == 0) return;
        if (a < long.MinValue || a > long.MaxValue || b < long.MinValue || b > long.MaxValue)
        {
            _far += (BigInteger)a * b;
            return;
        }

        if (_near > Spill || _near < -Spill) (_far, _near) = (_far + _near, 0);
        _near += Math.BigMul((long)a, (long)b); // |product| is at most 2^126
    }
}
