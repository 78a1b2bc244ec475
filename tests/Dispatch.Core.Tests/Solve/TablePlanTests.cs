using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class TablePlanTests
{
    private static readonly PrefixIndex NoPrefixes = PrefixIndex.Build([]);

    [Fact]
    public void Read_AnyTable_GivesBackThePlanToAShare() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 11UL).WithMaxTest(300), Prop.ForAll(SmallProblem.Arbitrary, static p =>
        {
            Snapshot snapshot = new(p.ToWorld(), 0);
            TrafficPlan plan = DispatchSolver.Solve(snapshot).Assignment!.Published, read = TablePlan.Read(TableOf(snapshot), snapshot);
            return Enumerable.Range(0, plan.Model.Groups.Count).All(g => IsSame(plan, read, g));
        }));

    [Fact]
    public void Read_EdgeIsGoneAndRegionIsNew_ForgetsTheOneAndKnowsNothingOfTheOther()
    {
        World before = new SmallProblem([4], [2, 4], [[10, 20]], [0, 0], [false]).ToWorld();
        TableContent table = TableOf(new(before, 0));
        World after = new SmallProblem([4, 1], [2, 4], [[10, 20], [10, 20]], [0, 0], [false, false]).ToWorld();
        TrafficPlan read = TablePlan.Read(table, new(after, 0));
        long[] both = read.Volumes(0).ToArray();
        Assert.Equal((2, 4000), (both.Length, both.Sum()));
        Assert.Equal((0, 1000), (read.Edges(1).Length, read.Unserved(1)));
        World without = new(after.Facts with { Edges = [after.Edges[1]], Rtt = new RttMatrix(2, 1, [20, 20]) });
        read = TablePlan.Read(table, new(without, 0));
        Assert.Equal((both[1], both[0]), (read.Volume(0, 0), read.Unserved(0)));
    }

    [Fact]
    public void Read_EdgeThatTheTableKnewToBeDown_HasNobody()
    {
        World world = new SmallProblem([4], [4], [[10]], [0], [false]).ToWorld();
        World down = new(world.Facts with { Health = [new(HealthScope.Edge, "e0", HealthState.Down, 1)] });
        TableContent table = TableOf(new(down, 0));
        Assert.Equal(Shares.Whole, table.Entries.Weight[0]);
        Assert.Empty(TablePlan.Read(table, new(world, 0)).Edges(0).ToArray());
    }

    private static bool IsSame(TrafficPlan plan, TrafficPlan read, int group)
    {
        long demand = plan.Model.Groups[group].Demand, tolerance = demand / Shares.Whole + 2, sum = read.Unserved(group);
        foreach (long volume in read.Volumes(group)) sum += volume;
        bool same = sum == demand && Math.Abs(read.Unserved(group) - plan.Unserved(group)) <= tolerance;
        for (int e = 0; e < plan.Model.Snapshot.World.Edges.Length; e++) same &= Math.Abs(read.Volume(group, e) - plan.Volume(group, e)) <= tolerance;
        return same;
    }

    private static TableContent TableOf(Snapshot snapshot) =>
        TableBuilder.Build(DispatchSolver.Solve(snapshot).Assignment!, NoPrefixes, TableBuilder.RegionLocations(snapshot.World));
}
