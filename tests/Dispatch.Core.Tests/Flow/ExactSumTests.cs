using System.Numerics;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class ExactSumTests
{
    [Fact]
    public void AddProduct_ExtremeFactors_SumsWithoutRounding()
    {
        long[] odd = [0, 1, -1, 7, long.MaxValue, long.MinValue, long.MaxValue - 1, 1L << 62, -(1L << 62)];
        var random = new Random(3);
        for (int round = 0; round < 2000; round++)
        {
            ExactSum sum = default;
            BigInteger expected = 0;
            int sign = random.Next(3); // mostly one sign, so that the sum leaves 128 bits; or mixed
            for (int term = random.Next(1, 12); term > 0; term--)
            {
                Int128 a = odd[random.Next(odd.Length)], b = odd[random.Next(odd.Length)];
                if (sign != 0 && (a < 0) == (b < 0) != (sign == 1)) a = -a;
                if (random.Next(9) == 0) a <<= random.Next(60);
                expected += (BigInteger)a * (BigInteger)b;
                sum.AddProduct(a, b);
            }

            Assert.Equal(expected, sum.Value);
            Assert.Equal(expected > Int128.MaxValue ? Int128.MaxValue : expected < Int128.MinValue ? Int128.MinValue : (Int128)expected, sum.Held);
        }
    }
}
