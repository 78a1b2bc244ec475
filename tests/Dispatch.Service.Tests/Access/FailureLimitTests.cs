using System.Globalization;
using System.Net;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Tests.Access;

/// <summary>How often wrong credentials are listened to.</summary>
public sealed class FailureLimitTests
{
    private readonly ManualClock _clock = TestService.Morning();

    [Fact]
    public void Count_TenAtOnce_ThenOneASecond()
    {
        FailureLimit limit = new(_clock);
        for (int i = 0; i < 10; i++)
        {
            Assert.False(limit.IsExhausted("a"));
            Assert.False(limit.Count("a"));
        }
        Assert.True(limit.IsExhausted("a"));
        Assert.True(limit.Count("a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(limit.IsExhausted("a"));
        Assert.False(limit.Count("a"));
        Assert.True(limit.Count("a"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 10; i++) Assert.False(limit.Count("a"));
    }

    [Fact]
    public void Count_MoreNetworksThanPlaces_TakesNoMoreMemory()
    {
        FailureLimit limit = new(_clock);
        limit.Count("warm");
        string[] networks = [.. Enumerable.Range(0, 20_000).Select(static i => i.ToString(CultureInfo.InvariantCulture))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string network in networks) limit.Count(network);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1::/48")]
    [InlineData("127.0.0.9", PeerNetwork.Here)]
    [InlineData("::1", PeerNetwork.Here)]
    public void Of_Address_LeavesOutWhoItIs(string address, string network) => Assert.Equal(network, PeerNetwork.Of(IPAddress.Parse(address)));
}
