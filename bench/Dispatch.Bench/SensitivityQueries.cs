using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>What each question about an optimum takes.</summary>
internal static class SensitivityQueries
{
    public static int Run(string name, FlowNetwork network, EdgeFailure[] edges)
    {
        FlowSolution solution = FlowSolver.Solve(network);
        if (solution.Status != FlowStatus.Optimal) throw new InvalidOperationException($"{name} ended {solution.Status}: {solution.Cause}");
        long began = Stopwatch.GetTimestamp();
        FlowSensitivity sensitivity = new(network, solution);
        double building = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {network.NodeCount} nodes, {network.ArcCount} arcs, {edges.Length} edges; building with certificate {building:F1} ms\n\n| query | median ms | p90 ms | max ms |\n| --- | --- | --- | --- |"));
        int[] entering = EnteringArcs(network, edges);
        Measure("UpperBoundPrice of an edge's capacity", edges.Length, i => sensitivity.UpperBoundPrice(edges[i].Arcs[0]));
        Measure("ThresholdOf an arc from a group", edges.Length, i => sensitivity.ThresholdOf(entering[i]));
        Measure("ReducedCosts of that arc", edges.Length, i => sensitivity.ReducedCosts(entering[i]));
        Measure("Transfer from group to edge", edges.Length, i => sensitivity.Transfer(network.Tails[entering[i]], edges[i].Node));
        Measure("ThresholdsInto an edge", edges.Length, i => sensitivity.ThresholdsInto(edges[i].Node));
        Measure("UpperBoundGainsInto the head of its capacity", edges.Length, i => sensitivity.UpperBoundGainsInto(network.Heads[edges[i].Arcs[0]]));
        return 0;
    }

    // The first arc into each edge, from whichever group.
    private static int[] EnteringArcs(FlowNetwork network, EdgeFailure[] edges)
    {
        int[] first = new int[network.NodeCount];
        for (int e = network.ArcCount - 1; e >= 0; e--) first[network.Heads[e]] = e;
        return Array.ConvertAll(edges, edge => first[edge.Node]);
    }

    private static void Measure<T>(string what, int count, Func<int, T> query)
    {
        for (int i = 0; i < Math.Min(count, 20); i++) query(i); // compiles
        Samples times = new();
        for (int i = 0; i < count; i++)
        {
            long began = Stopwatch.GetTimestamp();
            query(i);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Console.WriteLine($"| {what} | {times.Cells} |");
    }
}
