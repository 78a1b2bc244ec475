using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

public sealed class DiurnalMonthTests
{
    private static readonly BillingPeriod Week = BillingPeriod.Of(7, 12);

    [Fact]
    public void Fill_SameSeed_IsTheSameMonthAndAnotherIsNot()
    {
        long[] first = Rates(7, 100), again = Rates(7, 100), other = Rates(8, 100);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    /// <summary>On a whole hour without crowd the rate is the snapshot's demand, but for noise; in between it lies between its hours.</summary>
    [Fact]
    public void Fill_WeekdayHours_FollowTheSnapshot()
    {
        World world = ShippedWorld.World;
        DiurnalMonth month = new(world, Week, 7);
        long[] at = new long[world.Regions.Length];
        for (int hour = 30; hour < 54; hour++)
        {
            int slot = hour * 12;
            month.Fill(slot, at);
            Snapshot now = new(world, hour % 24), next = new(world, (hour + 1) % 24);
            for (int r = 0; r < at.Length; r++)
            {
                double offset = world.Regions[r].UtcOffsetHours;
                double part = offset - Math.Floor(offset);
                double expected = (now.Demand(r).Value * (1 - part) + next.Demand(r).Value * part) * 1000 * Crowd(month, slot, world.Regions[r]);
                Assert.InRange(at[r], expected * 0.98 - 1, expected * 1.02 + 1);
            }
        }
    }

    [Fact]
    public void Fill_Weekend_IsBusier()
    {
        World world = ShippedWorld.World;
        int london = world.RegionOrdinal("GB-01");
        DiurnalMonth month = new(world, Week, 7);
        double weekday = Mean(month, world, london, 1), saturday = Mean(month, world, london, 5);
        Assert.InRange(saturday / weekday, 1.05, 1.07);
    }

    [Fact]
    public void Crowds_Month_ComeAndGo()
    {
        DiurnalMonth month = new(ShippedWorld.World, BillingPeriod.Month, 1);
        Assert.Equal(12, month.Crowds.Length);
        Assert.Equal(2, month.Crowds.Count(static c => c.Zone is null));
        Assert.Equal(month.Crowds.OrderBy(static c => c.FirstSlot).Select(static c => c.FirstSlot), month.Crowds.Select(static c => c.FirstSlot));
        FlashCrowd crowd = new("EUW", 10, 8, 0.4);
        Assert.Equal([1, 1.1, 1.3, 1.4, 1.4, 1.4, 1.4, 1.3, 1.1, 1], Enumerable.Range(9, 10).Select(slot => Math.Round(crowd.FactorAt(slot, "EUW"), 12)));
        Assert.Equal(1, crowd.FactorAt(13, "EUE"));
        Assert.Equal(1.4, (crowd with { Zone = null }).FactorAt(13, "EUE"));
    }

    private static double Crowd(DiurnalMonth month, int slot, ClientRegion region) =>
        month.Crowds.Aggregate(1.0, (factor, crowd) => factor * crowd.FactorAt(slot, region.Place.Zone));

    private static double Mean(DiurnalMonth month, World world, int region, int day)
    {
        long[] rates = new long[world.Regions.Length];
        double sum = 0;
        for (int slot = day * 288; slot < (day + 1) * 288; slot++)
        {
            month.Fill(slot, rates);
            sum += rates[region] / Crowd(month, slot, world.Regions[region]);
        }
        return sum;
    }

    private static long[] Rates(int seed, int slot)
    {
        long[] rates = new long[ShippedWorld.World.Regions.Length];
        new DiurnalMonth(ShippedWorld.World, Week, seed).Fill(slot, rates);
        return rates;
    }
}
