using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Explain;

namespace TrafficDispatch.Core.Tests.Solve.Explain;

public sealed class AssignmentExplainerTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 27UL).WithMaxTest(count);

    [Fact]
    public void Explain_AnyEdge_AgreesWithThePlanAndItsPrices()
        => Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = Solved(p.ToWorld());
            AssignmentExplainer explainer = new(a);
            long[] row = new long[p.Capacity.Length];
            for (int g = 0; g < p.Demand.Length; g++)
            {
                a.Model.Row(g, row);
                for (int e = 0; e < row.Length; e++)
                {
                    EdgeExplanation x = explainer.Explain(g, e);
                    Assert.Equal(a.Optimum.Volume(g, e), x.Volume);
                    Assert.Equal(x.Volume > 0, x.Verdict == EdgeVerdict.Serves);
                    Assert.Equal(row[e] == CostModel.NotAllowed, x.Cost is null);
                    Assert.NotEmpty(x.Why);
                    Assert.NotEmpty(x.Change);
                    if (x.Cost is { } cost) Assert.Equal(Math.Max(0, cost.Total - a.GroupPrices[g]), x.ReducedCost);
                }
            }
            return true;
        }));

    // The class weighs a millisecond at 10: a round trip shorter by less than the reduced cost leaves the optimum where it is.
    [Fact]
    public void ReducedCost_RoundTripShorterByLess_ChangesNothing()
        => Check.One(Runs(100), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = Solved(p.ToWorld());
            AssignmentExplainer explainer = new(a);
            for (int g = 0; g < p.Demand.Length; g++)
                for (int e = 0; e < p.Capacity.Length; e++)
                {
                    long less = (explainer.Explain(g, e).ReducedCost ?? 0) / 10;
                    if (less == 0 || less > p.Rtt[g][e]) continue;
                    int[][] rtt = [.. p.Rtt.Select(static row => (int[])row.Clone())];
                    rtt[g][e] -= (int)less;
                    if (Solved((p with { Rtt = rtt }).ToWorld()).Optimum.Objective() - a.Optimum.Objective() != UnservedShift(a, p with { Rtt = rtt })) return false;
                }
            return true;
        }));

    [Theory]
    [InlineData("CN-01", "own-par", EdgeVerdict.Law, "the law of CN does not let CN-01's traffic be served in EU")]
    [InlineData("US-01", "cdn-par", EdgeVerdict.Service, "the service admits neither cdn-par nor operator cdn")]
    [InlineData("FR-01", "own-pek", EdgeVerdict.TooFar, "class live goes no farther than 150 ms")]
    [InlineData("FR-01", "own-par", EdgeVerdict.Serves, "own-par serves 100 % of the group")]
    public void Explain_SmallWorld_NamesTheRule(string region, string edge, EdgeVerdict verdict, string why)
    {
        using TestWorld folder = TestWorld.Small();
        World world = folder.Load().World!;
        AssignmentExplainer explainer = new(Solved(world));
        EdgeExplanation x = explainer.Explain(explainer.GroupOf(world.RegionOrdinal(region), world.ServiceOrdinal("live")), world.EdgeOrdinal(edge));
        Assert.Equal(verdict, x.Verdict);
        Assert.Contains(why, x.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_FullContract_IsNamedWithWhatMoreRoomSaves()
    {
        World world = ShippedWorld.World;
        Assignment a = DispatchSolver.Solve(new Snapshot(world, 16)).Assignment!;
        AssignmentExplainer explainer = new(a);
        EdgeExplanation x = explainer.Explain(explainer.GroupOf(world.RegionOrdinal("DE-01"), world.ServiceOrdinal("vod")), world.EdgeOrdinal("bn-lhr"));
        BindingBound bound = Assert.Single(x.Bounds, static b => b.Kind == "contract");
        Assert.Equal((EdgeVerdict.Full, "bn-all"), (x.Verdict, bound.Id));
        Assert.Contains("more room at contract bn-all (1600 Gbps)", x.Change, StringComparison.Ordinal);
    }

    // Charges for unserved traffic stand on the dearest arc: a shorter round trip may lower them for all alike.
    private static Int128 UnservedShift(Assignment a, SmallProblem changed)
    {
        Assignment b = Solved(changed.ToWorld());
        Int128 shift = 0;
        for (int g = 0; g < changed.Demand.Length; g++) shift += (Int128)b.Optimum.Unserved(g) * (b.Model.UnservedCost(g) - a.Model.UnservedCost(g));
        return shift;
    }

    private static Assignment Solved(World world) => DispatchSolver.Solve(new Snapshot(world, 0)).Assignment!;
}
