using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch generate</c>: a seeded flow network in the shape of a dispatch problem, as a DIMACS file.</summary>
internal sealed class GenerateCommand : DispatchCommand
{
    private static readonly Dictionary<string, SyntheticShape> Shapes = new(StringComparer.Ordinal)
    {
        ["one-layer"] = SyntheticShape.OneLayer,
        ["layered"] = SyntheticShape.Layered,
        ["dispatch"] = SyntheticShape.Dispatch,
    };

    private readonly Argument<string> _file = new("FILE") { Description = "Where to write it: .min, or .min.gz to pack it" };
    private readonly Option<SyntheticShape?> _shape = new("--shape")
    {
        Description = "one-layer (default): groups, edges, sink. layered: relays and origins behind the edges. dispatch: as the dispatch model makes them, with priorities, keep and move arcs, peering caps, congestion steps and contracts",
        HelpName = string.Join('|', Shapes.Keys),
        CustomParser = static result => Shape(result.Tokens[0].Value, result.AddError),
    };
    private readonly Option<SyntheticSize?> _size = new("--size")
    {
        Description = "Groups × candidates × edges: S 1,000 × 16 × 100, M (default) 10,000 × 32 × 500, L 50,000 × 64 × 2,000, XL 200,000 × 64 × 4,000; or numbers, such as 300x8x20 or, with relays and origins, 300x8x20x6x3",
        HelpName = "S|M|L|XL|GxCxE",
        CustomParser = static result => Size(result.Tokens[0].Value, result.AddError),
    };
    private readonly Option<double?> _capacity = NumberOption.Real(
        "--capacity", "F", "Edge capacity divided by demand: 1.25 (default) for ordinary load, where 20 to 40 % of the edges fill in the first two shapes, 1.02 near saturation, 0.9 overloaded; at most 1000", aboveZero: true);
    private readonly Option<double?> _drift = NumberOption.Real(
        "--drift", "PERCENT", "Shape dispatch: how far a group's demand has moved at most since the previous assignment, 0 to 90, default 10", aboveZero: false);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "N", "The same seed gives the same network on every machine", 0, int.MaxValue, 1);

    public GenerateCommand(Terminal terminal)
        : base(terminal, "generate", "Writes a made-up flow network in the shape of a dispatch problem, for benchmarks")
    {
        Add(_file);
        Add(_shape);
        Add(_size);
        Add(_capacity);
        Add(_drift);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch generate one.min --size M --seed 1",
        "dispatch generate planet.min.gz --shape layered --size L --capacity 1.02",
        "dispatch generate drifted.min --shape dispatch --size 3000x16x200 --drift 20",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_file);
        if (parsed.GetValue(_capacity) is > 1000) return Refuse("--capacity must be at most 1000");
        if (parsed.GetValue(_drift) is > 90) return Refuse("--drift must be at most 90");
        using ProgressLine progress = new(Terminal);
        progress.Report("making the network");
        FlowNetwork network = SyntheticNetwork.Create(
            parsed.GetValue(_size) ?? SyntheticSize.Named("M")!, parsed.GetValue(_shape) ?? SyntheticShape.OneLayer, parsed.GetValue(_seed), parsed.GetValue(_capacity) ?? 1.25,
            parsed.GetValue(_drift) ?? 10);
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

    private Task<int> Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        return Task.FromResult(ExitCode.BadInput);
    }

    private static SyntheticShape Shape(string text, Action<string> fault)
    {
        if (Shapes.TryGetValue(text, out SyntheticShape shape)) return shape;
        fault($"--shape is '{text}'; it must be one of {string.Join(", ", Shapes.Keys)}");
        return SyntheticShape.OneLayer;
    }

    private static SyntheticSize Size(string text, Action<string> fault)
    {
        if (SyntheticSize.Parse(text) is { } size) return size;
        fault($"--size is '{text}'; it must be S, M, L, XL or GROUPSxCANDIDATESxEDGES[xRELAYSxORIGINS], with no more candidates than edges");
        return SyntheticSize.Named("M")!;
    }
}
