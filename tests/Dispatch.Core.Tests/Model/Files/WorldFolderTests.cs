using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

public sealed class WorldFolderTests
{
    [Fact]
    public void Load_ShippedWorld_HasThePublishedCounts()
    {
        WorldLoadResult result = ShippedWorld.Result;
        Assert.True(result.IsLoaded, string.Join('\n', result.Faults));
        Assert.Empty(result.Warnings);
        Assert.Equal(559, result.World.Regions.Length);
        Assert.Equal(271, result.World.Edges.Length);
        Assert.Equal(201_410, result.World.Facts.Prefixes.Length);
    }

    [Fact]
    public void Load_SmallWorld_GivesEveryFact()
    {
        using TestWorld files = TestWorld.Small();
        WorldLoadResult result = files.Load();
        Assert.Empty(result.Faults);
        Assert.Empty(result.Warnings);
        World world = result.World!;
        Assert.Equal(new GeoPoint(42.36, -71.06), world.Regions[1].Place.Point);
        Assert.True(world.Regions[2].InJurisdictionOnly);
    }
}
