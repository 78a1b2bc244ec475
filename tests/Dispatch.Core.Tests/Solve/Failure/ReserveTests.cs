using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve.Failure;

public sealed class ReserveTests
{
    private static readonly SolveOptions Uncongested = new() { Congestion = CongestionSteps.None };

    [Fact]
    public void GroupsOf_ThreeDomains_LeavesRoomForTheLargest()
    {
        FullCost model = (FullCost)Solved(Tight(), Uncongested with { Reserve = new() }).Model;
        ReserveGroup zone = Assert.Single(model.ReserveGroups);
        Assert.Equal(("zone:Near", 12000L, 8000L), (zone.Name, zone.Capacity, zone.Bound));
    }

    [Fact]
    public void GroupsOf_TwoDomains_KeepsNone()
    {
        World world = Tight().World;
        world = new World(world.Facts with { Edges = [.. world.Edges.Select(static (e, i) => i < 2 ? e with { FaultDomain = "same" } : e)] });
        Assert.Empty(((FullCost)Solved(new(world, 0), Uncongested with { Reserve = new() }).Model).ReserveGroups);
    }

    [Fact]
    public void GroupsOf_Contracts_ReserveInTheContractsOwnNodeAndTheirEdgesInNoPlace()
    {
        World world = Tight().World;
        world = new World(world.Facts with { Contracts = [new("all", null, [.. world.Edges.Select(static e => e.Id)], new(0), null)] });
        ReserveGroup group = Assert.Single(((FullCost)Solved(new(world, 0), Uncongested with { Reserve = new() }).Model).ReserveGroups);
        Assert.Equal(("contract:all", 32000L, 12000L), (group.Name, group.Capacity, group.Bound));
    }

    /// <summary>4 Gbit/s may only stay near, 8 may go anywhere and are nearest near: without a reserve the near edges are full and none may fail.</summary>
    [Fact]
    public void Reserve_GroupWouldFill_KeepsItsBoundAndThePriceIsReported()
    {
        Assignment without = Solved(Tight(), Uncongested), with = Solved(Tight(), Uncongested with { Reserve = new() { Charge = 500 } });
        Assert.Equal(12000, NearLoad(without));
        Assert.Equal(8000, NearLoad(with));
        Assert.Equal(0, PlanFigures.Of(with.Optimum).Unserved.Value);
    }

    [Fact]
    public void Reserve_IsSoft_NeverLeavesTrafficUnserved() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 7UL).WithMaxTest(150), Prop.ForAll(SmallProblem.Arbitrary, static p =>
        {
            Snapshot snapshot = new(p.ToWorld(), 0);
            Reserve reserve = new() { Charge = 1_000_000, Places = ReservePlaces.Continent };
            return PlanFigures.Of(Solved(snapshot, new() { Reserve = reserve }).Optimum).Unserved == PlanFigures.Of(Solved(snapshot, new()).Optimum).Unserved;
        }));

    [Fact]
    public void Run_NoRoomWithoutMovingOthers_ReservesUntilEveryFailureIsServedByItsOwnMoves()
    {
        ReserveReport report = ReservePlanner.Run(Tight(), Uncongested with { Reserve = new() { Charge = 500 } });
        Assert.True(report.Rounds[0].Violations > 0);
        Assert.True(report.Failures.Outcomes.Where(static o => o.Scenario.Names[0] != "domain:D3").All(static o => o.IsAbsorbed)); // by ripples
        Assert.Equal(0, report.Rounds[report.Best].Violations);
        Assert.Equal(report.Rounds[report.Best].Objective - report.Without.Trace.Objective, report.Price);
        Assert.True(report.Price > 0);
    }

    [Fact]
    public void Run_ChargeTooLow_TightensUntilItHolds()
    {
        ReserveReport report = ReservePlanner.Run(Tight(), Uncongested with { Reserve = new() { Charge = 60 } }, null, mostRounds: 6);
        Assert.True(report.Rounds[1].Violations > 0); // the far edge costs more than the charge
        Assert.True(report.Rounds[^1].Tightened > 0);
        Assert.Equal(0, report.Rounds[report.Best].Violations);
    }

    // Three near edges of 4 Gbit/s, a domain each; a far one of 20. R0 (4 Gbit/s) is bound to the near ones' jurisdiction, R1 (8) is free.
    private static Snapshot Tight()
    {
        World world = new SmallProblem([4, 8], [4, 4, 4, 20], [[5, 6, 7, 9], [5, 6, 7, 20]], [0, 0, 0, 0], [true, false]).ToWorld();
        return new(new World(world.Facts with
        {
            Edges = [.. world.Edges.Select(static (e, i) => e with { Jurisdiction = i < 3 ? "J0" : "J1", Place = e.Place with { Zone = i < 3 ? "Near" : "Far" } })],
        }), 0);
    }

    private static long NearLoad(Assignment assignment) => assignment.Optimum.EdgeLoads()[..3].Sum();

    private static Assignment Solved(Snapshot snapshot, SolveOptions options)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, options);
        Assert.Equal(FlowStatus.Optimal, result.Status);
        return result.Assignment!;
    }
}
