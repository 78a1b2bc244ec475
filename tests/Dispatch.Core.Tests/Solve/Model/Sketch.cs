using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>
/// Worlds of a few figures for tests that are read. One flat day; demand and capacity in Gbit/s, round trips in ms, prices in thousandths of a
/// USD per GB (450 micro-USD per Mbit/s and hour each); plain traffic weighs a millisecond 10 micro-USD. e0 stands in J0, the others in J1.
/// </summary>
internal static class Sketch
{
    /// <summary>Nothing but what the test sets: no congestion.</summary>
    public static readonly SolveOptions Calm = new() { Congestion = CongestionSteps.None };

    public static World Of(int[] demand, int[] capacity, int[][] rtt, int[]? price = null) =>
        new SmallProblem(demand, capacity, rtt, price ?? new int[capacity.Length], new bool[demand.Length]).ToWorld();

    public static World With(this World world, Func<WorldFacts, WorldFacts> change) => new(change(world.Facts));

    /// <summary>Gives the world these classes, each with a service of the same name; all of them ask for equal parts unless they say so.</summary>
    public static World With(this World world, params TrafficClass[] classes) => world.With(f => f with
    {
        Classes = [.. classes],
        Services = [.. classes.Select(static c => Service.Default with { Id = c.Id, ClassId = c.Id })],
    });

    public static World With(this World world, params Contract[] contracts) => world.With(f => f with { Contracts = [.. contracts] });

    public static World Down(this World world, params string[] edges) =>
        world.With(f => f with { Health = [.. edges.Select(static e => new HealthStatement(HealthScope.Edge, e, HealthState.Down, 0))] });

    public static Contract Contract(string id, ImmutableArray<string> edges, double floor = 0, double? ceiling = null, string? parent = null) =>
        new(id, parent, edges, new(floor), ceiling is { } most ? new Gbps(most) : null);

    public static Assignment Solve(this World world, SolveOptions? options = null, params BillingLevel[] billing)
    {
        SolveResult result = DispatchSolver.Solve(new Snapshot(world, 0) { Billing = [.. billing] }, options ?? Calm);
        Assert.Equal(FlowStatus.Optimal, result.Status);
        return result.Assignment!;
    }

    /// <summary>Mbit/s that each edge serves of a group; the last figure is what nobody serves.</summary>
    public static long[] Split(this Assignment assignment, int group = 0) =>
    [
        .. Enumerable.Range(0, assignment.Snapshot.World.Edges.Length).Select(e => assignment.Optimum.Volume(group, e)),
        assignment.Optimum.Unserved(group),
    ];
}
