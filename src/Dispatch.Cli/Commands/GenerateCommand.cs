using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch generate</c>: a seeded flow network in the shape of a dispatch problem, as a DIMACS file.</summary>
internal sealed class GenerateCommand : DispatchCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "Where to write it: .min, or .min.gz to pack it" };
    private readonly Option<string> _shape = new("--shape")
    {
        Description = "one-layer: groups, edges, sink. layered: relays and origins behind the edges",
        HelpName = "one-layer|layered",
        DefaultValueFactory = static _ => "one-layer",
        CustomParser = static result => Word(result.Tokens[0].Value, "--shape", ["one-layer", "layered"], result.AddError),
    };
    private readonly Option<string> _size = new("--size")
    {
        Description = "Groups × candidates × edges: S 1,000 × 16 × 100, M 10,000 × 32 × 500, L 50,000 × 64 × 2,000, XL 200,000 × 64 × 4,000",
        HelpName = "S|M|L|XL",
        DefaultValueFactory = static _ => "M",
        CustomParser = static result => Word(result.Tokens[0].Value, "--size", ["S", "M", "L", "XL"], result.AddError),
    };
    private readonly Option<double?> _capacity = NumberOption.Real(
        "--capacity", "F", "Edge capacity divided by demand: 1.25 (default) for ordinary load, 1.02 near saturation, 0.9 overloaded", aboveZero: true);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "N", "The same seed gives the same network on every machine", 0, int.MaxValue, 1);

    public GenerateCommand(Terminal terminal)
        : base(terminal, "generate", "Writes a made-up flow network in the shape of a dispatch problem, for benchmarks")
    {
        Add(_file);
        Add(_shape);
        Add(_size);
        Add(_capacity);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch generate one.min --size M --seed 1",
        "dispatch generate planet.min.gz --shape layered --size L --capacity 1.02",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_file);
        using ProgressLine progress = new(Terminal);
        progress.Report("making the network");
        FlowNetwork network = SyntheticNetwork.Create(
            SyntheticSize.Named(parsed.GetRequiredValue(_size))!, parsed.GetValue(_capacity) ?? 1.25, parsed.GetValue(_seed),
            layered: parsed.GetRequiredValue(_shape) == "layered");
        progress.Report("writing it");
        try
        {
            DimacsWriter.WriteFile(path, network);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.WriteFault($"{path}: cannot be written: {e.Message}");
            return Task.FromResult(ExitCode.BadInput);
        }
        progress.Dispose();
        Terminal.Output.WriteLine(FormattableString.Invariant($"{path}: {network.NodeCount} nodes, {network.ArcCount} arcs"));
        return Task.FromResult(ExitCode.Done);
    }

    private static string Word(string text, string option, string[] known, Action<string> fault)
    {
        if (!known.Contains(text)) fault($"{option} is '{text}'; it must be {string.Join(", ", known[..^1])} or {known[^1]}");
        return text;
    }
}
