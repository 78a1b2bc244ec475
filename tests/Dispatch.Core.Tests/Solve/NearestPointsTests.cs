using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class NearestPointsTests
{
    /// <summary>Against sorting all of them by the same distance.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 40)]
    [InlineData(300, 7)]
    [InlineData(300, 1)]
    public void Find_RandomPoints_AreThoseAFullSortPutsFirst(int points, int wanted)
    {
        SplitMix random = new(5);
        GlobePoint[] all = [.. Enumerable.Range(0, points).Select(_ => GlobePoint.Random(random))];
        NearestPoints nearest = new(all);
        int[] found = new int[wanted];
        for (int query = 0; query < 50; query++)
        {
            GlobePoint from = GlobePoint.Random(random);
            nearest.Find(from, found);
            Assert.Equal(Enumerable.Range(0, points).OrderBy(i => from.RoundTripHundredths(all[i])).Take(wanted), found);
        }
    }

    [Fact]
    public void Find_EqualDistances_GoByNumber()
    {
        GlobePoint same = GlobePoint.Random(new SplitMix(1));
        int[] found = new int[3];
        new NearestPoints([same, same, same, same]).Find(same, found);
        Assert.Equal([0, 1, 2], found);
    }
}
