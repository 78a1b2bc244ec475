using System.Globalization;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>The flow benchmarks of the command line: <c>warm</c>, <c>sweep</c>, <c>n1</c>, <c>sensitivity</c>, each on a DIMACS file.</summary>
internal static class FlowBench
{
    public const string Usage = "warm FILE.min [--cases N] | sweep FILE.min [--threads N] [--certify true|false] | n1 FILE.min [--threads N] | sensitivity FILE.min [--cases N]";

    /// <summary>Runs one of them; null when the arguments name none.</summary>
    public static int? Run(string[] args)
    {
        if (args is not [("warm" or "sweep" or "n1" or "sensitivity") and var what, .. var rest]) return null;
        if (rest.Length % 2 == 0) return Fail(Usage);
        Dictionary<string, string> options = rest.Skip(1).Chunk(2).ToDictionary(static o => o[0], static o => o[1], StringComparer.Ordinal);
        DimacsReadResult read = DimacsReader.ReadFile(rest[0]);
        if (read.Network is not { } network) return Fail(string.Join('\n', read.Faults));
        string name = Path.GetFileNameWithoutExtension(rest[0]);
        if (what == "n1") network = SoftBounds.Of(network);
        EdgeFailure[] edges = what == "n1" ? SoftBounds.EdgesOf(network) : EdgeFailure.AllOf(network);
        if (edges.Length == 0) return Fail($"{name} has no edge: a node that only groups enter, with a bound on all that leaves it.");
        return what switch
        {
            "warm" => WarmResolves.Run(name, network, EdgeFailure.Spread(edges, Number(options, "--cases", 200))),
            "sweep" or "n1" => FailureSweep.Run(name, network, edges, Number(options, "--threads", Environment.ProcessorCount), Flag(options, "--certify")),
            _ => SensitivityQueries.Run(name, network, EdgeFailure.Spread(edges, Number(options, "--cases", 100))),
        };
    }

    private static int Number(Dictionary<string, string> options, string option, int otherwise)
        => options.TryGetValue(option, out string? text) ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

    private static bool Flag(Dictionary<string, string> options, string option) => !options.TryGetValue(option, out string? text) || bool.Parse(text);

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 2;
    }
}
