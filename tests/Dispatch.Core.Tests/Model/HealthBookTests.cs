using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Model;

public sealed class HealthBookTests
{
    private static readonly Place Somewhere = new("", "XX", "EU", "Z", new GeoPoint(0, 0));
    private static readonly Edge E1 = new("e1", "own", false, "", Somewhere, new Gbps(1), new Price(PriceModel.PerGb, 0, 0), "D1", "EU");
    private static readonly Relay R1 = new("r1", Somewhere, new Gbps(1), 0, "D1", "EU");
    private static readonly Origin O1 = new("o1", Somewhere, new Gbps(1), "D2", "EU");

    [Fact]
    public void Of_NothingSaid_IsGood()
    {
        Assert.Equal(NodeHealth.Good, HealthBook.AllUp.Of(E1));
        Assert.True(HealthBook.AllUp.Of(R1).CanServe && HealthBook.AllUp.Of(O1).CanServe);
    }

    [Theory]
    [InlineData(HealthScope.Edge, "e1", false, true, true)]
    [InlineData(HealthScope.Operator, "own", false, true, true)]
    [InlineData(HealthScope.Domain, "D1", false, false, true)]
    [InlineData(HealthScope.Domain, "D2", true, true, false)]
    [InlineData(HealthScope.Relay, "r1", true, false, true)]
    [InlineData(HealthScope.Origin, "o1", true, true, false)]
    [InlineData(HealthScope.Relay, "e1", true, true, true)]
    public void Of_SomethingDown_ReachesExactlyItsNodes(HealthScope scope, string id, bool edge, bool relay, bool origin)
    {
        HealthBook book = new([new HealthStatement(scope, id, HealthState.Down, 1)]);
        Assert.Equal((edge, relay, origin), (book.Of(E1).CanServe, book.Of(R1).CanServe, book.Of(O1).CanServe));
    }

    [Fact]
    public void Of_SeveralStatements_IsTheWorstState()
    {
        HealthBook book = new([
            new(HealthScope.Edge, "e1", HealthState.Up, 1), new(HealthScope.Operator, "own", HealthState.Drained, 1), new(HealthScope.Domain, "D1", HealthState.Down, 1)]);
        Assert.Equal(new NodeHealth(HealthState.Drained, 0), book.Of(E1));
    }

    [Fact]
    public void Of_SeveralFactors_IsTheSmallest()
    {
        HealthBook book = new([new(HealthScope.Edge, "e1", HealthState.Up, 0.75), new(HealthScope.Domain, "D1", HealthState.Up, 0.25)]);
        Assert.Equal(new NodeHealth(HealthState.Up, 0.25), book.Of(E1));
    }

    [Fact]
    public void Of_FactorZero_CannotServe() =>
        Assert.False(new HealthBook([new(HealthScope.Edge, "e1", HealthState.Up, 0)]).Of(E1).CanServe);
}
