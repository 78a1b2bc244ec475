using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class QualityRuleTests
{
    [Fact]
    public void Whole_AnyValue_RoundsHalfToEven()
    {
        var random = new Random(3);
        for (int i = 0; i < 200_000; i++)
        {
            double value = (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(0, 62));
            if (i % 2 == 0) value = Math.Round(value) + 0.5;
            Assert.Equal((long)Math.Round(value, MidpointRounding.ToEven), QualityRule.Whole(value));
        }
    }

    [Theory]
    [InlineData(1e19)]
    [InlineData(-1e19)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Whole_BeyondSixtyFourBits_Throws(double value) => Assert.Throws<OverflowException>(() => QualityRule.Whole(value));
}
