using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace TrafficDispatch.Flow;

/// <summary>Writes networks and solutions in the DIMACS format, so that <see cref="DimacsReader"/> reads networks back equal.</summary>
/// <remarks>Lines end with a line feed on every platform. Thread safe. O(n + m).</remarks>
public static class DimacsWriter
{
    /// <summary>Writes a network to a file, compressed when its name ends in <c>.gz</c>.</summary>
    public static void WriteFile(string path, FlowNetwork network)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.Create(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            Write(file, network);
            return;
        }

        using var zipped = new GZipStream(file, CompressionLevel.Optimal);
        Write(zipped, network);
    }

    /// <summary>Writes a network to a stream, which stays open.</summary>
    public static void Write(Stream stream, FlowNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using StreamWriter writer = Open(stream);
        WriteLine(writer, $"p min {network.NodeCount} {network.ArcCount}");
        for (int v = 0; v < network.NodeCount; v++)
            if (network.Supplies[v] != 0)
                WriteLine(writer, $"n {v + 1L} {network.Supplies[v]}");
        for (int e = 0; e < network.ArcCount; e++)
            WriteLine(writer, $"a {network.Tails[e] + 1L} {network.Heads[e] + 1L} {network.LowerBounds[e]} {network.UpperBounds[e]} {network.Costs[e]}");
    }

    /// <summary>Writes an optimal solution: <c>s COST</c>, then <c>f TAIL HEAD FLOW</c> for every arc with flow, in arc order.
    /// An infeasible one is <c>s infeasible</c>, and so on for the other outcomes, with cause and remedy as comments.</summary>
    public static void WriteSolution(Stream stream, FlowNetwork network, FlowSolution solution)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(solution);
        using StreamWriter writer = Open(stream);
        if (solution.Status != FlowStatus.Optimal)
        {
            WriteLine(writer, $"c cause: {solution.Cause}");
            WriteLine(writer, $"c remedy: {solution.Remedy}");
            WriteLine(writer, $"s {Word(solution.Status)}");
            return;
        }

        WriteLine(writer, $"s {solution.Objective}");
        for (int e = 0; e < network.ArcCount; e++)
            if (solution.Flow[e] != 0)
                WriteLine(writer, $"f {network.Tails[e] + 1L} {network.Heads[e] + 1L} {solution.Flow[e]}");
    }

    /// <summary>The word of a status in solution files and on the command line: <c>optimal</c>, <c>infeasible</c>,
    /// <c>unbounded</c>, <c>rejected-input</c>, <c>budget-ended</c>.</summary>
    public static string Word(FlowStatus status) => status switch
    {
        FlowStatus.Optimal => "optimal",
        FlowStatus.Infeasible => "infeasible",
        FlowStatus.Unbounded => "unbounded",
        FlowStatus.RejectedInput => "rejected-input",
        FlowStatus.BudgetEnded => "budget-ended",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a status"),
    };

    private static StreamWriter Open(Stream stream)
        => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);

    private static void WriteLine(StreamWriter writer, FormattableString line)
    {
        writer.Write(line.ToString(CultureInfo.InvariantCulture));
        writer.Write('\n');
    }
}
