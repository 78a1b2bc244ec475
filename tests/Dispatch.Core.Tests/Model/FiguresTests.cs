using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Model;

/// <summary>Units, prices, the day's curve and distances.</summary>
public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, 0.0, 0)]
    [InlineData(16, 8.0, 0)]
    [InlineData(0, -5.0, 19)]
    [InlineData(23, 5.75, 4)]
    [InlineData(3, -3.5, 23)]
    [InlineData(12, 14.0, 2)]
    [InlineData(11, -12.0, 23)]
    public void At_UtcHourAndOffset_TakesTheLocalHour(int utcHour, double offset, int localHour)
    {
        DiurnalCurve curve = new([.. Enumerable.Range(0, 24).Select(static h => (double)h)]);
        Assert.Equal(localHour, curve.At(utcHour, offset));
    }

    [Fact]
    public void DiurnalCurve_NotADay_Throws() => Assert.Throws<ArgumentException>(static () => new DiurnalCurve([1.0]));

    [Theory]
    [InlineData(0.0005, 0)] // half of an even number stays
    [InlineData(0.0015, 2)]
    [InlineData(1.2344, 1234)]
    [InlineData(1e9, 1_000_000_000_000)]
    public void ToMbps_Rate_IsRoundedHalfToEven(double gbps, long mbps) => Assert.Equal(mbps, new Gbps(gbps).ToMbps().Value);

    [Fact]
    public void ToMbps_BeyondSixtyFourBits_Throws() => Assert.Throws<OverflowException>(static () => new Gbps(1e17).ToMbps());

    [Fact]
    public void Marginal_VolumePrice_IsPerMbpsHour() =>
        Assert.Equal(9_000, new Price(PriceModel.PerGb, 0.02, 0).Marginal().Value); // 0.02 USD × 0.45 GB

    [Fact]
    public void Marginal_MonthlyPrice_IsSpreadOverTheMonth() =>
        Assert.Equal(1_000, new Price(PriceModel.PerMbpsMonth, 0.0048, 0.72).Marginal().Value); // 0.72 USD ÷ 720 h

    [Fact]
    public void DistanceKm_ParisToNewYork_IsTheGreatCircle()
    {
        GeoPoint paris = new(48.8566, 2.3522), newYork = new(40.7128, -74.0060);
        Assert.Equal(5837, paris.DistanceKm(newYork), 5.0);
        Assert.Equal(paris.DistanceKm(newYork), newYork.DistanceKm(paris), 1e-9);
        Assert.Equal(0, paris.DistanceKm(paris));
        Assert.Equal(20_015, new GeoPoint(0, 0).DistanceKm(new GeoPoint(0, 180)), 1.0);
    }

    [Fact]
    public void Select_Matrix_MapsEveryCell()
    {
        RttMatrix doubled = new RttMatrix(2, 2, [1, 2, 3, 4]).Select(static (region, edge, ms) => 10 * region + edge + ms);
        Assert.Equal([1.0, 3, 13, 15], [.. doubled.Row(0), .. doubled.Row(1)]);
        Assert.Throws<ArgumentException>(static () => new RttMatrix(2, 2, [1, 2, 3]));
    }
}
