using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve.Relays;

public sealed class StreamRegistryTests
{
    private static readonly DateTimeOffset End = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TryCreate_SeveralFaults_NamesEachWithEntryFieldValueAndRule()
    {
        LiveStream[] streams = [
            new("news", "og-1", 8), new("news", "og-2", 8), new("", "og-1", 8), new("film", "nowhere", 8), new("quiz", "og-1", 0),
            new("opera", "og-1", 8) { VariantMbps = [5, 2] }, new("cup", "og-1", double.NaN), new("match", "og-1", 5) { VariantMbps = [6, -1] }];
        Assert.False(StreamRegistry.TryCreate(ShippedWorld.World, streams, out StreamRegistry? registry, out var faults));
        Assert.Null(registry);
        Assert.Equal(
        [
            "stream 1 'news': key 'news': must be unique: entry 0 has it too",
            "stream 2 '': key '': must not be empty",
            "stream 3 'film': origin_id 'nowhere': must be an origin of the world",
            "stream 4 'quiz': bitrate_mbps '0': must be above 0 and at most 1000000",
            "stream 5 'opera': variant_mbps '7': must sum to the bitrate 8",
            "stream 6 'cup': bitrate_mbps 'NaN': must be above 0 and at most 1000000",
            "stream 7 'match': variant_mbps '-1': must be above 0 and at most 1000000",
        ], faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Look_Moments_EndsAtTheExpiryNotAfterIt()
    {
        Assert.True(StreamRegistry.TryCreate(ShippedWorld.World,
            [new("news", "og-2", 8.5) { VariantMbps = [6, 2.5] }, new("film", "og-1", 4) { Expires = End }], out StreamRegistry? registry, out var faults));
        Assert.Empty(faults);
        Assert.Equal((StreamState.Active, 1), registry.Look("film", End.AddTicks(-1)));
        Assert.Equal((StreamState.Expired, 1), registry.Look("film", End));
        Assert.Equal((StreamState.Active, 0), registry.Look("news", DateTimeOffset.MaxValue));
        Assert.Equal((StreamState.Unknown, -1), registry.Look("News", End));
        Assert.Equal((ShippedWorld.World.OriginOrdinal("og-2"), 8500), (registry.Origin(0), registry.Kbps(0)));
    }

    [Fact]
    public void Audience_ExpiredStream_HasNoViewers()
    {
        World world = ShippedWorld.World;
        Assert.True(StreamRegistry.TryCreate(world, [new("film", "og-1", 4) { Expires = End }, new("news", "og-1", 4)], out StreamRegistry? registry, out _));
        TrafficDispatch.Solve.TrafficPlan plan = TrafficDispatch.Solve.DispatchSolver.Solve(new Snapshot(world, 16)).Assignment!.Optimum;
        Assert.Contains(0, StreamAudience.Of(plan, registry, End.AddSeconds(-1)).Streams(world.EdgeOrdinal("own-fra")).ToArray());
        Assert.Equal([1], StreamAudience.Of(plan, registry, End).Streams(world.EdgeOrdinal("own-fra")).ToArray());
    }

    [Fact]
    public void Audience_StreamNamedTwiceAtAnEdge_Throws()
    {
        Assert.True(StreamRegistry.TryCreate(ShippedWorld.World, [new("film", "og-1", 4)], out StreamRegistry? registry, out _));
        Assert.Throws<ArgumentException>(() => StreamAudience.Of(registry, [[(0, 1), (0, 2)]]));
        Assert.Throws<ArgumentException>(() => StreamAudience.Of(registry, [[(1, 1)]]));
        Assert.Throws<ArgumentException>(() => StreamAudience.Of(registry, [[(0, 0)]]));
    }
}
