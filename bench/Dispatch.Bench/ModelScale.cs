using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Loops;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Bench;

/// <summary>What the features of the dispatch model cost beside the plain problem, on made worlds of the same demand and distances.</summary>
internal sealed class ModelScale(int groups, int edges, int rounds)
{
    private static readonly SolveOptions Plain = new() { Congestion = CongestionSteps.None };

    /// <summary>Runs <c>model [GROUPS EDGES [ROUNDS]]</c>.</summary>
    public static int Run(string[] args)
    {
        int[] numbers = [.. args.Select(static a => int.Parse(a, CultureInfo.InvariantCulture))];
        new ModelScale(numbers.ElementAtOrDefault(0) is > 0 and int g ? g : 50_000, numbers.ElementAtOrDefault(1) is > 0 and int e ? e : 2_000,
            numbers.ElementAtOrDefault(2) is > 0 and int r ? r : 3).Compare();
        return 0;
    }

    private void Compare()
    {
        Snapshot plain = new(MadeWorld.Create(groups, edges, features: false), 0), full = new(MadeWorld.Create(groups, edges, features: true), 0);
        Assignment inForce = Solved(full with { World = Cheaper(full.World) }, SolveOptions.Default, out _, out _);
        SolveOptions all = SolveOptions.Default with { Continuity = new(inForce.Optimum) { OnloadPercent = 10 } };
        string[] some = [.. full.World.Edges.Take(edges / 10).Select(static e => e.Id)];
        long load = inForce.Optimum.EdgeLoads().Take(edges / 10).Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inForce.Model.Groups.Count} groups, {edges} edges, {rounds} rounds, medians\n\n| problem | solver ms | ÷ plain | whole call ms | ÷ plain | kernel | arcs | flow problems | certified, gap |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"));
        (double Solver, double Whole) one = Row("plain: one layer, three priorities", plain, Plain, (1, 1));
        Row("all single-flow features", full, all, one);
        Row("and a crossing cap", full, all with { CrossingCaps = [new("tenth", [.. some], new(load * 0.9 / 1000))] }, one);
        Row("and least utilisation", full, all with { MinMaxSlackPercent = 5 }, one);
        Row("and a move budget of 1 %", full, all with { Continuity = all.Continuity! with { MoveBudgetPercent = 1 } }, one);
    }

    // The plan in force was made when every second edge was a little cheaper.
    private static World Cheaper(World world) => new(world.Facts with
    {
        Edges = [.. world.Edges.Select(static (e, i) => i % 2 == 0 ? e with { Price = e.Price with { UsdPerGb = e.Price.UsdPerGb * 0.9 } } : e)],
    });

    private (double Solver, double Whole) Row(string what, Snapshot snapshot, SolveOptions options, (double Solver, double Whole) plain)
    {
        Samples solver = new(), whole = new();
        Assignment last = Solved(snapshot, options, out _, out _);
        for (int i = 0; i < rounds; i++)
        {
            last = Solved(snapshot, options, out double solving, out double calling);
            solver.Add(solving);
            whole.Add(calling);
        }
        (double Solver, double Whole) = (solver.Median, whole.Median);
        (double s, double w) = plain == (1, 1) ? (Solver, Whole) : plain;
        LoopReport? loops = last.Loops;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {(loops is null ? Solver.ToString("F0", CultureInfo.InvariantCulture) : "")} | {(loops is null ? (Solver / s).ToString("F2", CultureInfo.InvariantCulture) : "")} | {Whole:F0} | {Whole / w:F2} | {last.Trace.Kernel} | {last.Trace.Arcs} | {loops?.Solves ?? 1} | {last.Trace.Certificate.Valid}, {(double)(loops?.Gap ?? 0) / (double)last.Trace.Objective:E1} |"));
        return (Solver, Whole);
    }

    private static Assignment Solved(Snapshot snapshot, SolveOptions options, out double solver, out double whole)
    {
        long started = Stopwatch.GetTimestamp();
        SolveResult result = DispatchSolver.Solve(snapshot, options);
        whole = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        Assignment assignment = result.Assignment ?? throw new InvalidOperationException($"{result.Status}: {result.Cause}");
        solver = assignment.Trace.SolveTime.TotalMilliseconds;
        return assignment;
    }
}
