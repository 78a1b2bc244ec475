using TrafficDispatch.Table;

namespace TrafficDispatch.State.Tests;

public sealed class NextVersionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1000);

    [Theory]
    [InlineData(0, 0, 0, 0, 1000, 1)]
    [InlineData(0, 0, 7, 9, 1000, 1)]
    [InlineData(0, 0, 5000, 9, 5001, 1)]
    [InlineData(3, 4, 0, 0, 3, 5)]
    [InlineData(3, 4, 3, 9, 3, 10)]
    [InlineData(3, 4, 4, 1, 4, 2)]
    [InlineData(3, 4, 2, 99, 3, 5)]
    public void After_StoreAndSeen_IsAboveBoth(long storeEpoch, long storeNumber, long seenEpoch, long seenNumber, long epoch, long number)
    {
        TableVersion store = new(storeEpoch, storeNumber), seen = new(seenEpoch, seenNumber), next = NextVersion.After(store, seen, Now);
        Assert.Equal(new TableVersion(epoch, number), next);
        Assert.True(next > store && next > seen);
    }

    [Fact]
    public void VersionTexts_Sorted_AreInOrderOfTheVersions()
    {
        TableVersion[] versions = [new(0, 1), new(0, 10), new(1, 2), new(1, long.MaxValue), new(9, 0), new(10, 0), new(long.MaxValue, 5)];
        Assert.Equal(versions.Select(VersionText.Of), versions.Reverse().Select(VersionText.Of).Order(StringComparer.Ordinal));
        Assert.All(versions, static v => Assert.Equal((true, v), (VersionText.TryRead(VersionText.Of(v), out TableVersion read), read)));
    }
}
