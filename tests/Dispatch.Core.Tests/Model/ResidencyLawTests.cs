using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Model;

public sealed class ResidencyLawTests
{
    private static readonly Place Somewhere = new("", "XX", "EU", "Z", new GeoPoint(0, 0));

    [Fact]
    public void Allows_UnboundJurisdiction_MayUseAnyNode()
    {
        Assert.False(ResidencyLaw.None.IsBound("US"));
        foreach (NodeKind hop in Enum.GetValues<NodeKind>()) Assert.True(ResidencyLaw.None.Allows("US", hop, "CN"));
    }

    [Fact]
    public void Allows_BoundWithoutARule_MayOnlyUseItsOwnNodes()
    {
        ResidencyLaw law = new(["CN"], []);
        Assert.True(law.IsBound("CN"));
        foreach (NodeKind hop in Enum.GetValues<NodeKind>())
        {
            Assert.True(law.Allows("CN", hop, "CN"));
            Assert.False(law.Allows("CN", hop, "US"));
        }
    }

    [Fact]
    public void Allows_RuleForOneHop_ClosesTheOtherHops()
    {
        ResidencyLaw law = new([], [new AllowedHop("EU", NodeKind.Relay, ["EU", "UK"])]);
        Assert.True(law.Allows("EU", NodeKind.Relay, "UK"));
        Assert.False(law.Allows("EU", NodeKind.Relay, "US"));
        Assert.False(law.Allows("EU", NodeKind.Origin, "UK"));
        Assert.True(law.Allows("UK", NodeKind.Origin, "EU"));
    }

    [Theory]
    [InlineData(true, "CN", true)]
    [InlineData(true, "US", false)]
    [InlineData(false, "US", true)]
    public void Allows_RegionWithoutARuleForEdges_FollowsItsOwn(bool bound, string edge, bool expected)
    {
        ResidencyLaw law = new(bound ? ["CN"] : [], [new AllowedHop("CN", NodeKind.Relay, ["CN"])]);
        Assert.Equal(expected, law.Allows(Region("CN", bound), EdgeIn(edge)));
    }

    [Theory]
    [InlineData("UK", true)]
    [InlineData("EU", false)]
    public void Allows_RegionWithARuleForEdges_FollowsTheRule(string edge, bool expected)
    {
        ResidencyLaw law = new(["EU"], [new AllowedHop("EU", NodeKind.Edge, ["UK"])]);
        Assert.Equal(expected, law.Allows(Region("EU", true), EdgeIn(edge)));
        Assert.Equal(expected, law.Allows(Region("EU", false), EdgeIn(edge)));
    }

    private static ClientRegion Region(string jurisdiction, bool bound) => new("R", Somewhere, "", 0, jurisdiction, bound, new Gbps(1));

    private static Edge EdgeIn(string jurisdiction) =>
        new("E", "own", false, "", Somewhere, new Gbps(1), new Price(PriceModel.PerGb, 0, 0), "D", jurisdiction);
}
