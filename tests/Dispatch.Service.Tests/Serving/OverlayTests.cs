using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Tests.Serving;

public sealed class OverlayTests
{
    [Fact]
    public void With_StatementsThatTakeNothingAway_ChangesNothing() =>
        Assert.Same(Overlay.None, Overlay.None.With("file", [new(HealthScope.Edge, "a", HealthState.Up, 1), new(HealthScope.Edge, "b", HealthState.Up, 0.5)], 7));

    [Fact]
    public void With_SameStatementsAgain_KeepsTheVersion()
    {
        Overlay once = Overlay.None.With("file", Down("a"), 7);
        Assert.Equal(7ul, once.Version);
        Assert.Same(once, once.With("file", Down("a"), 9));
    }

    [Fact]
    public void With_AnyChange_RaisesTheVersionEvenIfTheClockFellBack()
    {
        Overlay once = Overlay.None.With("file", Down("a"), 7);
        Assert.Equal(8ul, once.With("file", Down("b"), 3).Version);
        Assert.Equal((8ul, 0), (once.With("file", [], 3).Version, once.With("file", [], 3).BySource.Count));
    }

    [Fact]
    public void With_TwoSources_OneTakesBackOnlyItsOwn()
    {
        Overlay both = Overlay.None.With("file", Down("a"), 1).With("probes", Down("a"), 1);
        Assert.Equal(["file"], both.With("probes", [], 1).BySource.Keys);
    }

    private static ImmutableArray<HealthStatement> Down(string id) => [new(HealthScope.Edge, id, HealthState.Down, 1)];
}
